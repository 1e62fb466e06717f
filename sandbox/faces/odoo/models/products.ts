import type { ErpTables } from '../../../engine/tables.ts';
import type { Attribute, AttributeValue, Category, Item, ItemAttribute, ItemOption, Variant } from '../../../engine/rows.ts';
import { labelOf } from '../../../engine/sales.ts';
import { listPriceOf } from '../../../engine/prices.ts';
import { boolean, char, float, integer, many, many2one, model, selection, type Field, type Model, type Reading } from '../field.ts';
import { contextualPrice } from '../price-call.ts';
import { stockFields } from '../stock-fields.ts';
import { given, idOf, linkedIds, textOf, type Columns } from '../writing.ts';

const itemOf = (row: Variant, { tables }: Reading): Item => tables.items.get(row.itemId)!;
const ids = (rows: readonly { readonly id: number }[]): number[] => rows.map((row) => row.id);

/** What a template and its variants share. */
function sharedFields<R>(item: (row: R, reading: Reading) => Item): Record<string, Field<R>> {
  const isGoods = (row: R, reading: Reading): boolean => item(row, reading).kind === 'goods';
  return {
    name: char((row, reading) => item(row, reading).name),
    type: selection((row, reading) => (isGoods(row, reading) ? 'consu' : 'service')),
    is_storable: boolean(isGoods),
    sale_ok: boolean((row, reading) => item(row, reading).sellable),
    purchase_ok: boolean(isGoods),
    list_price: float((row, reading) => item(row, reading).listPrice),
    uom_id: many2one('uom.uom', (row, reading) => item(row, reading).unitId),
    uom_ids: many('many2many', 'uom.uom', (row, reading) => item(row, reading).packagingIds ?? []),
    uom_name: char((row, reading) => reading.tables.units.get(item(row, reading).unitId)!.name),
    categ_id: many2one('product.category', (row, reading) => item(row, reading).categoryId),
    currency_id: many2one('res.currency', (_, { tables }) => tables.companies.get(1)!.currencyId),
    cost_currency_id: many2one('res.currency', (_, { tables }) => tables.companies.get(1)!.currencyId),
    taxes_id: many('many2many', 'account.tax', (row, reading) => item(row, reading).taxIds ?? [1]),
    product_variant_ids: many('one2many', 'product.product', (row, reading) => ids(reading.tables.variants.where('itemId', item(row, reading).id).filter((variant) => variant.active))),
    product_variant_count: integer((row, reading) => reading.tables.variants.where('itemId', item(row, reading).id).filter((variant) => variant.active).length),
    attribute_line_ids: many('one2many', 'product.template.attribute.line', (row, reading) => ids(reading.tables.itemAttributes.where('itemId', item(row, reading).id))),
    description_sale: char(() => null),
    tracking: selection(() => 'none'),
    company_id: many2one('res.company', () => null),
  };
}

function templateName(item: Item, { tables }: Reading): string {
  const variants = tables.variants.where('itemId', item.id);
  return variants.length === 1 ? `[${variants[0]!.sku}] ${item.name}` : item.name;
}

const onlyVariant = (item: Item, { tables }: Reading): Variant | null => {
  const variants = tables.variants.where('itemId', item.id);
  return variants.length === 1 ? variants[0]! : null;
};

export function productModels(tables: ErpTables): Model[] {
  return [variantModel(tables), templateModel(tables), ...attributeModels(tables), categoryModel(tables)];
}

function variantModel(tables: ErpTables): Model {
  return model<Variant>({
    name: 'product.product', table: tables.variants, order: 'default_code, name, id',
    displayName: (row, reading) => labelOf(reading.tables, row),
    fields: {
      ...sharedFields(itemOf),
      ...stockFields((row, reading) => (itemOf(row, reading).kind === 'goods' ? [row.id] : [])),
      default_code: char((row) => row.sku, 'sku'),
      code: char((row) => row.sku, 'sku'),
      barcode: char((row) => row.barcode, 'barcode'),
      product_tmpl_id: many2one('product.template', (row) => row.itemId, 'itemId'),
      lst_price: float((row, reading) => listPriceOf(reading.tables, row)),
      price_extra: float((row) => row.extraPrice),
      standard_price: float((row) => row.cost),
      weight: float((row) => row.weight),
      active: boolean((row) => row.active),
      stock_quant_ids: many('one2many', 'stock.quant', (row) => ids(tables.quants.where('variantId', row.id))),
      stock_move_ids: many('one2many', 'stock.move', (row) => ids(tables.moves.where('variantId', row.id))),
      product_template_attribute_value_ids: many('many2many', 'product.template.attribute.value', (row) => row.optionIds),
      product_template_variant_value_ids: many('many2many', 'product.template.attribute.value', (row) => row.optionIds),
    },
    write: ({ engine }, variantId, values) => void engine.execute('erp/update-variant', {
      variantId, ...given(values, { default_code: ['sku', textOf], barcode: ['barcode', textOf], lst_price: ['listPrice', String], list_price: ['listPrice', String], standard_price: ['cost', String], weight: ['weight', String], active: ['active', Boolean] }),
    }),
    methods: { get_contextual_price: { parameters: [], run: contextualPrice } },
  });
}

