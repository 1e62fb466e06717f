import { Directive, Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import { ChangesWith, KeptAsPart, KeptFor } from '../graph/cache-tags.ts';
import { CATALOG_SECONDS, DIRECTORY_TAG } from './cache-lifetimes.ts';
import { CatalogProduct } from './types-product.ts';

export enum ProductSort {
  RELEVANCE = 'RELEVANCE',
  NAME_ASC = 'NAME_ASC',
  NAME_DESC = 'NAME_DESC',
  NEWEST = 'NEWEST',
}

registerEnumType(ProductSort, {
  name: 'ProductSort',
  description: 'Order of a listing. Ties are broken by product code, so that paging is stable.',
  valuesConfig: {
    RELEVANCE: { description: 'Exact SKU or GTIN first, then best match of the searched words; by name where nothing is searched.' },
    NAME_ASC: { description: 'By name in the listing\'s locale, ignoring case and accents.' },
    NAME_DESC: { description: 'By name in the listing\'s locale, backwards.' },
    NEWEST: { description: 'First shown here latest.' },
  },
});

export enum FacetKind {
  CATEGORY = 'CATEGORY',
  BRAND = 'BRAND',
  ATTRIBUTE = 'ATTRIBUTE',
}

registerEnumType(FacetKind, { name: 'FacetKind', description: 'Which part of ProductFilter a facet\'s values go into.' });

@InputType('AttributeFilter', { description: 'Products of which the product or a variant has any of these values.' })
export class CatalogAttributeFilter {
  @Field(() => String, { description: "The PIM's attribute code." })
  code!: string;

  @Field(() => [String], { description: 'Machine values as Attribute.values and facets give them; at most 100.' })
  values!: string[];
}

@InputType('ProductFilter', { description: 'Every given field must hold; within a field any value suffices.' })
export class CatalogProductFilter {
  @Field(() => [String], { nullable: true, description: 'In any of these categories or below them; at most 100.' })
  categoryCodes?: string[] | null;

  @Field(() => [CatalogAttributeFilter], { nullable: true, description: 'At most 20.' })
  attributes?: CatalogAttributeFilter[] | null;

  @Field(() => [ID], { nullable: true, description: 'Products that have one of these SKUs; at most 250.' })
  skus?: string[] | null;

  @Field(() => [String], { nullable: true, description: 'Any of these brands, spelled as Product.brand; at most 100.' })
  brand?: string[] | null;
}

@KeptAsPart()
@ObjectType('FacetValue', { description: 'One value that narrows the listing.' })
export class CatalogFacetValue {
  @Field(() => String, { description: 'What the filter takes.' })
  value!: string;

  @Field(() => String, { description: 'What people read, in the listing\'s locale.' })
  label!: string;

  @Field(() => Int, { description: 'Products with this value, under every filter but those of the same facet.' })
  count!: number;
}

@KeptAsPart()
@ObjectType('Facet', { description: 'A property to narrow the listing by. Filterable attributes are marked so in the PIM.' })
export class CatalogFacet {
  @Field(() => FacetKind)
  kind!: FacetKind;

  @Field(() => String, { description: 'Attribute code; "category" and "brand" for those.' })
  code!: string;

  @Field(() => String)
  label!: string;

  @Field(() => [CatalogFacetValue], { description: 'The most frequent 100, most frequent first.' })
  values!: readonly CatalogFacetValue[];
}

@KeptAsPart()
@ObjectType('ProductEdge')
export class CatalogProductEdge {
  @Field(() => String, { description: 'Position in this listing; pass as `after`.' })
  cursor!: string;

  @KeptAsPart()
  @Field(() => CatalogProduct)
  node!: unknown;
}

@KeptAsPart()
@ObjectType('ProductConnection', { description: 'A page of products. Counts and facets are computed only when asked for.' })
export class CatalogProductConnection {
  @Field(() => String, { description: 'Locale the listing is searched, sorted and labelled in.' })
  locale!: string;
}

@ChangesWith(DIRECTORY_TAG)
@Directive('@key(fields: "id")')
@ObjectType('Category', { description: "A node of the PIM's category tree; brought up to date by feed." })
export class CatalogCategory {
  @KeptFor(CATALOG_SECONDS)
  @Field(() => String, { description: "The PIM's code." })
  code!: string;
}
