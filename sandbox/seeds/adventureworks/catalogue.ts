import type { Row, Tables } from './tables.ts';
import type { Tally } from './report.ts';

/** Products grouped into what a shop calls one product: those of a model that differ in colour or size. */
export interface Group {
  /** `AW-M-<ProductModelID>` for a group, else the product's own number. */
  readonly code: string;
  readonly name: string;
  readonly modelId: string | undefined;
  readonly axes: readonly ('Color' | 'Size')[];
  readonly products: readonly Row[];
  readonly subcategory: string | undefined;
}

export interface Catalogue {
  readonly groups: readonly Group[];
  /** ProductID to product. */
  readonly byId: ReadonlyMap<string, Row>;
  readonly categories: readonly { readonly id: string; readonly name: string }[];
  readonly subcategories: readonly { readonly id: string; readonly name: string; readonly categoryId: string }[];
  /** ProductModelID to locale to description. */
  readonly descriptions: ReadonlyMap<string, Readonly<Record<string, string>>>;
}

/** AdventureWorks' cultures as locales. */
export const localeOfCulture: Readonly<Record<string, string>> = { en: 'en_US', ar: 'ar_SA', fr: 'fr_FR', th: 'th_TH', he: 'he_IL', 'zh-cht': 'zh_TW' };

export function readCatalogue(tables: Tables, tally: Tally): Catalogue {
  const products = tally.read('Product', tables.read('Production.Product'));
  const models = tally.read('ProductModel', tables.read('Production.ProductModel'));
  const byModel = new Map<string | undefined, Row[]>();
  for (const product of products) byModel.set(product['ProductModelID'], [...(byModel.get(product['ProductModelID']) ?? []), product]);
  for (const model of models) {
    if (!byModel.has(model['ProductModelID'])) tally.reject('ProductModel', text(model, 'ProductModelID'), 'no product belongs to this model');
  }
  const modelName = new Map(models.map((model) => [model['ProductModelID'], text(model, 'Name')]));
  const groups = [...byModel].flatMap(([modelId, members]) =>
    modelId === undefined ? members.map((product) => single(product)) : members.length === 1 ? [single(members[0]!)] : [grouped(modelId, modelName.get(modelId), members)]);
  return {
    groups,
    byId: new Map(products.map((product) => [text(product, 'ProductID'), product])),
    categories: tally.read('ProductCategory', tables.read('Production.ProductCategory')).map((row) => ({ id: text(row, 'ProductCategoryID'), name: text(row, 'Name') })),
    subcategories: tally.read('ProductSubcategory', tables.read('Production.ProductSubcategory')).map((row) => ({
      id: text(row, 'ProductSubcategoryID'), name: text(row, 'Name'), categoryId: text(row, 'ProductCategoryID'),
    })),
    descriptions: readDescriptions(tables, tally, new Set(byModel.keys())),
  };
}

/** The cell, which the table's definition promises. */
export function text(row: Row, column: string): string {
  const cell = row[column];
  if (cell === undefined) throw new Error(`${column} is NULL where it must not be`);
  return cell;
}

function single(product: Row): Group {
  return {
    code: text(product, 'ProductNumber'), name: text(product, 'Name'), modelId: product['ProductModelID'], axes: [], products: [product], subcategory: product['ProductSubcategoryID'],
  };
}

function grouped(modelId: string, name: string | undefined, products: readonly Row[]): Group {
  const axes = (['Color', 'Size'] as const).filter((axis) => new Set(products.map((product) => product[axis])).size > 1);
  const told = new Set(products.map((product) => axes.map((axis) => product[axis] ?? '').join('|')));
  if (told.size < products.length || axes.length === 0) throw new Error(`model ${modelId}: products cannot be told apart by colour and size`);
  return { code: `AW-M-${modelId}`, name: name ?? text(products[0]!, 'Name'), modelId, axes, products, subcategory: products[0]?.['ProductSubcategoryID'] };
}

function readDescriptions(tables: Tables, tally: Tally, used: ReadonlySet<string | undefined>): Map<string, Record<string, string>> {
  const texts = new Map(tally.read('ProductDescription', tables.read('Production.ProductDescription')).map((row) => [text(row, 'ProductDescriptionID'), text(row, 'Description')]));
  const links = tally.read('ProductModelProductDescriptionCulture', tables.read('Production.ProductModelProductDescriptionCulture'));
  const found = new Map<string, Record<string, string>>();
  const linked = new Set<string>();
  for (const link of links) {
    const [model, id, culture] = [text(link, 'ProductModelID'), text(link, 'ProductDescriptionID'), text(link, 'CultureID')];
    const [locale, description] = [localeOfCulture[culture], texts.get(id)];
    const key = `${model}/${id}/${culture}`;
    if (locale === undefined) tally.reject('ProductModelProductDescriptionCulture', key, `no locale for the culture ${culture}`);
    else if (description === undefined) tally.reject('ProductModelProductDescriptionCulture', key, 'the description does not exist');
    else if (!used.has(model)) tally.reject('ProductModelProductDescriptionCulture', key, 'no product belongs to this model');
    else {
      found.set(model, { ...found.get(model), [locale]: description });
      linked.add(id);
    }
  }
  for (const id of texts.keys()) if (!linked.has(id)) tally.reject('ProductDescription', id, 'no model that has products uses this text');
  return found;
}
