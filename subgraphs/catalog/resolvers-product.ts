import { Arg, Ctx, Directive, FieldResolver, ID, Int, Resolver, Root } from 'type-graphql';
import type { AttributeValue, MediaAsset } from '../../domain/catalog.ts';
import { globalId, type Locale } from '../../domain/ids.ts';
import { KeptFor } from '../graph/cache-tags.ts';
import { checkPageSize } from '../graph/paging.ts';
import { GraphDateTime } from '../graph/scalars.ts';
import { CATALOG_SECONDS } from './cache-lifetimes.ts';
import { wantedLocale, type CatalogContext } from './context.ts';
import { attributeLabel, type Directory } from './directory.ts';
import { pickText } from './locale.ts';
import type { ProductRecord, VariantRecord } from './records.ts';
import { CatalogAttribute, CatalogMedia, CatalogProduct, CatalogProductOption, CatalogProductVariant } from './types-product.ts';
import { CatalogCategory } from './types-listing.ts';

const LOCALE = { nullable: true, description: "For example \"de_DE\"; by default the request's locale, then the source's." } as const;

/** Presents attribute values; `codes` null = all. */
export function presentAttributes(values: readonly AttributeValue[], codes: readonly string[] | null, directory: Directory, locale: Locale | null, sourceLocale: Locale): CatalogAttribute[] {
  const wanted = codes ? values.filter((value) => codes.includes(value.code)) : values;
  return wanted.map(({ code, text, values: machine, unit }) => ({
    code, unit, values: machine, label: attributeLabel(directory, code, locale), value: pickText(text, locale, sourceLocale),
  }));
}

export const presentMedia = (assets: readonly MediaAsset[], first: number, locale: Locale | null, sourceLocale: Locale): CatalogMedia[] =>
  assets.slice(0, checkPageSize(first)).map(({ url, alt, mimeType }) => ({ url, mimeType, alt: pickText(alt, locale, sourceLocale) }));

@Resolver(() => CatalogProduct)
export class ProductResolver {
  @KeptFor(CATALOG_SECONDS)
  @FieldResolver(() => ID, { description: 'Opaque global id.' })
  id(@Root() { code }: ProductRecord): string {
    return globalId('Product', code);
  }

  @KeptFor(CATALOG_SECONDS)
  @FieldResolver(() => String, { description: "Name in the asked locale. Source: the PIM; the ERP's item name where the PIM has none." })
  name(@Root() { names, sourceLocale, code }: ProductRecord, @Arg('locale', () => String, LOCALE) locale: string | null, @Ctx() context: CatalogContext): string {
    return pickText(names(), wantedLocale(locale, context), sourceLocale) ?? code;
  }

  @KeptFor(CATALOG_SECONDS)
  @FieldResolver(() => String, { nullable: true, description: 'Prose in the asked locale, HTML where the PIM keeps HTML. Source: the PIM.' })
  description(@Root() { descriptions, sourceLocale }: ProductRecord, @Arg('locale', () => String, LOCALE) locale: string | null, @Ctx() context: CatalogContext): string | null {
    return pickText(descriptions(), wantedLocale(locale, context), sourceLocale);
  }

  @KeptFor(CATALOG_SECONDS)
  @FieldResolver(() => [CatalogCategory], { description: 'Categories it is filed in directly. Source: the PIM.' })
  async categories(@Root() { categoryCodes }: ProductRecord, @Ctx() { directory }: CatalogContext): Promise<unknown[]> {
    const { categories } = await directory();
    return categoryCodes.flatMap((code) => categories.get(code) ?? []);
  }

  @KeptFor(CATALOG_SECONDS)
  @FieldResolver(() => [CatalogAttribute], { description: 'Attributes all variants share. Source: the PIM.' })
  async attributes(
    @Root() { attributeValues, sourceLocale }: ProductRecord,
    @Arg('codes', () => [String], { nullable: true, description: 'Only these; all by default.' }) codes: string[] | null,
    @Ctx() { directory, locale }: CatalogContext,
  ): Promise<CatalogAttribute[]> {
    return presentAttributes(attributeValues(), codes, await directory(), locale, sourceLocale);
  }

  @KeptFor(CATALOG_SECONDS)
  @FieldResolver(() => [CatalogMedia], { description: 'Pictures and documents in their order. Source: the PIM.' })
  media(
    @Root() { mediaAssets, sourceLocale }: ProductRecord,
    @Arg('first', () => Int, { defaultValue: 10 }) first: number,
    @Ctx() { locale }: CatalogContext,
  ): CatalogMedia[] {
    return presentMedia(mediaAssets(), first, locale, sourceLocale);
  }

  @KeptFor(CATALOG_SECONDS)
  @FieldResolver(() => [CatalogProductOption], { description: 'What its variants differ in.' })
  async options(@Root() { optionValues, sourceLocale }: ProductRecord, @Ctx() { directory, locale }: CatalogContext): Promise<CatalogProductOption[]> {
    const known = await directory();
    return optionValues().map(({ code, name, values }) => ({
      name: code === null ? name : attributeLabel(known, code, locale),
      values: values.map((text) => pickText(text, locale, sourceLocale) ?? ''),
    }));
  }

  @KeptFor(CATALOG_SECONDS)
  @FieldResolver(() => [CatalogProductVariant], { description: 'In SKU order.' })
  async variants(@Root() { code }: ProductRecord, @Arg('first', () => Int, { defaultValue: 100 }) first: number, @Ctx() { loaders }: CatalogContext): Promise<readonly VariantRecord[]> {
    const limit = checkPageSize(first);
    return (await loaders.variantsByProduct.load(code)).slice(0, limit);
  }

  @Directive('@inaccessible')
  @KeptFor(CATALOG_SECONDS)
  @FieldResolver(() => [ID], { description: 'For fields of other subgraphs that sum over the variants.' })
  variantSkus(@Root() { variantSkus }: ProductRecord): readonly string[] {
    return variantSkus;
  }

  @KeptFor(CATALOG_SECONDS)
  @FieldResolver(() => GraphDateTime, { description: 'When anything of it last changed here.' })
  updatedAt(@Root() { updatedAt }: ProductRecord): string {
    return updatedAt;
  }
}
