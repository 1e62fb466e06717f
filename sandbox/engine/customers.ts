import { big, decimal, sum, text, type DecimalText } from './decimal.ts';
import { byId } from './lookups.ts';
import { Rejection } from './part.ts';
import type { Party } from './rows.ts';
import { totalsOf } from './order-totals.ts';
import { commercial, deliveredOf } from './sales.ts';
import type { NewRow } from './table.ts';
import type { ErpTables } from './tables.ts';

const EMPTY: NewRow<Party> = {
  code: null, name: '', email: null, phone: null, vat: null, isCompany: false, kind: 'contact', parentId: null, street: null, street2: null,
  postalCode: null, city: null, countryId: null, priceListId: null, paymentTermId: null, creditLimit: null, comment: null, active: true,
};

export type PartyPatch = Partial<NewRow<Party>>;

/** A customer, contact or address; `children` are contacts and addresses of it. Neither code nor e-mail need be unique. */
export function createParty(tables: ErpTables, args: PartyPatch & { readonly children?: readonly PartyPatch[] }): { readonly partyId: number } {
  const { children, ...given } = args;
  if ((given.name ?? '') === '' && (given.kind ?? 'contact') === 'contact') throw new Rejection('invalid', 'Contacts require a name');
  const party = tables.parties.insert({ ...EMPTY, ...checked(tables, given) });
  for (const child of children ?? []) createParty(tables, { ...child, parentId: party.id });
  return { partyId: party.id };
}

export function updateParty(tables: ErpTables, args: PartyPatch & { readonly partyId: number; readonly children?: readonly PartyPatch[] }): true {
  const { partyId, children, ...patch } = args;
  const party = tables.parties.update(byId(tables.parties, partyId, 'partner').id, checked(tables, patch));
  for (const child of children ?? []) createParty(tables, { ...child, parentId: party.id });
  return true;
}

function checked(tables: ErpTables, patch: PartyPatch): PartyPatch {
  if (patch.countryId != null) byId(tables.countries, patch.countryId, 'country');
  if (patch.parentId != null) byId(tables.parties, patch.parentId, 'partner');
  if (patch.priceListId != null) byId(tables.priceLists, patch.priceListId, 'price list');
  return patch.creditLimit == null ? patch : { ...patch, creditLimit: decimal(patch.creditLimit, 'credit_limit') };
}

/** What a company owes for goods shipped and still to ship: its confirmed orders, taxes included. Nothing is ever paid here. */
export function exposureOf(tables: ErpTables, party: Party): { readonly open: DecimalText; readonly shipped: DecimalText } {
  const family = [party, ...tables.parties.where('parentId', party.id)].filter((member) => commercial(tables, member).id === commercial(tables, party).id);
  const orders = family.flatMap((member) => tables.orders.where('partyId', member.id)).filter((order) => order.state === 'sale');
  const totals = orders.map((order) => totalsOf(tables, order));
  const shipped = orders.flatMap((order, index) =>
    tables.orderLines.where('orderId', order.id).map((line) => {
      const share = big(line.quantity).eq(0) ? big('0') : big(deliveredOf(tables, line)).div(line.quantity);
      return text(share.times(totals[index]!.lines.get(line.id)!.total).round(2));
    }),
  );
  return { open: sum(totals.map((total) => total.total)), shipped: sum(shipped) };
}
