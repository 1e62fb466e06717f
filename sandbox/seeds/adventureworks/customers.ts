import type { ErpSeed, SeedAddress, SeedCustomer } from '../../engine/seed-types.ts';
import { text } from './catalogue.ts';
import { readNames } from './names.ts';
import type { Tally } from './report.ts';
import type { Row, Tables } from './tables.ts';

/** 19,820 customers: stores (companies), their contacts (persons of a company), and private persons. */
export function customersOf(tables: Tables, tally: Tally): Pick<ErpSeed, 'customers' | 'countries'> {
  const places = readPlaces(tables, tally);
  const emails = firstByEntity(tally, 'EmailAddress', tables.read('Person.EmailAddress'), 'EmailAddress');
  const phones = firstByEntity(tally, 'PersonPhone', tables.read('Person.PersonPhone'), 'PhoneNumber');
  const stores = new Map(tally.read('Store', tables.read('Sales.Store')).map((row) => [text(row, 'BusinessEntityID'), text(row, 'Name')]));
  const rows = tally.read('Customer', tables.read('Sales.Customer'));
  const accountOfStore = new Map(rows.filter((row) => row['PersonID'] === undefined).map((row) => [text(row, 'StoreID'), text(row, 'AccountNumber')]));
  const nameOf = readNames(tables);
  const sources: Record<string, number> = {};
  const customers = rows.map((row): SeedCustomer => {
    const [personId, storeId] = [row['PersonID'], row['StoreID']];
    const code = text(row, 'AccountNumber');
    if (personId === undefined) return storeOf(code, text(row, 'StoreID'), stores, places);
    const email = emails.get(personId);
    const { name, source } = nameOf(personId, email);
    sources[source] = (sources[source] ?? 0) + 1;
    const { main } = places.of(storeId ?? personId);
    return {
      code, name, kind: 'person', email: email ?? null, phone: phones.get(personId) ?? null, address: main,
      companyCode: storeId === undefined ? null : accountOfStore.get(storeId) ?? null, priceList: storeId === undefined ? null : 'RESELLER',
    };
  });
  for (const [source, count] of Object.entries(sources)) tally.note(`person names from: ${source}`, count);
  tally.note('company names from: Store.csv', customers.length - Object.values(sources).reduce((sum, count) => sum + count, 0));
  listUnused(tally, rows, places.entities, emails, phones);
  return { customers, countries: places.countries };
}

function storeOf(code: string, storeId: string, stores: ReadonlyMap<string, string>, places: Places): SeedCustomer {
  const name = stores.get(storeId);
  if (name === undefined) throw new Error(`customer ${code}: no store ${storeId}`);
  const { main, shipping } = places.of(storeId);
  return { code, name, kind: 'company', email: null, phone: null, address: main, deliveryAddresses: shipping.map((address) => ({ ...address, name: `${name}, shipping` })), priceList: 'RESELLER' };
}

interface Places {
  readonly countries: ErpSeed['countries'];
  /** Every BusinessEntityAddress row's entity and address. */
  readonly entities: readonly { readonly entity: string; readonly address: string }[];
  of(entity: string): { readonly main: SeedAddress | null; readonly shipping: readonly SeedAddress[] };
}

const shippingType = '5';

function readPlaces(tables: Tables, tally: Tally): Places {
  const states = new Map(tally.read('StateProvince', tables.read('Person.StateProvince')).map((row) => [text(row, 'StateProvinceID'), row]));
  const countries = tally.read('CountryRegion', tables.read('Person.CountryRegion')).map((row) => ({ code: text(row, 'CountryRegionCode'), name: text(row, 'Name') }));
  const addresses = new Map(tally.read('Address', tables.read('Person.Address')).map((row) => [text(row, 'AddressID'), addressOf(row, states)]));
  const links = tally.read('BusinessEntityAddress', tables.read('Person.BusinessEntityAddress'));
  const held = new Map<string, { main: SeedAddress | null; shipping: SeedAddress[] }>();
  for (const link of links) {
    const [entity, address] = [text(link, 'BusinessEntityID'), addresses.get(text(link, 'AddressID'))];
    if (address === undefined) throw new Error(`BusinessEntityAddress: no address ${text(link, 'AddressID')}`);
    const place = held.get(entity) ?? { main: null, shipping: [] };
    if (link['AddressTypeID'] === shippingType) place.shipping.push(address);
    else if (place.main === null) place.main = address;
    else tally.merge('BusinessEntityAddress', `${entity}/${text(link, 'AddressID')}`, 'a second main address: the first is used');
    held.set(entity, place);
  }
  return {
    countries,
    entities: links.map((link) => ({ entity: text(link, 'BusinessEntityID'), address: text(link, 'AddressID') })),
    of: (entity) => held.get(entity) ?? { main: null, shipping: [] },
  };
}

function addressOf(row: Row, states: ReadonlyMap<string, Row>): SeedAddress {
  const state = states.get(text(row, 'StateProvinceID'));
  if (state === undefined) throw new Error(`Address ${text(row, 'AddressID')}: no state ${text(row, 'StateProvinceID')}`);
  return {
    street: text(row, 'AddressLine1'), ...(row['AddressLine2'] !== undefined && { street2: row['AddressLine2'] }),
    postalCode: text(row, 'PostalCode'), city: text(row, 'City'), country: text(state, 'CountryRegionCode'),
  };
}

function firstByEntity(tally: Tally, table: string, rows: readonly Row[], column: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const row of tally.read(table, rows)) {
    const entity = text(row, 'BusinessEntityID');
    const value = row[column];
    if (value === undefined) tally.reject(table, entity, `${column} is NULL`);
    else if (found.has(entity)) tally.merge(table, `${entity}/${value}`, 'a second one of the same person: the first is used');
    else found.set(entity, value);
  }
  return found;
}

/** Contact data of employees, vendors and contacts who are no customers stays behind, and is listed. */
function listUnused(tally: Tally, customers: readonly Row[], links: Places['entities'], emails: ReadonlyMap<string, string>, phones: ReadonlyMap<string, string>): void {
  const reason = 'belongs to no customer (employee, vendor or contact person)';
  const used = new Set(customers.flatMap((row) => [row['PersonID'], row['StoreID']]));
  for (const entity of emails.keys()) if (!used.has(entity)) tally.reject('EmailAddress', entity, reason);
  for (const entity of phones.keys()) if (!used.has(entity)) tally.reject('PersonPhone', entity, reason);
  const seen = new Set(links.filter(({ entity }) => used.has(entity)).map(({ address }) => address));
  for (const { entity, address } of links) {
    if (used.has(entity)) continue;
    tally.reject('BusinessEntityAddress', `${entity}/${address}`, reason);
    if (!seen.has(address)) tally.reject('Address', address, reason);
    seen.add(address);
  }
}
