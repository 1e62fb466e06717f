import { Directive, Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { ChangesWith, KeptAsPart, KeptFor } from '../graph/cache-tags.ts';
import { CATALOG_SECONDS, DIRECTORY_TAG } from './cache-lifetimes.ts';

@KeptAsPart()
@ObjectType('Media', { description: 'A picture or document. Source: the PIM.' })
export class CatalogMedia {
  @Field(() => String, { description: 'Address a browser can load, as the PIM gives it, or a path this server answers.' })
  url!: string;

  @Field(() => String, { nullable: true, description: 'Text for people who do not see the picture, in the asked locale.' })
  alt!: string | null;

  @Field(() => String, { description: 'For example "image/jpeg".' })
  mimeType!: string;
}

@KeptAsPart()
@ObjectType('Attribute', { description: 'One enriched property. Source: the PIM.' })
export class CatalogAttribute {
  @Field(() => String, { description: "The PIM's code, the same in every locale; what filters name." })
  code!: string;

  @Field(() => String, { description: 'Name of the attribute in the asked locale; its code where the PIM has none.' })
  label!: string;

  @Field(() => String, { nullable: true, description: 'Value for people in the asked locale; several are joined with commas.' })
  value!: string | null;

  @Field(() => [String], { description: 'Machine values: option codes, numbers, "true"; what filters compare.' })
  values!: readonly string[];

  @Field(() => String, { nullable: true, description: 'Unit of a measured value, e.g. "KILOGRAM".' })
  unit!: string | null;
}

@KeptAsPart()
@ObjectType('ProductOption', { description: 'A choice that tells variants apart. Source: the PIM\'s axes; the ERP\'s options where there are none.' })
export class CatalogProductOption {
  @Field(() => String, { description: 'For example "Size".' })
  name!: string;

  @Field(() => [String], { description: 'Every value some variant has.' })
  values!: readonly string[];
}

@KeptAsPart()
@ObjectType('VariantOption', { description: 'What this variant is among its siblings.' })
export class CatalogVariantOption {
  @Field(() => String)
  name!: string;

  @Field(() => String)
  value!: string;
}

@ChangesWith('Product:{$key.id}')
@ChangesWith(DIRECTORY_TAG)
@Directive('@key(fields: "id")')
@ObjectType('Product', {
  description: 'What a shopper looks at: one or more variants under one name. Texts from the PIM, existence from the ERP; held here and brought up to date by feed, usually within the content polling interval.',
})
export class CatalogProduct {
  @KeptFor(CATALOG_SECONDS)
  @Field(() => String, { description: "The PIM's product code, or \"<system>:<group>\" of the ERP where no PIM content exists." })
  code!: string;

  @KeptFor(CATALOG_SECONDS)
  @Field(() => String, { description: 'Readable, unique and stable name for addresses: given once, never changed.' })
  handle!: string;

  @KeptFor(CATALOG_SECONDS)
  @Field(() => String, { nullable: true, description: 'Source: the PIM.' })
  brand!: string | null;
}

@ChangesWith(DIRECTORY_TAG)
@Directive('@key(fields: "sku")')
@Directive('@key(fields: "id")')
@ObjectType('ProductVariant', {
  description: 'One SKU: what is stocked, priced and ordered. SKU, GTIN, unit and sellable from the ERP, texts from the PIM; brought up to date by feed.',
})
export class CatalogProductVariant {
  @KeptFor(CATALOG_SECONDS)
  @Field(() => ID, { description: "Stock keeping unit as the ERP spells it; case and spaces matter." })
  sku!: string;

  @KeptFor(CATALOG_SECONDS)
  @Field(() => String, { nullable: true, description: 'EAN, UPC or other GTIN. Source: the ERP.' })
  gtin!: string | null;

  @KeptFor(CATALOG_SECONDS)
  @Field(() => String, { nullable: true, description: 'Unit that quantities and prices of this SKU count, as the ERP names it.' })
  unitCode!: string | null;

  @KeptFor(CATALOG_SECONDS)
  @Field(() => Int, { nullable: true, description: 'Fraction digits a quantity may have: 0 for pieces, 3 for kilograms.' })
  quantityDigits!: number | null;

  @KeptFor(CATALOG_SECONDS)
  @Field(() => Boolean, { nullable: true, description: 'Whether the ERP allows it to be sold. Says nothing about stock.' })
  sellable!: boolean | null;
}

@InputType('ProductReference', { description: 'Names one product; give exactly one field.' })
export class CatalogProductReference {
  @Field(() => ID, { nullable: true })
  id?: string | null;

  @Field(() => ID, { nullable: true, description: 'SKU of any of its variants.' })
  sku?: string | null;

  @Field(() => String, { nullable: true })
  handle?: string | null;

  @Field(() => String, { nullable: true })
  code?: string | null;
}

@InputType('VariantReference', { description: 'Names one variant; give exactly one field.' })
export class CatalogVariantReference {
  @Field(() => ID, { nullable: true })
  id?: string | null;

  @Field(() => ID, { nullable: true })
  sku?: string | null;

  @Field(() => String, { nullable: true, description: 'EAN, UPC or other GTIN, digits as the ERP spells them.' })
  gtin?: string | null;
}

@InputType('CategoryReference', { description: 'Names one category; give exactly one field.' })
export class CatalogCategoryReference {
  @Field(() => ID, { nullable: true })
  id?: string | null;

  @Field(() => String, { nullable: true })
  code?: string | null;
}
