import type { BackorderForm, Carrier, CreditMemo, CreditMemoLine, MoveLine, Parcel, ReturnForm, ReturnFormLine } from './rows-after-sale.ts';
import type { Tax } from './rows-money.ts';
import type { DatedRate, Tag } from './rows-terms.ts';
import type { Database } from './table.ts';
import type {
  Attribute, AttributeValue, Bom, BomLine, Category, Company, Country, Currency, Item, ItemAttribute, ItemOption, Location, Move, Order,
  OrderLine, Party, PaymentTerm, Picking, PickingType, PriceList, PriceRule, PurchaseLine, PurchaseOrder, Quant, Sequence,
  Unit, Variant, Warehouse,
} from './rows.ts';

export type ErpTables = ReturnType<typeof createTables>;

/** Every table of the ERP with the columns it can be asked by. */
export function createTables(database: Database) {
  return {
    database,
    companies: database.table<Company>('company'),
    currencies: database.table<Currency>('currency', 'code'),
    rates: database.table<DatedRate>('currency-rate', 'currencyId'),
    countries: database.table<Country>('country', 'code'),
    taxes: database.table<Tax>('tax'),
    paymentTerms: database.table<PaymentTerm>('payment-term'),
    units: database.table<Unit>('unit', 'code'),
    categories: database.table<Category>('category', 'name', 'parentId'),
    attributes: database.table<Attribute>('attribute', 'name'),
    attributeValues: database.table<AttributeValue>('attribute-value', 'attributeId'),
    itemAttributes: database.table<ItemAttribute>('item-attribute', 'itemId', 'attributeId'),
    itemOptions: database.table<ItemOption>('item-option', 'itemId', 'itemAttributeId', 'attributeId', 'attributeValueId'),
    items: database.table<Item>('item', 'code', 'categoryId'),
    variants: database.table<Variant>('variant', 'sku', 'barcode', 'itemId'),
    boms: database.table<Bom>('bom', 'itemId'),
    bomLines: database.table<BomLine>('bom-line', 'bomId'),
    warehouses: database.table<Warehouse>('warehouse', 'code'),
    pickingTypes: database.table<PickingType>('picking-type', 'warehouseId'),
    locations: database.table<Location>('location', 'usage', 'parentId', 'warehouseId'),
    quants: database.table<Quant>('quant', 'variantId', 'locationId'),
    moves: database.table<Move>('move', 'variantId', 'pickingId', 'orderLineId', 'purchaseLineId', 'returnedMoveId', 'state'),
    pickings: database.table<Picking>('picking', 'name', 'orderId', 'purchaseOrderId', 'backorderOfId', 'returnOfId', 'state'),
    purchaseOrders: database.table<PurchaseOrder>('purchase-order', 'name', 'reference', 'vendorId'),
    purchaseLines: database.table<PurchaseLine>('purchase-line', 'purchaseOrderId', 'variantId'),
    priceLists: database.table<PriceList>('price-list', 'code', 'name'),
    priceRules: database.table<PriceRule>('price-rule', 'priceListId', 'variantId'),
    tags: database.table<Tag>('tag', 'name'),
    parties: database.table<Party>('party', 'code', 'email', 'parentId', 'name'),
    orders: database.table<Order>('order', 'name', 'reference', 'partyId', 'state'),
    orderLines: database.table<OrderLine>('order-line', 'orderId', 'variantId'),
    carriers: database.table<Carrier>('carrier', 'name'),
    parcels: database.table<Parcel>('parcel', 'name'),
    moveLines: database.table<MoveLine>('move-line', 'moveId', 'parcelId'),
    creditMemos: database.table<CreditMemo>('credit-memo', 'name', 'reference', 'partyId', 'state'),
    creditMemoLines: database.table<CreditMemoLine>('credit-memo-line', 'memoId', 'orderLineId'),
    returnForms: database.table<ReturnForm>('return-form', 'pickingId'),
    returnFormLines: database.table<ReturnFormLine>('return-form-line', 'formId'),
    backorderForms: database.table<BackorderForm>('backorder-form'),
    sequences: database.table<Sequence>('sequence', 'name'),
  };
}

/** The next number of a kind of document, padded as the ERP shows it: `S00001`, `MAIN/OUT/00001`. */
export function nextNumber(tables: ErpTables, prefix: string): string {
  const before = tables.sequences.first('name', prefix);
  const last = (before?.last ?? 0) + 1;
  if (before === undefined) tables.sequences.insert({ name: prefix, last });
  else tables.sequences.update(before.id, { last });
  return `${prefix}${String(last).padStart(5, '0')}`;
}
