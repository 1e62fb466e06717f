import { decimal, times } from './decimal.ts';
import { createParty } from './customers.ts';
import { createItem, ensureValue } from './items.ts';
import { createKit, sizeOf } from './kits.ts';
import { partyByCode, pickingsOf, QUARANTINE, variantBySku, warehouseByCode } from './lookups.ts';
import { Rejection } from './part.ts';
import { createTax } from './order-totals.ts';
import { refreshPicking } from './pickings.ts';
import { addPriceRule, createPriceList } from './price-rules.ts';
import { createPurchase } from './purchasing.ts';
import { confirmOrder, createOrder } from './sales.ts';
import { dayNoon } from './seed-days.ts';
import type { ErpSeed, SeedAddress, SeedCustomer, SeedOrder } from './seed-types.ts';
import { adjust, unreserve } from './stock.ts';
import type { ErpTables } from './tables.ts';

/** A seed's rates hold since then, as on the real test servers. */
const RATES_SINCE_MS = Date.UTC(2020, 0, 1);

/** Fills an empty ERP. Whatever names something that is not there is refused by name, and then nothing is loaded. */
export function loadErp(tables: ErpTables, seed: ErpSeed): Record<string, number> {
  if (tables.companies.size > 0) throw new Rejection('refused', 'The ERP has data already: reset it first');
  loadBasics(tables, seed);
  loadPlaces(tables, seed);
  loadCatalogue(tables, seed);
  for (const { sku, location, onHand } of seed.stock) adjust(tables, variantBySku(tables, sku).id, warehouseByCode(tables, location).stockLocationId, decimal(onHand, 'onHand'));
  tables.priceLists.insert({ code: 'DEFAULT', name: 'Default', currencyId: tables.companies.get(1)!.currencyId });
  for (const list of seed.priceLists) createPriceList(tables, list);
  for (const list of seed.priceLists) for (const rule of list.rules) addPriceRule(tables, { priceList: list.code, rule });
  loadParties(tables, seed);
  for (const order of seed.purchaseOrders) createPurchase(tables, order);
  for (const kit of seed.kits ?? []) createKit(tables, kit);
  for (const order of seed.orders ?? []) loadOrder(tables, order);
  return tables.database.counts();
}

function loadBasics(tables: ErpTables, seed: ErpSeed): void {
  for (const { code, name, symbol, perCompanyCurrency } of seed.currencies) tables.currencies.insert({ code, name, symbol, rate: decimal(perCompanyCurrency, 'perCompanyCurrency') });
  for (const { code, name } of seed.countries) tables.countries.insert({ code, name });
  tables.paymentTerms.insert(seed.paymentTerm);
  createTax(tables, { name: `Sales tax ${seed.taxPercent}%`, percent: seed.taxPercent });
  for (const { code, name, rounding, of } of seed.units) {
    const above = of === undefined ? undefined : tables.units.first('code', of.unit);
    if (of !== undefined && above === undefined) throw new Rejection('invalid', `The unit ${code} comes before ${of.unit}, which it is counted in`);
    tables.units.insert({ code, name, rounding, ...(above !== undefined && { size: times(decimal(of!.factor, 'factor'), sizeOf(above)), relativeToId: above.id }) });
  }
  const currency = tables.currencies.first('code', seed.company.currency);
  const country = tables.countries.first('code', seed.company.country);
  if (currency === undefined || country === undefined) throw new Rejection('invalid', `The company's currency ${seed.company.currency} or country ${seed.company.country} is not in the seed`);
  for (const { id, rate } of [...tables.currencies.all()]) if (id !== currency.id) tables.rates.insert({ currencyId: id, fromMs: RATES_SINCE_MS, rate });
  const { partyId } = createParty(tables, { name: seed.company.name, isCompany: true, countryId: country.id });
  tables.companies.insert({ name: seed.company.name, currencyId: currency.id, countryId: country.id, taxPercent: decimal(seed.taxPercent, 'taxPercent'), partyId });
}

