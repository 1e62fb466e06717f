/**
 * What a seed may say. A seed is plain JSON: money and quantities are decimal strings, days are counted from the day of
 * loading (`dueInDays`) or are absolute (`YYYY-MM-DD`), so that one file gives a fresh company on any day.
 */

/** A decimal number written as text, never a float: `"12.50"`, `"0"`, `"-3"`. */
export type DecimalText = string;

/** A day: relative to the day of loading (`{ inDays: -3 }`) or absolute (`{ on: '2026-01-31' }`). */
export type SeedDay = { readonly inDays: number } | { readonly on: string };

export interface SeedAddress {
  readonly street: string;
  readonly street2?: string;
  readonly postalCode: string;
  readonly city: string;
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
}

export interface SeedVariant {
  readonly sku: string;
  /** GTIN; null where the company never gave one. Unique. */
  readonly barcode: string | null;
  /** Attribute name to value name, e.g. `{ Size: 'M', Colour: 'Black' }`; empty for a single good. */
  readonly options: Readonly<Record<string, string>>;
  /** Kilograms. */
  readonly weight?: DecimalText;
  /** Overrides the item's list price for this variant only. */
  readonly listPrice?: DecimalText;
  /** Overrides the item's cost for this variant only. */
  readonly cost?: DecimalText;
  readonly active?: boolean;
}

export interface SeedItem {
  /** The template's code; for a single good usually its SKU. Unique. */
  readonly code: string;
  readonly name: string;
  readonly category: string;
  /** A code of `ErpSeed.units`. */
  readonly unit: string;
  readonly kind: 'goods' | 'service';
  readonly listPrice: DecimalText;
  readonly cost: DecimalText;
  readonly sellable: boolean;
  readonly active: boolean;
  /** Codes of `ErpSeed.units` it is sold in beside its own. */
  readonly packagings?: readonly string[];
  readonly variants: readonly SeedVariant[];
}

/** An item sold as one and moved as its components (Odoo's phantom bill of materials). */
export interface SeedKit {
  readonly sku: string;
  readonly components: readonly { readonly sku: string; readonly quantity: DecimalText }[];
}

/** A confirmed customer order not shipped yet; `due` is when the customer wants it. */
export interface SeedOrder {
  readonly reference: string;
  /** A code of `ErpSeed.customers`. */
  readonly customer: string;
  readonly location: string;
  readonly due: SeedDay;
  /** False: the warehouse reserves by hand or by date, and has not yet. */
  readonly reserved?: boolean;
  readonly lines: readonly { readonly sku: string; readonly quantity: DecimalText }[];
}

export interface SeedPurchaseLine {
  readonly sku: string;
  /** A code of `ErpSeed.locations`. */
  readonly location: string;
  readonly quantity: DecimalText;
  /** Of `quantity`, what arrived already; only the rest is on its way. It is NOT added to the stock figures. */
  readonly received?: DecimalText;
  readonly unitPrice?: DecimalText;
  readonly due: SeedDay;
}

export interface SeedPurchaseOrder {
  readonly reference: string;
  /** A code of `ErpSeed.vendors`. */
  readonly vendor: string;
  readonly lines: readonly SeedPurchaseLine[];
}

/** One line of a price list; what it applies to, when, and how the price is made. Like Odoo's product.pricelist.item. */
export interface SeedPriceRule {
  /** Applies to one SKU, one item (template code), one category (and those below it), or everything when absent. */
  readonly appliesTo?: { readonly sku: string } | { readonly item: string } | { readonly category: string };
  /** From this quantity on; absent = any. */
  readonly minQuantity?: DecimalText;
  readonly from?: SeedDay;
  /** Last day the rule holds (to its end, UTC). */
  readonly to?: SeedDay;
  readonly price: SeedPriceFormula;
}

export type SeedPriceFormula =
  | { readonly kind: 'fixed'; readonly amount: DecimalText }
  | { readonly kind: 'percentage'; readonly percentOff: DecimalText; readonly base?: SeedPriceBase }
  | {
      readonly kind: 'formula';
      readonly base: SeedPriceBase;
      /** Percent taken off the base, e.g. `"10"`; negative is a mark-up. */
      readonly percentOff?: DecimalText;
      /** Rounded to a multiple of this before the surcharge, e.g. `"0.05"`. */
      readonly roundTo?: DecimalText;
      readonly surcharge?: DecimalText;
      readonly minMargin?: DecimalText;
      readonly maxMargin?: DecimalText;
    };

/** What a percentage or formula starts from: the list price, the cost, or another price list (by code). */
export type SeedPriceBase = 'listPrice' | 'cost' | { readonly priceList: string };

export interface SeedPriceList {
  readonly code: string;
  readonly name: string;
  /** ISO 4217. */
  readonly currency: string;
  readonly rules: readonly SeedPriceRule[];
}

export interface SeedCustomer {
  /** The company's own customer number (Odoo `ref`). */
  readonly code: string;
  readonly name: string;
  readonly email: string | null;
  readonly phone?: string | null;
  readonly kind: 'company' | 'person';
  readonly active?: boolean;
  readonly vat?: string | null;
  readonly address: SeedAddress | null;
  readonly deliveryAddresses?: readonly (SeedAddress & { readonly name: string })[];
  /** Code of the company this person works for. */
  readonly companyCode?: string | null;
  readonly priceList?: string | null;
  /** In the company's currency; null = no limit kept. */
  readonly creditLimit?: DecimalText | null;
}

