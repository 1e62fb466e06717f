import { completenesses, inheritedCategories, inheritedValues } from '../../engine/pim-reads.ts';
import type { PimProduct, PimProductModel, PimState, PimValues } from '../../engine/pim-types.ts';
import { unprocessable } from './answers.ts';
import { testInstant, testValue, type Condition, type Search } from './operators.ts';

/** What a search sees of a product or model; the product-only fields are absent on models. */
interface Searched {
  readonly state: PimState;
  readonly nowMs: number;
  readonly row: PimProduct | PimProductModel;
  readonly values: () => PimValues;
}
type Test = (seen: Searched, condition: Condition) => boolean;

const product = (row: PimProduct | PimProductModel): PimProduct | null => ('uuid' in row ? row : null);

/** Fields that are not attributes. Keep in the order of the vendor's filter page (api.akeneo.com/documentation/filter.html). */
const fields: Readonly<Record<string, Test>> = {
  uuid: ({ row }, condition) => testValue('uuid', product(row)?.uuid, condition),
  identifier: ({ row }, condition) => testValue('identifier', 'uuid' in row ? row.identifier || null : row.code, condition),
  categories: (seen, condition) => testCategories(seen, condition),
  enabled: ({ row }, condition) => testValue('enabled', product(row)?.enabled, condition),
  completeness: ({ state, row }, condition) => {
    const held = product(row);
    if (held === null || condition.scope === undefined) throw unprocessable('Property "completeness" requires a scope.');
    const found = completenesses(state, held).filter((one) => one.scope === condition.scope && (condition.locale === undefined || one.locale === condition.locale));
    return found.some((one) => testValue('completeness', one.data, condition));
  },
  groups: (_, condition) => testValue('groups', null, condition),
  family: ({ row }, condition) => testValue('family', row.family, condition),
  created: ({ row, nowMs }, condition) => testInstant('created', row.created, condition, nowMs),
  updated: ({ row, nowMs }, condition) => testInstant('updated', latest(row), condition, nowMs),
  updated_including_linked_entities: ({ row, nowMs }, condition) => testInstant('updated_including_linked_entities', row.linkedUpdated, condition, nowMs),
  parent: ({ row }, condition) => testValue('parent', row.parent, condition),
};

/** A delta on `updated` also gives the variants whose parent model changed. */
function latest(row: PimProduct | PimProductModel): string {
  return 'uuid' in row ? row.linkedUpdated : row.updated;
}

/** Compiles a search into a test of one row. Throws 422 for unknown properties, also when no row would be tested. */
export function compileSearch(state: PimState, search: Search, nowMs: number): (row: PimProduct | PimProductModel) => boolean {
  const tests = Object.entries(search).flatMap(([field, conditions]) => {
    const test = fields[field] ?? attributeTest(state, field);
    return conditions.map((condition) => (seen: Searched) => test(seen, condition));
  });
  const passes = (row: PimProduct | PimProductModel): boolean => {
    let values: PimValues | null = null;
    const seen: Searched = { state, nowMs, row, values: () => (values ??= inheritedValues(state, row)) };
    return tests.every((test) => test(seen));
  };
  const sample = Object.values(state.products)[0] ?? Object.values(state.productModels)[0];
  if (sample !== undefined && tests.length > 0) passes(sample);
  return passes;
}

function attributeTest(state: PimState, code: string): Test {
  if (state.attributes[code] === undefined) throw unprocessable(`Filter on property "${code}" is not supported or does not support operator`);
  return (seen, condition) => {
    const held = (seen.values()[code] ?? []).filter((value) =>
      (condition.scope === undefined || value.scope === condition.scope) && (condition.locale === undefined || value.locale === condition.locale));
    return testValue(code, held.flatMap((value) => [value.data].flat()), condition);
  };
}

function testCategories({ state, row }: Searched, condition: Condition): boolean {
  const held = inheritedCategories(state, row);
  const wanted = [condition.value].flat().map(String);
  switch (condition.operator) {
    case 'UNCLASSIFIED': return held.length === 0;
    case 'IN OR UNCLASSIFIED': return held.length === 0 || held.some((code) => wanted.includes(code));
    case 'IN CHILDREN': return held.some((code) => pathOf(state, code).some((above) => wanted.includes(above)));
    case 'NOT IN CHILDREN': return !held.some((code) => pathOf(state, code).some((above) => wanted.includes(above)));
    default: return testValue('categories', held, condition);
  }
}

/** A category and all above it. */
function pathOf(state: PimState, code: string): string[] {
  const path: string[] = [];
  for (let at: string | null | undefined = code; at !== null && at !== undefined && !path.includes(at); at = state.categories[at]?.parent) path.push(at);
  return path;
}