/** Vendors, customers and adjustments first, then per warehouse its view and the place where its stock lies. */
function loadPlaces(tables: ErpTables, seed: ErpSeed): void {
  const virtual = [['Vendors', 'supplier'], ['Customers', 'customer'], ['Inventory adjustment', 'inventory']] as const;
  for (const [name, usage] of virtual) tables.locations.insert({ name, usage, parentId: null, warehouseId: null });
  for (const { code, name } of seed.locations) {
    const view = tables.locations.insert({ name: code, usage: 'view', parentId: null, warehouseId: tables.warehouses.lastId + 1 });
    const stock = tables.locations.insert({ name: 'Stock', usage: 'internal', parentId: view.id, warehouseId: tables.warehouses.lastId + 1 });
    const { id } = tables.warehouses.insert({ code, name, viewLocationId: view.id, stockLocationId: stock.id });
    tables.pickingTypes.insert({ name: 'Receipts', kind: 'incoming', warehouseId: id });
    tables.pickingTypes.insert({ name: 'Delivery Orders', kind: 'outgoing', warehouseId: id });
  }
  for (const { id, viewLocationId } of tables.warehouses.all()) tables.locations.insert({ name: QUARANTINE, usage: 'internal', parentId: viewLocationId, warehouseId: id });
}

function loadCatalogue(tables: ErpTables, seed: ErpSeed): void {
  for (const { name, parent } of seed.categories) {
    const above = parent === undefined ? null : tables.categories.first('name', parent);
    if (above === undefined) throw new Rejection('invalid', `The category ${name} comes before its parent ${String(parent)}`);
    tables.categories.insert({ name, parentId: above?.id ?? null });
  }
  for (const { name, values } of seed.attributes) {
    const attribute = tables.attributes.insert({ name });
    for (const value of values) ensureValue(tables, attribute.id, value);
  }
  for (const item of seed.items) createItem(tables, item);
}

function loadOrder(tables: ErpTables, { reference, customer, location, due, reserved, lines }: SeedOrder): void {
  const { orderId } = createOrder(tables, {
    partyId: partyByCode(tables, customer).id, reference, warehouseId: warehouseByCode(tables, location).id, wantedAtMs: dayNoon(due, tables.database.nowMs),
    lines: lines.map(({ sku, quantity }) => ({ variantId: variantBySku(tables, sku).id, quantity })),
  });
  confirmOrder(tables, { orderId });
  if (reserved !== false) return;
  for (const { id } of pickingsOf(tables, orderId)) {
    for (const move of tables.moves.where('pickingId', id)) unreserve(tables, move);
    refreshPicking(tables, id);
  }
}

function loadParties(tables: ErpTables, seed: ErpSeed): void {
  const paymentTermId = tables.paymentTerms.get(1)!.id;
  for (const { code, name, email } of seed.vendors) createParty(tables, { code, name, email, isCompany: true });
  for (const customer of seed.customers) loadCustomer(tables, customer, paymentTermId);
  for (const { code, companyCode } of seed.customers) {
    if (companyCode == null) continue;
    const [person, company] = [tables.parties.first('code', code)!, tables.parties.first('code', companyCode)];
    if (company === undefined) throw new Rejection('invalid', `${code}: no company ${companyCode}`);
    tables.parties.update(person.id, { parentId: company.id });
  }
}

function loadCustomer(tables: ErpTables, given: SeedCustomer, paymentTermId: number): void {
  const list = given.priceList == null ? null : tables.priceLists.first('code', given.priceList);
  if (list === undefined) throw new Rejection('invalid', `${given.code}: no price list ${String(given.priceList)}`);
  createParty(tables, {
    code: given.code, name: given.name, email: given.email, phone: given.phone ?? null, vat: given.vat ?? null, isCompany: given.kind === 'company',
    priceListId: list?.id ?? null, paymentTermId, creditLimit: given.creditLimit ?? null, active: given.active ?? true, ...address(tables, given.address),
    children: (given.deliveryAddresses ?? []).map((row) => ({ kind: 'delivery' as const, name: row.name, ...address(tables, row) })),
  });
}

function address(tables: ErpTables, given: SeedAddress | null): Record<'street' | 'street2' | 'postalCode' | 'city', string | null> & { readonly countryId: number | null } {
  if (given === null) return { street: null, street2: null, postalCode: null, city: null, countryId: null };
  const country = tables.countries.first('code', given.country);
  if (country === undefined) throw new Rejection('invalid', `No country ${given.country} in the seed`);
  return { street: given.street, street2: given.street2 ?? null, postalCode: given.postalCode, city: given.city, countryId: country.id };
}
