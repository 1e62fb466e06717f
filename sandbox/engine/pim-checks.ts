import { Rejection } from './part.ts';
import { attributesOfLevel, levelOf } from './pim-reads.ts';
import type { PimAttribute, PimState, PimValue, PimValues } from './pim-types.ts';

/** The PIM's "no" to a write: the request was understood and breaks a rule. Answered as 422. */
export class PimRejection extends Rejection {
  constructor(message: string) {
    super('refused', message);
  }
}

const seeReference = 'Check the expected format on the API documentation.';

/** Refuses a value the catalogue has no place for: unknown attribute, wrong locale or scope, unknown option, wrong shape. */
export function checkValues(state: PimState, values: PimValues): void {
  for (const [code, rows] of Object.entries(values)) {
    const attribute = state.attributes[code];
    if (attribute === undefined) throw new PimRejection(`The ${code} attribute does not exist in your PIM. ${seeReference}`);
    if (!Array.isArray(rows)) throw new PimRejection(`Property "${code}" expects an array as data, "${typeof rows}" given. ${seeReference}`);
    for (const value of rows) checkValue(state, attribute, value);
  }
}

function checkValue(state: PimState, attribute: PimAttribute, value: PimValue): void {
  const { code } = attribute;
  if (attribute.localizable !== (value.locale !== null)) {
    throw new PimRejection(attribute.localizable
      ? `The ${code} attribute requires a locale. ${seeReference}`
      : `The ${code} attribute does not require a locale, "${value.locale}" was detected. ${seeReference}`);
  }
  if (attribute.scopable !== (value.scope !== null)) {
    throw new PimRejection(attribute.scopable
      ? `The ${code} attribute requires a scope. ${seeReference}`
      : `The ${code} attribute does not require a scope, "${value.scope}" was detected. ${seeReference}`);
  }
  if (value.locale !== null && state.locales[value.locale]?.enabled !== true) {
    throw new PimRejection(`The ${code} attribute requires a valid locale. The ${value.locale} locale does not exist.`);
  }
  if (value.scope !== null && state.channels[value.scope] === undefined) {
    throw new PimRejection(`The ${code} attribute requires a valid scope. The ${value.scope} scope does not exist.`);
  }
  if (value.data !== null) checkData(state, attribute, value.data);
}

function checkData(state: PimState, attribute: PimAttribute, data: unknown): void {
  const { code, type } = attribute;
  const expected = (what: string): PimRejection => new PimRejection(`The ${code} attribute requires ${what}, a ${typeof data} was detected. ${seeReference}`);
  if (type === 'pim_catalog_boolean' && typeof data !== 'boolean') throw expected('a boolean');
  if (['pim_catalog_text', 'pim_catalog_textarea', 'pim_catalog_identifier'].includes(type) && typeof data !== 'string') throw expected('a string');
  if (type === 'pim_catalog_metric' && (typeof data !== 'object' || !('amount' in data!) || !('unit' in data))) throw expected('an amount and a unit');
  if (type === 'pim_catalog_multiselect' && !Array.isArray(data)) throw expected('an array');
  if (type === 'pim_catalog_simpleselect' || type === 'pim_catalog_multiselect') {
    for (const option of [data].flat()) {
      if (state.options[code]?.[String(option)] === undefined) {
        throw new PimRejection(`Property "${code}" expects a valid code. The option "${String(option)}" does not exist.`);
      }
    }
  }
}

/** Refuses references to what is not there, and values on a level the family variant gives to another. */
export function checkPlace(state: PimState, row: {
  readonly family: string | null; readonly parent: string | null; readonly categories: readonly string[]; readonly values: PimValues;
  readonly familyVariant?: string;
}): void {
  if (row.family !== null && state.families[row.family] === undefined) {
    throw new PimRejection(`Property "family" expects a valid family code. The family does not exist, "${row.family}" given. ${seeReference}`);
  }
  for (const category of row.categories) {
    if (state.categories[category] !== undefined) continue;
    throw new PimRejection(`Property "categories" expects a valid category code. The category does not exist, "${category}" given. ${seeReference}`);
  }
  const parent = row.parent === null ? undefined : state.productModels[row.parent];
  if (row.parent !== null && parent === undefined) {
    throw new PimRejection(`Property "parent" expects a valid parent code. The parent product model does not exist, "${row.parent}" given. ${seeReference}`);
  }
  const variant = state.familyVariants[row.familyVariant ?? parent?.familyVariant ?? ''];
  if (variant === undefined) return;
  const allowed = attributesOfLevel(state, variant, levelOf(state, row));
  const misplaced = Object.keys(row.values).find((code) => code !== 'sku' && !allowed.has(code));
  if (misplaced !== undefined) {
    throw new PimRejection(`Cannot set the property "${misplaced}" to this entity as it is not in the attribute set.`);
  }
}
