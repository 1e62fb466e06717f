import type { AttributeDefinition, CategoryContent } from '../../domain/catalog.ts';
import { converter, mapEntity } from '../../platform/mapping.ts';
import { labelsOf } from './values.ts';
import type { AkeneoAttributeRow, AkeneoCategoryRow } from './wire.ts';

export interface StructureGiven {
  readonly locales: readonly string[];
  /** Attribute that becomes the brand; it is narrowed by as such, not a second time as an attribute. */
  readonly brandCode?: string;
}

const KINDS: Readonly<Record<string, AttributeDefinition['kind']>> = {
  pim_catalog_identifier: 'TEXT', pim_catalog_text: 'TEXT', pim_catalog_textarea: 'TEXT', pim_catalog_number: 'NUMBER',
  pim_catalog_boolean: 'BOOLEAN', pim_catalog_simpleselect: 'OPTION', pim_catalog_multiselect: 'OPTIONS', pim_catalog_metric: 'METRIC',
  pim_catalog_date: 'DATE', pim_catalog_price_collection: 'PRICE',
};

/** Types with few values: what a shopper narrows a listing by. Texts and numbers have one value a product. */
const NARROWING: ReadonlySet<string> = new Set(['pim_catalog_simpleselect', 'pim_catalog_multiselect', 'pim_catalog_boolean']);

const code = converter('text', (value: string) => value);

/** categories -> CategoryContent */
export const categoryMap = mapEntity<AkeneoCategoryRow, CategoryContent, StructureGiven>('CategoryContent', ({ from, merge }) => ({
  code: from('code', code),
  parentCode: from('parent', converter('text or null', (parent: string | null) => parent)),
  name: merge(['labels', 'code'], converter('label per locale, else the code', (row, { locales }: StructureGiven) => labelsOf(row.labels, locales, row.code))),
  position: from('position', converter('number, 0 before 7.0', (position: number | undefined) => position ?? 0)),
}));

/** attributes -> AttributeDefinition */
export const attributeMap = mapEntity<AkeneoAttributeRow, AttributeDefinition, StructureGiven>('AttributeDefinition', ({ from, merge }) => ({
  code: from('code', code),
  label: merge(['labels', 'code'], converter('label per locale, else the code', (row, { locales }: StructureGiven) => labelsOf(row.labels, locales, row.code))),
  kind: from('type', converter('by type, else OTHER', (type: string) => KINDS[type] ?? 'OTHER')),
  filterable: merge(
    ['useable_as_grid_filter', 'type', 'code'],
    converter('flag, for options and yes or no', (row, { brandCode }: StructureGiven) => row.useable_as_grid_filter === true && NARROWING.has(row.type) && row.code !== brandCode),
  ),
}));
