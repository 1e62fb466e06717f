import type { CategoryContent, Item, ProductContent, VariantContent } from '../domain/catalog.ts';
import type { Connector } from '../domain/connector.ts';
import type { CustomerRecord } from '../domain/customers.ts';
import type { Receipt, StockLevel } from '../domain/inventory.ts';
import type { ErpOrder } from '../domain/orders.ts';
import type { PortName } from '../domain/ports.ts';
import type { ListPrice, PriceList, PriceRule } from '../domain/pricing.ts';
import type { CreditMemoRecord } from '../domain/returns.ts';
import type { ShipmentRecord } from '../domain/shipments.ts';

/** Every field (or whole domain) that exactly one source owns, and the ports that can deliver it, the preferred first. */
export const OWNABLE = {
  'product.sku': ['items'],
  'product.name': ['content', 'items'],
  'product.description': ['content'],
  'product.brand': ['content'],
  'product.media': ['content'],
  'product.attributes': ['content'],
  'product.categories': ['content', 'items'],
  stock: ['stock'],
  receipts: ['receipts'],
  prices: ['prices'],
  customers: ['customers'],
  orders: ['orders'],
  shipments: ['shipments'],
  returns: ['returns'],
} as const satisfies Readonly<Record<string, readonly PortName[]>>;

export type OwnedField = keyof typeof OWNABLE;

export const OWNED_FIELDS = Object.keys(OWNABLE) as readonly OwnedField[];

/** The field whose owner's port of this name everybody uses. */
export const FIELD_OF_PORT = {
  items: 'product.sku', content: 'product.description', stock: 'stock', receipts: 'receipts', prices: 'prices',
  customers: 'customers', orders: 'orders', shipments: 'shipments', returns: 'returns',
} as const satisfies Readonly<Record<PortName, OwnedField>>;

export interface Entities {
  readonly Item: Item;
  readonly ProductContent: ProductContent;
  readonly VariantContent: VariantContent;
  readonly CategoryContent: CategoryContent;
  readonly StockLevel: StockLevel;
  readonly Receipt: Receipt;
  readonly ListPrice: ListPrice;
  readonly PriceList: PriceList;
  readonly PriceRule: PriceRule;
  readonly CustomerRecord: CustomerRecord;
  readonly ErpOrder: ErpOrder;
  readonly ShipmentRecord: ShipmentRecord;
  readonly CreditMemoRecord: CreditMemoRecord;
}

export type EntityName = keyof Entities;

/** `neutral` takes the place of what a foreign source said. */
type Shared<T> = { readonly [K in keyof T]?: { readonly owner: OwnedField; readonly neutral: (record: T) => T[K] } };

/** Who owns a record as a whole (null: whoever may describe products), and which of its fields belong to somebody else. */
const ENTITY_OWNERS: { readonly [E in EntityName]: { readonly whole: OwnedField | null; readonly fields: Shared<Entities[E]> } } = {
  Item: {
    whole: 'product.sku',
    // What the ERP calls an item stays beside what the PIM says: shown only where the owner of names says nothing.
    fields: {},
  },
  ProductContent: {
    whole: null,
    fields: {
      name: { owner: 'product.name', neutral: () => ({}) },
      description: { owner: 'product.description', neutral: () => ({}) },
      brand: { owner: 'product.brand', neutral: () => null },
      media: { owner: 'product.media', neutral: () => [] },
      attributes: { owner: 'product.attributes', neutral: () => [] },
      categoryCodes: { owner: 'product.categories', neutral: () => [] },
    },
  },
  VariantContent: {
    whole: null,
    fields: {
      name: { owner: 'product.name', neutral: () => ({}) },
      media: { owner: 'product.media', neutral: () => [] },
      attributes: { owner: 'product.attributes', neutral: () => [] },
    },
  },
  CategoryContent: { whole: 'product.categories', fields: {} },
  StockLevel: { whole: 'stock', fields: {} },
  Receipt: { whole: 'receipts', fields: {} },
  ListPrice: { whole: 'prices', fields: {} },
  PriceList: { whole: 'prices', fields: {} },
  PriceRule: { whole: 'prices', fields: {} },
  CustomerRecord: { whole: 'customers', fields: {} },
  ErpOrder: { whole: 'orders', fields: {} },
  ShipmentRecord: { whole: 'shipments', fields: {} },
  CreditMemoRecord: { whole: 'returns', fields: {} },
};

export type Owners = Readonly<Record<OwnedField, string | null>>;

export interface Kept<T> {
  /** The record with foreign fields emptied; null when the source owns nothing of it. */
  readonly record: T | null;
  /** "Item.name (owned by pim)": what the source said and was not listened to. */
  readonly refused: readonly string[];
}

/** Drops, and names, what this source has no say in. A field without any owner is dropped too. */
export function keepOwned<E extends EntityName>(owners: Owners, entity: E, source: string, record: Entities[E]): Kept<Entities[E]> {
  const { whole, fields } = ENTITY_OWNERS[entity];
  if (whole !== null && owners[whole] !== source) return { record: null, refused: [`${entity} (owned by ${owners[whole] ?? 'nobody'})`] };
  const kept = { ...record } as Record<string, unknown>;
  const refused: string[] = [];
  for (const [name, { owner, neutral }] of Object.entries(fields) as [string, { owner: OwnedField; neutral: (record: Entities[E]) => unknown }][]) {
    if (owners[owner] === source) continue;
    const emptied = neutral(record);
    if (JSON.stringify(kept[name]) !== JSON.stringify(emptied)) refused.push(`${entity}.${name} (owned by ${owners[owner] ?? 'nobody'})`);
    kept[name] = emptied;
  }
  return { record: kept as unknown as Entities[E], refused };
}

/** Unless configured: the first connection, as listed, that has the preferred port. */
export function defaultOwner(field: OwnedField, connectors: readonly Connector[]): string | null {
  for (const port of OWNABLE[field]) {
    const able = connectors.find((connector) => connector[port] !== undefined);
    if (able !== undefined) return able.name;
  }
  return null;
}
