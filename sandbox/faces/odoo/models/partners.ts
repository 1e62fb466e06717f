import { big } from '../../../engine/decimal.ts';
import { exposureOf, type PartyPatch } from '../../../engine/customers.ts';
import type { Company, Country, Party, PaymentTerm } from '../../../engine/rows.ts';
import { commercial, priceListOf } from '../../../engine/sales.ts';
import type { ErpTables } from '../../../engine/tables.ts';
import { boolean, char, float, integer, many, many2one, model, selection, type Field, type Model } from '../field.ts';
import { given, idOf, linkedIds, numberText, readCommands, textOf, type Columns } from '../writing.ts';

export function partnerModels(tables: ErpTables): Model[] {
  return [partnerModel(tables), countryModel(tables), companyModel(tables), paymentTermModel(tables)];
}

const WRITTEN: Columns = {
  name: ['name', (value) => textOf(value) ?? ''], ref: ['code', textOf], email: ['email', textOf], phone: ['phone', textOf], vat: ['vat', textOf],
  is_company: ['isCompany', Boolean], company_type: ['isCompany', (value) => value === 'company'], type: ['kind', String], parent_id: ['parentId', idOf], street: ['street', textOf],
  street2: ['street2', textOf], zip: ['postalCode', textOf], city: ['city', textOf], country_id: ['countryId', idOf], comment: ['comment', textOf],
  property_product_pricelist: ['priceListId', idOf], property_payment_term_id: ['paymentTermId', idOf], credit_limit: ['creditLimit', numberText], active: ['active', Boolean], category_id: ['tagIds', linkedIds],
};

/** A limit counts only while `use_partner_credit_limit` is on. */
function patchOf(values: Readonly<Record<string, unknown>>): PartyPatch & { readonly children?: readonly PartyPatch[] } {
  const children = readCommands(values['child_ids']).flatMap((command) => (command.kind === 'create' ? [given(command.values, WRITTEN) as PartyPatch] : []));
  const off = values['use_partner_credit_limit'] === false ? { creditLimit: null } : {};
  return { ...given(values, WRITTEN), ...off, ...(children.length > 0 && { children }) };
}

function partnerModel(tables: ErpTables): Model {
  const displayName = (row: Party): string => {
    const parent = row.parentId === null ? undefined : tables.parties.get(row.parentId);
    return parent === undefined || row.isCompany ? row.name : `${parent.name}, ${row.name === '' ? `${row.kind} address` : row.name}`;
  };
  return model<Party>({
    name: 'res.partner', table: tables.parties, order: 'complete_name, id desc', displayName,
    fields: { ...addressFields(), ...moneyFields(tables), complete_name: char(displayName), child_ids: many('one2many', 'res.partner', (row) => tables.parties.where('parentId', row.id).filter((child) => child.active).map((child) => child.id)), commercial_partner_id: many2one('res.partner', (row) => commercial(tables, row).id) },
    create: ({ engine }, values) => (engine.execute('erp/create-party', patchOf(values)) as { partyId: number }).partyId,
    write: ({ engine }, partyId, values) => void engine.execute('erp/update-party', { partyId, ...patchOf(values) }),
  });
}

function addressFields(): Record<string, Field<Party>> {
  return {
    name: char((row) => (row.name === '' ? null : row.name), 'name'), ref: char((row) => row.code, 'code'), email: char((row) => row.email, 'email'), phone: char((row) => row.phone),
    vat: char((row) => row.vat), is_company: boolean((row) => row.isCompany), company_type: selection((row) => (row.isCompany ? 'company' : 'person')),
    type: selection((row) => row.kind), parent_id: many2one('res.partner', (row) => row.parentId, 'parentId'), street: char((row) => row.street),
    street2: char((row) => row.street2), zip: char((row) => row.postalCode), city: char((row) => row.city), state_id: many2one('res.country.state', () => null),
    country_id: many2one('res.country', (row) => row.countryId), country_code: char((row, { tables }) => (row.countryId === null ? null : tables.countries.get(row.countryId)!.code)),
    lang: selection(() => 'en_US'), comment: char((row) => row.comment), active: boolean((row) => row.active), customer_rank: integer(() => 0), supplier_rank: integer(() => 0), partner_share: boolean(() => true),
    company_id: many2one('res.company', () => null), user_id: many2one('res.users', () => null), category_id: many('many2many', 'res.partner.category', (row) => row.tagIds ?? []),
  };
}

function moneyFields(tables: ErpTables): Record<string, Field<Party>> {
  return {
    property_product_pricelist: many2one('product.pricelist', (row) => priceListOf(tables, row)),
    specific_property_product_pricelist: many2one('product.pricelist', (row) => commercial(tables, row).priceListId),
    property_payment_term_id: many2one('account.payment.term', (row) => commercial(tables, row).paymentTermId),
    use_partner_credit_limit: boolean((row) => commercial(tables, row).creditLimit !== null),
    credit_limit: float((row) => commercial(tables, row).creditLimit ?? '0'),
    credit: float((row) => exposureOf(tables, row).shipped),
    credit_to_invoice: float((row) => big(exposureOf(tables, row).open).minus(exposureOf(tables, row).shipped).toFixed()),
    currency_id: many2one('res.currency', () => tables.companies.get(1)!.currencyId),
  };
}

function countryModel(tables: ErpTables): Model {
  return model<Country>({
    name: 'res.country', table: tables.countries, order: 'name, id', displayName: (row) => row.name,
    fields: { name: char((row) => row.name), code: char((row) => row.code, 'code') },
  });
}

function companyModel(tables: ErpTables): Model {
  return model<Company>({
    name: 'res.company', table: tables.companies, order: 'id', displayName: (row) => row.name,
    fields: {
      name: char((row) => row.name), currency_id: many2one('res.currency', (row) => row.currencyId), country_id: many2one('res.country', (row) => row.countryId),
      partner_id: many2one('res.partner', (row) => row.partyId),
    },
  });
}

function paymentTermModel(tables: ErpTables): Model {
  return model<PaymentTerm>({
    name: 'account.payment.term', table: tables.paymentTerms, order: 'id', displayName: (row) => row.name,
    fields: { name: char((row) => row.name), active: boolean(() => true), company_id: many2one('res.company', () => null) },
  });
}
