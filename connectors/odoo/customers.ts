import type { CallContext, CustomerPort } from '../../domain/connector.ts';
import type { NewCustomer } from '../../domain/customers.ts';
import { writeAddress } from './addresses.ts';
import type { OdooClient } from './client.ts';
import { textOrNull } from './convert.ts';
import { customerMap, numberOf, type CustomerGiven } from './customer.map.ts';
import { ARCHIVED_TOO, mapPage, readAll, readByIds, readPage, type Domain, type DomainTerm } from './paging.ts';
import type { OdooMany2One, OdooPartnerRow } from './wire.ts';

const MODEL = 'res.partner';

/** A contact of its own or a person at a company; delivery and invoice addresses belong to the contact above them. */
const PEOPLE: Domain = ['|', ['parent_id', '=', false], ['type', '=', 'contact'], ARCHIVED_TOO];

export function customerPort(client: OdooClient): CustomerPort {
  return {
    listCustomers: async (page, call) => {
      const domain = [...PEOPLE, ...(await customersOnly(client, call)), ...(client.settings.customerDomain as DomainTerm[])];
      const query = { model: MODEL, columns: customerMap.reads, domain, writtenBy: ['write_date', 'child_ids.write_date'] };
      const found = await readPage<OdooPartnerRow>(client, query, page, call);
      return mapPage(found, MODEL, customerMap, await readGiven(client, found.rows, call));
    },
    findCustomer: (key, call) => ('number' in key ? findByNumber(client, key.number, call) : findByRef(client, key.reference, call)),
    ensureCustomer: async (customer, call) => {
      const known = await findByRef(client, customer.reference, call);
      if (known !== null) return known;
      await client.write<number[]>({ model: MODEL, method: 'create', args: { vals_list: [await valuesOf(client, customer, call)] } }, call);
      // Two callers may have created at once: the lowest id is the customer for both.
      return (await findByRef(client, customer.reference, call)) ?? '';
    },
  };
}

/** Neither ourselves, nor our staff, nor those we only buy from. */
async function customersOnly(client: OdooClient, call: CallContext): Promise<Domain> {
  const companies = await readAll<{ id: number; partner_id: OdooMany2One }>(client, { model: 'res.company', columns: ['partner_id'], domain: [] }, call);
  const ranks = await client.columnsOf(MODEL, ['supplier_rank', 'customer_rank'], call);
  const ours = companies.flatMap(({ partner_id: partner }) => (partner === false ? [] : [partner[0]]));
  const notOurs: Domain = [['id', 'not in', ours], ['partner_share', '=', true]];
  return ranks.length < 2 ? notOurs : [...notOurs, '|', ['supplier_rank', '=', 0], ['customer_rank', '>', 0]];
}

async function readGiven(client: OdooClient, rows: readonly OdooPartnerRow[], call: CallContext): Promise<CustomerGiven> {
  const addresses = rows.length === 0 ? [] : await readAll<OdooPartnerRow>(client, {
    model: MODEL, columns: [...customerMap.reads, 'type'],
    domain: [['parent_id', 'in', rows.map(({ id }) => id)], ['type', '!=', 'contact']],
  }, call);
  const parents = await readByIds<OdooPartnerRow>(client, MODEL, idsOf(rows, 'parent_id'), ['ref'], call);
  const named = [...rows, ...parents.values()];
  const everyone = [...rows, ...addresses];
  const [shared, tags, countries, regions] = await Promise.all([
    findSharedRefs(client, named, call),
    readByIds<{ id: number; parent_path: string }>(client, 'res.partner.category', rows.flatMap((row) => row.category_id), ['parent_path'], call),
    readByIds<{ id: number; code: string }>(client, 'res.country', idsOf(everyone, 'country_id'), ['code'], call),
    readByIds<{ id: number; name: string }>(client, 'res.country.state', idsOf(everyone, 'state_id'), ['name'], call),
  ]);
  return {
    system: client.system,
    numbers: new Map(named.map((row) => [row.id, numberOf(row, shared)])),
    tagDepths: new Map([...tags].map(([id, { parent_path: path }]) => [id, path.split('/').length])),
    countries,
    regions,
    addresses: Map.groupBy(addresses, (row) => (row.parent_id === false ? 0 : row.parent_id[0])),
  };
}

const idsOf = (rows: readonly OdooPartnerRow[], column: 'parent_id' | 'country_id' | 'state_id'): number[] =>
  rows.flatMap((row) => {
    const value = row[column];
    return value === false ? [] : [value[0]];
  });

async function findSharedRefs(client: OdooClient, rows: readonly Pick<OdooPartnerRow, 'ref'>[], call: CallContext): Promise<ReadonlySet<string>> {
  const refs = [...new Set(rows.flatMap((row) => textOrNull(row.ref) ?? []))];
  if (refs.length === 0) return new Set();
  const holders = await readAll<Pick<OdooPartnerRow, 'id' | 'ref'>>(client, { model: MODEL, columns: ['ref'], domain: [['ref', 'in', refs], ARCHIVED_TOO] }, call);
  return new Set([...Map.groupBy(holders, (row) => textOrNull(row.ref) ?? '')].filter(([, group]) => group.length > 1).map(([ref]) => ref));
}

async function findByNumber(client: OdooClient, number: string, call: CallContext): Promise<string | null> {
  const id = /^odoo:(\d+)$/.exec(number)?.[1];
  if (id === undefined) return findByRef(client, number, call);
  return (await readByIds<OdooPartnerRow>(client, MODEL, [Number(id)], ['ref'], call)).has(Number(id)) ? id : null;
}

/** The lowest id where several hold the ref; active ones before archived ones. */
async function findByRef(client: OdooClient, ref: string, call: CallContext): Promise<string | null> {
  const args = { domain: [['ref', '=', ref], ARCHIVED_TOO], fields: ['active'], order: 'active desc, id', limit: 1 };
  const [row] = await client.read<{ id: number }[]>({ model: MODEL, method: 'search_read', args }, call);
  return row === undefined ? null : String(row.id);
}

async function valuesOf(client: OdooClient, customer: NewCustomer, call: CallContext): Promise<Record<string, unknown>> {
  return {
    name: customer.name,
    ref: customer.reference,
    is_company: customer.kind === 'COMPANY',
    email: customer.email ?? false,
    phone: customer.phone ?? customer.address?.phone ?? false,
    ...(customer.address !== null && (await writeAddress(client, customer.address, call))),
  };
}