/** The template has no free_qty in Odoo 19. */
const { free_qty: _free, ...templateStock } = stockFields<Item>((row, reading) => (row.kind === 'goods' ? ids(reading.tables.variants.where('itemId', row.id)) : []));

function templateModel(tables: ErpTables): Model {
  const one = (read: (variant: Variant) => string | null) => (row: Item, reading: Reading): string | null => {
    const variant = onlyVariant(row, reading);
    return variant === null ? null : read(variant);
  };
  return model<Item>({
    name: 'product.template', table: tables.items, order: 'name, id', displayName: templateName,
    fields: {
      ...sharedFields<Item>((row) => row),
      ...templateStock,
      default_code: char(one((variant) => variant.sku)),
      barcode: char(one((variant) => variant.barcode)),
      standard_price: float((row, reading) => one((variant) => variant.cost)(row, reading) ?? '0'),
      weight: float((row, reading) => one((variant) => variant.weight)(row, reading) ?? '0'),
      active: boolean((row) => row.active),
      product_variant_id: many2one('product.product', (row, reading) => reading.tables.variants.where('itemId', row.id)[0]?.id ?? null),
    },
    write: ({ engine }, itemId, values) => void engine.execute('erp/update-item', {
      itemId, ...given(values, { name: ['name', String], list_price: ['listPrice', String], sale_ok: ['sellable', Boolean], active: ['active', Boolean], categ_id: ['categoryId', Number], uom_ids: ['packagingIds', linkedIds], taxes_id: ['taxIds', linkedIds] }),
    }),
  });
}

function attributeModels(tables: ErpTables): Model[] {
  const attributeName = (id: number): string => tables.attributes.get(id)!.name;
  const valueName = (id: number): string => tables.attributeValues.get(id)!.name;
  return [
    model<Attribute>({
      name: 'product.attribute', table: tables.attributes, order: 'id', displayName: (row) => row.name,
      fields: { name: char((row) => row.name, 'name'), create_variant: selection(() => 'always'), value_ids: many('one2many', 'product.attribute.value', (row) => ids(tables.attributeValues.where('attributeId', row.id))) },
    }),
    model<AttributeValue>({
      name: 'product.attribute.value', table: tables.attributeValues, order: 'attribute_id, sequence, id', displayName: (row) => `${attributeName(row.attributeId)}: ${row.name}`,
      fields: { name: char((row) => row.name), sequence: integer((row) => row.sequence), attribute_id: many2one('product.attribute', (row) => row.attributeId, 'attributeId') },
    }),
    model<ItemAttribute>({
      name: 'product.template.attribute.line', table: tables.itemAttributes, order: 'id', displayName: (row) => attributeName(row.attributeId),
      fields: {
        product_tmpl_id: many2one('product.template', (row) => row.itemId, 'itemId'), attribute_id: many2one('product.attribute', (row) => row.attributeId, 'attributeId'),
        value_ids: many('many2many', 'product.attribute.value', (row) => tables.itemOptions.where('itemAttributeId', row.id).map((option) => option.attributeValueId)),
      },
    }),
    model<ItemOption>({
      name: 'product.template.attribute.value', table: tables.itemOptions, order: 'attribute_line_id, product_attribute_value_id, id',
      displayName: (row) => `${attributeName(row.attributeId)}: ${valueName(row.attributeValueId)}`,
      fields: {
        name: char((row) => valueName(row.attributeValueId)), product_attribute_value_id: many2one('product.attribute.value', (row) => row.attributeValueId, 'attributeValueId'),
        attribute_id: many2one('product.attribute', (row) => row.attributeId, 'attributeId'), attribute_line_id: many2one('product.template.attribute.line', (row) => row.itemAttributeId, 'itemAttributeId'),
        product_tmpl_id: many2one('product.template', (row) => row.itemId, 'itemId'), price_extra: float(() => '0'), ptav_active: boolean(() => true),
      },
    }),
  ];
}

const CATEGORY_WRITTEN: Columns = { name: ['name', String], parent_id: ['parentId', idOf] };

function categoryModel(tables: ErpTables): Model {
  const complete = (row: Category): string => (row.parentId === null ? row.name : `${complete(tables.categories.get(row.parentId)!)} / ${row.name}`);
  const path = (row: Category): string => `${row.parentId === null ? '' : path(tables.categories.get(row.parentId)!)}${String(row.id)}/`;
  return model<Category>({
    name: 'product.category', table: tables.categories, order: 'complete_name, id', displayName: complete,
    fields: {
      name: char((row) => row.name, 'name'), complete_name: char(complete), parent_path: char(path), parent_id: many2one('product.category', (row) => row.parentId, 'parentId'),
      child_id: many('one2many', 'product.category', (row) => ids(tables.categories.where('parentId', row.id))),
    },
    create: ({ engine }, values) => (engine.execute('erp/create-category', given(values, CATEGORY_WRITTEN)) as { categoryId: number }).categoryId,
    write: ({ engine }, categoryId, values) => void engine.execute('erp/update-category', { categoryId, ...given(values, CATEGORY_WRITTEN) }),
    unlink: ({ engine }, categoryId) => void engine.execute('erp/remove-category', { categoryId }),
  });
}
