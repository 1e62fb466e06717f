import type { ItemPort } from '../../domain/connector.ts';
import type { CallContext } from '../../domain/connector.ts';
import type { ItemOption } from '../../domain/catalog.ts';
import type { OdooClient } from './client.ts';
import { readCategories } from './categories.ts';
import { idOf, textOrNull } from './convert.ts';
import { kitsChangedSince, readBoms } from './boms.ts';
import { itemMap } from './item.map.ts';
import { ARCHIVED_TOO, mapPage, readByIds, readPage } from './paging.ts';
import { recipesOf } from './recipe.ts';
import { findSharedSkus } from './skus.ts';
import { readUnits } from './units.ts';
import type { OdooAttributeValueRow, OdooProductRow } from './wire.ts';

const MODEL = 'product.product';

/** A template's write (name, category, sellable) leaves its variants' write dates alone: the delta asks for both. */
const QUERY = { model: MODEL, columns: itemMap.reads, domain: [ARCHIVED_TOO], writtenBy: ['write_date', 'product_tmpl_id.write_date'] };

export function itemPort(client: OdooClient): ItemPort {
  const wholeUnits = new Set(client.settings.wholeUnits);
  return {
    listItems: async (page, call) => {
      const kits = page.since === null ? [] : await kitsChangedSince(client, page.since, call);
      const query = kits.length === 0 ? QUERY : { ...QUERY, alsoListed: [['product_tmpl_id', 'in', kits] as const] };
      const found = await readPage<OdooProductRow>(client, query, page, call);
      const [units, categories, options, boms] = await Promise.all([
        readUnits(client, call), readCategories(client, call), readOptions(client, found.rows, call), readBoms(client, found.rows, call),
      ]);
      const sharedSkus = await findSharedSkus(client, [...found.rows, ...boms.products.values()].flatMap((row) => textOrNull(row.default_code) ?? []), call);
      const recipes = recipesOf(found.rows, { boms, units, sharedSkus });
      return mapPage(found, MODEL, itemMap, { system: client.system, units, wholeUnits, categoryPaths: categories.names, options, sharedSkus, recipes });
    },
  };
}

async function readOptions(client: OdooClient, rows: readonly OdooProductRow[], call: CallContext): Promise<ReadonlyMap<number, ItemOption>> {
  const ids = rows.flatMap((row) => row.product_template_attribute_value_ids);
  const values = await readByIds<OdooAttributeValueRow>(client, 'product.template.attribute.value', ids, ['name', 'attribute_id'], call);
  return new Map([...values].map(([id, { name, attribute_id }]) => [id, { name: labelOf(attribute_id), value: name }]));
}

/** Attribute names have no row of their own to read: the label is the name. */
const labelOf = (attribute: OdooAttributeValueRow['attribute_id']): string => (attribute === false ? '' : attribute[1] || String(idOf(attribute)));
