import type { CallContext } from '../../domain/connector.ts';
import { divide, isPositive, round, type Decimal } from '../../domain/decimal.ts';
import type { UnitConversion } from '../../domain/inventory.ts';
import type { OdooClient } from './client.ts';
import { decimalOf, idOf } from './convert.ts';
import { ARCHIVED_TOO, readAll } from './paging.ts';
import type { OdooUnitRow } from './wire.ts';

export type Units = ReadonlyMap<number, OdooUnitRow>;

/** Every unit of measure, archived ones too: a few dozen. */
export async function readUnits(client: OdooClient, call: CallContext): Promise<Units> {
  const columns = ['name', 'rounding', 'factor', 'factor_inv', 'category_id', 'parent_path', 'active'];
  const rows = await readAll<OdooUnitRow>(client, { model: 'uom.uom', columns, domain: [ARCHIVED_TOO] }, call);
  return new Map(rows.map((row) => [row.id, row]));
}

/** What can be converted into each other: until 18 a category, from 19 on everything below one reference unit. */
const familyOf = ({ id, category_id, parent_path }: OdooUnitRow): string =>
  category_id ? `category ${idOf(category_id)}` : `reference ${parent_path?.split('/')[0] ?? id}`;

/** How many reference units one of it is. Until 18 `factor` is the reverse (a dozen: 0.0833…), and `factor_inv` what is meant. */
function sizeOf({ name, factor, factor_inv }: OdooUnitRow): Decimal {
  const size = decimalOf(factor_inv ?? factor);
  if (!isPositive(size)) throw new RangeError(`unit ${JSON.stringify(name)} is ${size} reference units`);
  return size;
}

/** How many of `to` one of `from` is, to twelve digits. @throws RangeError where they have nothing in common. */
export function unitFactor(from: OdooUnitRow, to: OdooUnitRow): Decimal {
  if (familyOf(from) !== familyOf(to)) throw new RangeError(`unit ${JSON.stringify(from.name)} cannot be converted to ${JSON.stringify(to.name)}`);
  return round(divide(sizeOf(from), sizeOf(to)), 12, 'HALF_UP');
}

/**
 * Units an item may be ordered in beside its own: from 19 on the packagings it names (`uom_ids`), before every unit of its
 * category.
 */
export function unitsBeside(own: OdooUnitRow, packagings: readonly number[] | undefined, units: Units): readonly UnitConversion[] {
  const candidates = packagings === undefined ? [...units.values()] : packagings.flatMap((id) => units.get(id) ?? []);
  return candidates
    .filter((unit) => unit.id !== own.id && unit.active !== false && familyOf(unit) === familyOf(own))
    .map((unit) => ({ code: unit.name, factor: unitFactor(unit, own) }))
    .filter(({ factor }) => isPositive(factor));
}