export interface ErpSeed {
  readonly company: { readonly name: string; readonly currency: string; readonly country: string };
  readonly currencies: readonly {
    readonly code: string;
    readonly name: string;
    readonly symbol: string;
    /** Units of this currency for one of the company's. */
    readonly perCompanyCurrency: DecimalText;
  }[];
  readonly countries: readonly { readonly code: string; readonly name: string }[];
  /** Sales tax in percent, put on every sale; `"0"` for none. */
  readonly taxPercent: DecimalText;
  readonly paymentTerm: { readonly name: string; readonly days: number };
  /** A unit counted in another comes after that. */
  readonly units: readonly { readonly code: string; readonly name: string; readonly rounding: DecimalText; readonly of?: { readonly unit: string; readonly factor: DecimalText } }[];
  /** Parents before children. */
  readonly categories: readonly { readonly name: string; readonly parent?: string }[];
  /** Variant axes and their values, in order. */
  readonly attributes: readonly { readonly name: string; readonly values: readonly string[] }[];
  readonly locations: readonly { readonly code: string; readonly name: string }[];
  readonly items: readonly SeedItem[];
  /** Physical stock at loading; what is not listed is 0. May be negative. */
  readonly stock: readonly { readonly sku: string; readonly location: string; readonly onHand: DecimalText }[];
  readonly vendors: readonly { readonly code: string; readonly name: string; readonly email: string | null }[];
  readonly purchaseOrders: readonly SeedPurchaseOrder[];
  readonly kits?: readonly SeedKit[];
  readonly orders?: readonly SeedOrder[];
  readonly priceLists: readonly SeedPriceList[];
  readonly customers: readonly SeedCustomer[];
}

/** Text per locale code: `{ en_US: 'Colour', de_DE: 'Farbe' }`. */
export type Labels = Readonly<Record<string, string>>;

export type SeedAttributeType =
  | 'pim_catalog_identifier'
  | 'pim_catalog_text'
  | 'pim_catalog_textarea'
  | 'pim_catalog_simpleselect'
  | 'pim_catalog_multiselect'
  | 'pim_catalog_boolean'
  | 'pim_catalog_number'
  | 'pim_catalog_metric'
  | 'pim_catalog_price_collection'
  | 'pim_catalog_date'
  | 'pim_catalog_image';

export interface SeedPimAttribute {
  readonly code: string;
  readonly type: SeedAttributeType;
  readonly group: string;
  readonly localizable: boolean;
  readonly scopable: boolean;
  readonly labels: Labels;
  readonly metricFamily?: string;
  readonly defaultMetricUnit?: string;
  readonly options?: readonly { readonly code: string; readonly sortOrder?: number; readonly labels: Labels }[];
}

/** One value as the PIM keeps it; `locale`/`scope` are null where the attribute is not localizable/scopable. */
export interface SeedPimValue {
  readonly locale: string | null;
  readonly scope: string | null;
  readonly data: unknown;
}

export type SeedPimValues = Readonly<Record<string, readonly SeedPimValue[]>>;

export interface SeedProductModel {
  readonly code: string;
  readonly family: string;
  readonly familyVariant: string;
  /** Code of the model above it, for two-level families. */
  readonly parent: string | null;
  readonly categories: readonly string[];
  readonly values: SeedPimValues;
}

export interface SeedPimProduct {
  /** The SKU; joins the PIM with the ERP. */
  readonly identifier: string;
  readonly uuid?: string;
  readonly enabled: boolean;
  readonly family: string | null;
  /** Code of its product model; null for a simple product. */
  readonly parent: string | null;
  readonly categories: readonly string[];
  readonly values: SeedPimValues;
  /** Association type to the identifiers (SKUs) and model codes it names. */
  readonly associations?: Readonly<Record<string, { readonly products?: readonly string[]; readonly productModels?: readonly string[]; readonly groups?: readonly string[] }>>;
  /** Association type (quantified) to SKU and number of pieces: what a bundle is made of. */
  readonly quantified?: Readonly<Record<string, readonly { readonly identifier: string; readonly quantity: number }[]>>;
}

export interface SeedMediaFile {
  readonly code: string;
  readonly originalFilename: string;
  readonly mimeType: string;
  /** The bytes: SVG or other text, or base64, or the name of a generator the PIM engine knows, with its arguments. */
  readonly content: { readonly text: string } | { readonly base64: string } | { readonly generator: string; readonly args: Readonly<Record<string, string>> };
}

export interface PimSeed {
  readonly locales: readonly { readonly code: string; readonly enabled: boolean }[];
  readonly currencies: readonly { readonly code: string; readonly enabled: boolean }[];
  readonly channels: readonly {
    readonly code: string;
    readonly labels: Labels;
    readonly locales: readonly string[];
    readonly currencies: readonly string[];
    readonly categoryTree: string;
  }[];
  readonly associationTypes?: readonly { readonly code: string; readonly labels: Labels; readonly quantified: boolean }[];
  readonly attributeGroups: readonly { readonly code: string; readonly labels: Labels }[];
  readonly attributes: readonly SeedPimAttribute[];
  readonly families: readonly {
    readonly code: string;
    readonly labels: Labels;
    readonly attributes: readonly string[];
    readonly attributeAsLabel: string;
    readonly attributeAsImage: string | null;
    readonly attributeRequirements: Readonly<Record<string, readonly string[]>>;
  }[];
  readonly familyVariants: readonly {
    readonly code: string;
    readonly family: string;
    readonly labels: Labels;
    readonly levels: readonly { readonly axes: readonly string[]; readonly attributes: readonly string[] }[];
  }[];
  /** Parents before children; a root (parent null) is a tree. */
  readonly categories: readonly { readonly code: string; readonly parent: string | null; readonly labels: Labels }[];
  readonly productModels: readonly SeedProductModel[];
  readonly products: readonly SeedPimProduct[];
  readonly mediaFiles: readonly SeedMediaFile[];
}
