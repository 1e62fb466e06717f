import type { AttributeValue, Item, Localized, MediaAsset, ProductContent, VariantContent } from '../../domain/catalog.ts';
import type { ExternalReference, Locale, Sku } from '../../domain/ids.ts';
import { ANY_LOCALE, sourceLocaleOf } from './locale.ts';

/** What both systems say of one SKU. */
export interface SkuSources {
  readonly item: Item;
  /** ERP group, prefixed with its system: never mistaken for a product code of the PIM. */
  readonly groupCode: string;
  readonly content: VariantContent | null;
}

/** One option of a variant: a PIM axis (with its attribute code) or an option the ERP names. */
export interface VariantOption {
  readonly code: string | null;
  /** The ERP's name; for an axis, what is shown until its attribute's label is known. */
  readonly name: string;
  readonly text: Localized;
}

export interface PublishedVariant {
  readonly sku: Sku;
  readonly gtin: string | null;
  readonly name: Localized;
  readonly sourceLocale: Locale;
  readonly options: readonly VariantOption[];
  readonly attributes: readonly AttributeValue[];
  readonly media: readonly MediaAsset[];
  readonly unitCode: string;
  readonly quantityDigits: number;
  readonly weightKg: string | null;
  readonly sellable: boolean;
  readonly references: readonly ExternalReference[];
}

export interface ProductOptionValues {
  readonly code: string | null;
  readonly name: string;
  readonly values: readonly Localized[];
}

/** A product as the catalogue shows it: the ERP's existence joined with the PIM's words. */
export interface PublishedProduct {
  readonly code: string;
  readonly sourceLocale: Locale;
  readonly name: Localized;
  readonly description: Localized;
  readonly brand: string | null;
  readonly categoryCodes: readonly string[];
  readonly attributes: readonly AttributeValue[];
  readonly media: readonly MediaAsset[];
  readonly options: readonly ProductOptionValues[];
  readonly variants: readonly PublishedVariant[];
}

/** Where a SKU belongs: to the PIM's product when that product exists, else to the ERP's group. */
export const homeOf = (sku: SkuSources, contents: ReadonlyMap<string, ProductContent>): string =>
  sku.content && contents.has(sku.content.productCode) ? sku.content.productCode : sku.groupCode;

/** What an ERP books delivery, fees and down payments on: a service nobody sells and nobody has described is no article. */
const isBookingItem = ({ item, content }: SkuSources, product: ProductContent | null): boolean =>
  item.kind === 'SERVICE' && !item.sellable && product === null && content === null;

/** The ERP says what exists, the PIM what may be shown. */
const isPublishable = (sku: SkuSources, product: ProductContent | null): boolean =>
  sku.item.active && !isBookingItem(sku, product) && (product?.enabled ?? true) && (sku.content?.enabled ?? true);

/**
 * Joins one product. Names, texts, media, attributes, categories and brand are the PIM's; SKU, GTIN, unit, sellable the
 * ERP's; the ERP's name and options stand in where the PIM has none. Null when nothing of it may be published.
 */
export function projectProduct(code: string, product: ProductContent | null, skus: readonly SkuSources[]): PublishedProduct | null {
  const shown = skus.filter((sku) => isPublishable(sku, product)).sort(bySku);
  if (shown.length === 0) return null;
  const name = product && hasText(product.name) ? product.name : { [ANY_LOCALE]: shown[0]!.item.name };
  const axes = product?.variantAxes ?? [];
  const variants = shown.map((sku) => projectVariant(sku, axes));
  return {
    code,
    sourceLocale: sourceLocaleOf(name),
    name,
    description: product?.description ?? {},
    brand: product?.brand ?? null,
    categoryCodes: product?.categoryCodes ?? [],
    attributes: product?.attributes ?? [],
    media: inPosition(product?.media ?? []),
    options: collectOptions(variants),
    variants,
  };
}

function projectVariant({ item, content }: SkuSources, axes: readonly string[]): PublishedVariant {
  const name = content && hasText(content.name) ? content.name : { [ANY_LOCALE]: item.name };
  return {
    sku: item.sku,
    gtin: item.gtin,
    name,
    sourceLocale: sourceLocaleOf(name),
    options: optionsOf(item, content, axes),
    attributes: content?.attributes ?? [],
    media: inPosition(content?.media ?? []),
    unitCode: item.unitCode,
    quantityDigits: item.quantityDigits,
    weightKg: item.weightKg,
    sellable: item.sellable,
    references: item.references,
  };
}

function optionsOf(item: Item, content: VariantContent | null, axes: readonly string[]): VariantOption[] {
  const fromAxes = axes.flatMap((code) => {
    const value = content?.attributes.find((attribute) => attribute.code === code);
    return value ? [{ code, name: code, text: hasText(value.text) ? value.text : { [ANY_LOCALE]: value.values.join(', ') } }] : [];
  });
  return fromAxes.length > 0 ? fromAxes : item.options.map(({ name, value }) => ({ code: null, name, text: { [ANY_LOCALE]: value } }));
}

/** Options of all variants, each value once, in the order of the variants. */
function collectOptions(variants: readonly PublishedVariant[]): ProductOptionValues[] {
  const options = new Map<string, { code: string | null; name: string; values: Map<string, Localized> }>();
  for (const { code, name, text } of variants.flatMap((variant) => variant.options)) {
    const option = options.get(name) ?? { code, name, values: new Map() };
    options.set(name, option);
    option.values.set(JSON.stringify(text), text);
  }
  return [...options.values()].map(({ code, name, values }) => ({ code, name, values: [...values.values()] }));
}

const hasText = (text: Localized): boolean => Object.values(text).some((value) => value !== '');
const inPosition = (media: readonly MediaAsset[]): readonly MediaAsset[] => [...media].sort((a, b) => a.position - b.position);
const bySku = (a: SkuSources, b: SkuSources): number => (a.item.sku < b.item.sku ? -1 : 1);
