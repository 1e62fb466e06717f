import type { ErpSeed, SeedPriceRule } from '../engine/seed-types.ts';

/** The catalogue the real test servers are seeded with (`erp/seed.json` of the shared folder), as far as it is read here. */
export interface SharedSeed {
  readonly company: { readonly name: string; readonly currency: string; readonly country: string };
  readonly currencies: readonly { readonly code: string; readonly name: string; readonly symbol: string; readonly perCompanyCurrency: string }[];
  readonly countries: readonly { readonly code: string; readonly name: string }[];
  readonly tax: { readonly percent: string };
  readonly paymentTerm: { readonly name: string; readonly days: number };
  readonly categories: readonly string[];
  readonly attributes: Readonly<Record<string, readonly string[]>>;
  readonly warehouses: readonly { readonly code: string; readonly name: string }[];
  readonly products: readonly SharedProduct[];
  readonly stock: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly priceLists: readonly { readonly code: string; readonly name: string; readonly currency: string; readonly rules: readonly SharedRule[] }[];
  readonly customers: readonly SharedCustomer[];
  readonly suppliers: readonly { readonly code: string; readonly name: string; readonly email: string }[];
  readonly purchases: readonly { readonly reference: string; readonly supplier: string; readonly warehouse: string; readonly lines: readonly SharedPurchaseLine[] }[];
}

interface SharedProduct {
  readonly code: string;
  readonly name: string;
  readonly type: 'goods' | 'service';
  readonly category: string;
  readonly uom: string;
  readonly listPrice: string;
  readonly cost: string;
  readonly sellable: boolean;
  readonly active: boolean;
  readonly variants: readonly { readonly sku: string; readonly barcode: string | null; readonly options: Readonly<Record<string, string>> }[];
}

interface SharedRule {
  readonly product?: string;
  readonly category?: string;
  readonly minQuantity?: number;
  readonly fixed?: string;
  readonly percentOff?: string;
  readonly fromDay?: number;
  readonly toDay?: number;
}

interface SharedAddress {
  readonly street: string;
  readonly postalCode: string;
  readonly city: string;
  readonly country: string;
}

interface SharedCustomer {
  readonly code: string;
  readonly name: string;
  readonly email: string;
  readonly company: boolean;
  readonly active: boolean;
  readonly address: SharedAddress;
  readonly priceList: string | null;
  readonly creditLimit: string | null;
  readonly vat: string | null;
  readonly deliveryAddress: SharedAddress | null;
}

interface SharedPurchaseLine {
  readonly sku: string;
  readonly quantity: number;
  readonly unitPrice: string;
  readonly plannedDay: number;
}

/** Turns the real servers' catalogue into a sandbox seed, so that one suite of assertions runs on both. */
export function erpSeedFromShared(shared: SharedSeed): ErpSeed {
  return {
    company: shared.company,
    currencies: shared.currencies,
    countries: shared.countries,
    taxPercent: shared.tax.percent,
    paymentTerm: shared.paymentTerm,
    // Odoo's reference of weights is the gram.
    units: [
      { code: 'unit', name: 'Units', rounding: '0.01' }, { code: 'g', name: 'g', rounding: '0.01' }, { code: 'kg', name: 'kg', rounding: '0.01', of: { unit: 'g', factor: '1000' } },
    ],
    categories: shared.categories.map((name) => ({ name })),
    attributes: Object.entries(shared.attributes).map(([name, values]) => ({ name, values })),
    locations: shared.warehouses,
    items: shared.products.map(({ type, uom, ...product }) => ({ ...product, kind: type, unit: uom })),
    stock: Object.entries(shared.stock).flatMap(([location, levels]) =>
      Object.entries(levels).filter(([, onHand]) => onHand !== 0).map(([sku, onHand]) => ({ sku, location, onHand: String(onHand) }))),
    vendors: shared.suppliers,
    purchaseOrders: shared.purchases.map(({ reference, supplier, warehouse, lines }) => ({
      reference, vendor: supplier,
      lines: lines.map((line) => ({ sku: line.sku, location: warehouse, quantity: String(line.quantity), unitPrice: line.unitPrice, due: { inDays: line.plannedDay } })),
    })),
    priceLists: shared.priceLists.map(({ code, name, currency, rules }) => ({ code, name, currency, rules: rules.map(ruleOf) })),
    customers: shared.customers.map(customerOf),
  };
}

function ruleOf(rule: SharedRule): SeedPriceRule {
  return {
    ...(rule.product !== undefined && { appliesTo: { sku: rule.product } }),
    ...(rule.category !== undefined && { appliesTo: { category: rule.category } }),
    minQuantity: String(rule.minQuantity ?? 0),
    ...(rule.fromDay !== undefined && { from: { inDays: rule.fromDay } }),
    ...(rule.toDay !== undefined && { to: { inDays: rule.toDay } }),
    price: rule.fixed === undefined ? { kind: 'percentage', percentOff: rule.percentOff ?? '0' } : { kind: 'fixed', amount: rule.fixed },
  };
}

function customerOf({ company, deliveryAddress, ...customer }: SharedCustomer): ErpSeed['customers'][number] {
  return {
    ...customer,
    kind: company ? 'company' : 'person',
    deliveryAddresses: deliveryAddress === null ? [] : [{ ...deliveryAddress, name: `${customer.name}, delivery` }],
  };
}
