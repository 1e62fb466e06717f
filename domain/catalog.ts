import type { Decimal } from './decimal.ts';
import type { ExternalReference, Locale, Sku } from './ids.ts';
import type { KitComponent, UnitConversion } from './inventory.ts';
import type { Instant } from './time.ts';

/** Text by locale, the source's default locale first. A missing locale falls back to that default, never to an empty string. */
export type Localized = Readonly<Record<Locale, string>>;

export type ItemKind = 'GOODS' | 'SERVICE' | 'KIT';

export interface ItemOption {
  /** "Size" */
  readonly name: string;
  /** "XL" */
  readonly value: string;
}

/** What the ERP knows of one SKU. The ERP owns existence, unit, tax and whether it may be sold. */
export interface Item {
  readonly sku: Sku;
  /** The ERP's grouping of variants; used where no PIM groups them. */
  readonly groupCode: string;
  readonly name: string;
  readonly kind: ItemKind;
  readonly gtin: string | null;
  readonly unitCode: string;
  /** Fraction digits a quantity of this item may have: 0 for pieces, 3 for kilograms. */
  readonly quantityDigits: number;
  readonly sellable: boolean;
  readonly active: boolean;
  readonly options: readonly ItemOption[];
  /** ERP category names from the root. */
  readonly categoryPath: readonly string[];
  readonly weightKg: Decimal | null;
  readonly updatedAt: Instant | null;
  readonly references: readonly ExternalReference[];
  /** Of a KIT: what one of it is made of. Nested kits are flattened by the connector. */
  readonly components?: readonly KitComponent[];
  /** Units it may be ordered in beside `unitCode`. */
  readonly units?: readonly UnitConversion[];
}

export interface MediaAsset {
  readonly code: string;
  /** Absolute URL a browser can load, or a path the gateway serves. */
  readonly url: string;
  readonly mimeType: string;
  readonly alt: Localized;
  readonly position: number;
}

export interface AttributeValue {
  readonly code: string;
  /** One text per locale; key "*" where the value does not depend on the locale. Options carry their labels. */
  readonly text: Localized;
  /** Machine value: option codes, "12.5", "true". Several for multi-selects. */
  readonly values: readonly string[];
  /** Unit of a metric value, e.g. "KILOGRAM". */
  readonly unit: string | null;
}

/** What the PIM says of a sellable product (a model with variants, or a single product). */
export interface ProductContent {
  readonly productCode: string;
  readonly name: Localized;
  readonly description: Localized;
  readonly brand: string | null;
  readonly familyCode: string | null;
  readonly categoryCodes: readonly string[];
  readonly attributes: readonly AttributeValue[];
  readonly media: readonly MediaAsset[];
  /** Attribute codes that tell the variants apart, in order. */
  readonly variantAxes: readonly string[];
  readonly enabled: boolean;
  readonly updatedAt: Instant;
}

/** What the PIM says of one SKU, and which product it belongs to. */
export interface VariantContent {
  readonly sku: Sku;
  readonly productCode: string;
  readonly name: Localized;
  readonly attributes: readonly AttributeValue[];
  readonly media: readonly MediaAsset[];
  readonly enabled: boolean;
  readonly updatedAt: Instant;
}

export interface CategoryContent {
  readonly code: string;
  readonly parentCode: string | null;
  readonly name: Localized;
  readonly position: number;
}

export interface AttributeDefinition {
  readonly code: string;
  readonly label: Localized;
  readonly kind: 'TEXT' | 'NUMBER' | 'BOOLEAN' | 'OPTION' | 'OPTIONS' | 'METRIC' | 'DATE' | 'PRICE' | 'OTHER';
  readonly filterable: boolean;
}
