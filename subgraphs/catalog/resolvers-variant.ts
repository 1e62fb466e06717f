import { Arg, Ctx, FieldResolver, ID, Int, Resolver, Root } from 'type-graphql';
import type { ExternalReference } from '../../domain/ids.ts';
import { globalId } from '../../domain/ids.ts';
import { KeptFor } from '../graph/cache-tags.ts';
import { GraphExternalReference } from '../graph/external-reference.ts';
import { GraphDecimal } from '../graph/scalars.ts';
import { CATALOG_SECONDS } from './cache-lifetimes.ts';
import { wantedLocale, type CatalogContext } from './context.ts';
import { attributeLabel } from './directory.ts';
import { pickText } from './locale.ts';
import type { ProductRecord, VariantRecord } from './records.ts';
import { presentAttributes, presentMedia } from './resolvers-product.ts';
import { CatalogAttribute, CatalogMedia, CatalogProduct, CatalogProductVariant, CatalogVariantOption } from './types-product.ts';

/** Fields beside the keys are nullable: an order line outlives the SKU it names, and must still render. */
@Resolver(() => CatalogProductVariant)
export class ProductVariantResolver {
  @KeptFor(CATALOG_SECONDS)
  @FieldResolver(() => ID, { description: 'Opaque global id.' })
  id(@Root() { sku }: VariantRecord): string {
    return globalId('ProductVariant', sku);
  }

  @KeptFor(CATALOG_SECONDS)
  @FieldResolver(() => String, { nullable: true, description: "Name in the asked locale. Source: the PIM; the ERP's item name where the PIM has none. Null when the SKU has left the catalogue." })
  name(@Root() { names, sourceLocale }: VariantRecord, @Arg('locale', () => String, { nullable: true }) locale: string | null, @Ctx() context: CatalogContext): string | null {
    return pickText(names(), wantedLocale(locale, context), sourceLocale);
  }

  @KeptFor(CATALOG_SECONDS)
  @FieldResolver(() => CatalogProduct, { nullable: true, description: 'The product it belongs to. Null when the SKU has left the catalogue.' })
  product(@Root() { productCode }: VariantRecord, @Ctx() { loaders }: CatalogContext): Promise<ProductRecord | null> {
    return loaders.productByCode.load(productCode);
  }

  @KeptFor(CATALOG_SECONDS)
  @FieldResolver(() => [CatalogVariantOption], { nullable: true, description: "Its values of the product's options." })
  async options(@Root() { optionTexts, sourceLocale }: VariantRecord, @Ctx() { directory, locale }: CatalogContext): Promise<CatalogVariantOption[]> {
    const known = await directory();
    return optionTexts().map(({ code, name, text }) => ({
      name: code === null ? name : attributeLabel(known, code, locale),
      value: pickText(text, locale, sourceLocale) ?? '',
    }));
  }

  @KeptFor(CATALOG_SECONDS)
  @FieldResolver(() => [CatalogAttribute], { nullable: true, description: 'Attributes of this variant alone. Source: the PIM.' })
  async attributes(
    @Root() { attributeValues, sourceLocale }: VariantRecord,
    @Arg('codes', () => [String], { nullable: true, description: 'Only these; all by default.' }) codes: string[] | null,
    @Ctx() { directory, locale }: CatalogContext,
  ): Promise<CatalogAttribute[]> {
    return presentAttributes(attributeValues(), codes, await directory(), locale, sourceLocale);
  }

  @KeptFor(CATALOG_SECONDS)
  @FieldResolver(() => [CatalogMedia], { nullable: true, description: 'Pictures of this variant alone; the product has its own. Source: the PIM.' })
  media(
    @Root() { mediaAssets, sourceLocale }: VariantRecord,
    @Arg('first', () => Int, { defaultValue: 10 }) first: number,
    @Ctx() { locale }: CatalogContext,
  ): CatalogMedia[] {
    return presentMedia(mediaAssets(), first, locale, sourceLocale);
  }

  @KeptFor(CATALOG_SECONDS)
  @FieldResolver(() => GraphDecimal, { nullable: true, description: 'Weight of one unit in kilograms. Source: the ERP.' })
  weightKg(@Root() { weightKg }: VariantRecord): string | null {
    return weightKg;
  }

  @KeptFor(CATALOG_SECONDS)
  @FieldResolver(() => [GraphExternalReference], { nullable: true, description: 'What it is called in the ERP.' })
  externalReferences(@Root() { references }: VariantRecord): readonly ExternalReference[] {
    return references();
  }
}
