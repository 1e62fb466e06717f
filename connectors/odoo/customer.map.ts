import { decimalOf, flag, optionalReference, optionalText, requiredText, textOf, textOrNull, utcInstant } from './convert.ts';
import type { CustomerAddress, CustomerRecord, PostalAddress } from '../../domain/customers.ts';
import { converter, mapEntity } from '../../platform/mapping.ts';
import type { OdooPartnerRow } from './wire.ts';

export interface CustomerGiven {
  readonly system: string;
  /** Contact id -> our number for it. */
  readonly numbers: ReadonlyMap<number, string>;
  readonly countries: ReadonlyMap<number, { readonly code: string }>;
  readonly regions: ReadonlyMap<number, { readonly name: string }>;
  /** How deep a tag lies in its tree. */
  readonly tagDepths: ReadonlyMap<number, number>;
  /** Address children by the contact above them. */
  readonly addresses: ReadonlyMap<number, readonly OdooPartnerRow[]>;
}

const ADDRESS_COLUMNS = ['name', 'street', 'street2', 'city', 'zip', 'state_id', 'country_id', 'phone'] as const;
type AddressColumns = Pick<OdooPartnerRow, (typeof ADDRESS_COLUMNS)[number]>;

/** null where the contact has neither a street nor a city nor a country: Odoo asks for none of them. */
function addressOf(row: AddressColumns, given: CustomerGiven): PostalAddress | null {
  const country = row.country_id === false ? undefined : given.countries.get(row.country_id[0])?.code;
  if (country === undefined || (row.street === false && row.city === false)) return null;
  return {
    name: textOrNull(row.name),
    company: null,
    line1: textOrNull(row.street) ?? '',
    line2: textOrNull(row.street2),
    city: textOrNull(row.city) ?? '',
    region: row.state_id === false ? null : (given.regions.get(row.state_id[0])?.name ?? null),
    postalCode: textOrNull(row.zip),
    countryCode: country,
    phone: textOrNull(row.phone),
  };
}

const KINDS: Readonly<Record<string, CustomerAddress['kind']>> = { delivery: 'DELIVERY', invoice: 'INVOICE' };

function addressesOf(row: AddressColumns & { readonly id: number }, given: CustomerGiven): readonly CustomerAddress[] {
  const own = addressOf(row, given);
  const children = (given.addresses.get(row.id) ?? []).flatMap((child): CustomerAddress[] => {
    const address = addressOf(child, given);
    return address === null ? [] : [{ reference: String(child.id), kind: KINDS[child.type || ''] ?? 'OTHER', address }];
  });
  return own === null ? children : [{ reference: String(row.id), kind: 'MAIN', address: own }, ...children];
}

/** A limit counts only when the partner's own limit is switched on (17+); without accounting rights both columns are hidden. */
const creditLimit = converter('decimal; null when off or hidden', (row: Pick<OdooPartnerRow, 'credit_limit' | 'use_partner_credit_limit'>) =>
  row.credit_limit === undefined || row.use_partner_credit_limit === false || row.credit_limit === 0 ? null : decimalOf(row.credit_limit),
);

/** "/" is Odoo's spelling of "checked, has none". */
const taxId = converter('text or null', (value: OdooPartnerRow['vat']) => (value === '/' ? null : textOrNull(value)));

/** Names are translated and renamed: the id is what stays. */
const groupCodes = converter('ids of its tags, the deepest first', (tags: readonly number[], { tagDepths }: CustomerGiven) =>
  [...tags].sort((a, b) => (tagDepths.get(b) ?? 0) - (tagDepths.get(a) ?? 0) || a - b).map(String));

/** res.partner -> CustomerRecord */
export const customerMap = mapEntity<OdooPartnerRow, CustomerRecord, CustomerGiven>('CustomerRecord', ({ from, merge, constant }) => ({
  number: merge(['id', 'ref'], converter('unique ref, else "odoo:" + id', (row, { numbers }: CustomerGiven) => numbers.get(row.id) ?? `odoo:${row.id}`)),
  kind: from('is_company', converter('COMPANY or PERSON', (is: boolean) => (is ? 'COMPANY' : 'PERSON'))),
  name: from('name', requiredText),
  email: from('email', optionalText),
  phone: from('phone', optionalText),
  taxId: from('vat', taxId),
  companyNumber: from('parent_id', converter('number of the contact above', (parent, { numbers }: CustomerGiven) =>
    parent === false ? null : (numbers.get(parent[0]) ?? `odoo:${parent[0]}`))),
  priceListCode: from('property_product_pricelist', optionalReference),
  groupCodes: from('category_id', groupCodes),
  paymentTermCode: from('property_payment_term_id', optionalReference),
  creditLimit: merge(['credit_limit', 'use_partner_credit_limit'], creditLimit),
  // The price list says it; a partner's own currency_id is the company's.
  currencyCode: constant(null),
  active: from('active', flag),
  addresses: merge(['id', ...ADDRESS_COLUMNS], converter('own address and address children', addressesOf)),
  updatedAt: from('write_date', utcInstant),
  references: from('id', converter('res.partner id', (id: number, { system }: CustomerGiven) => [{ system, type: 'res.partner', value: String(id) }])),
}));

/** The number of a contact whose `ref` nobody shares. */
export const numberOf = (row: Pick<OdooPartnerRow, 'id' | 'ref'>, shared: ReadonlySet<string>): string => {
  const ref = textOrNull(row.ref);
  return ref === null || shared.has(ref) ? `odoo:${row.id}` : textOf(row.ref);
};
