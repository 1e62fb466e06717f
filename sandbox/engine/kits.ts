import { add, big, decimal, isPositive, text, times, type DecimalText } from './decimal.ts';
import { byId, variantBySku } from './lookups.ts';
import { Rejection } from './part.ts';
import type { Bom, Unit, Variant } from './rows.ts';
import type { SeedKit } from './seed-types.ts';
import type { ErpTables } from './tables.ts';

export interface NewBom {
  readonly itemId: number;
  /** Null: of every variant. */
  readonly variantId?: number | null;
  readonly quantity?: DecimalText;
  readonly unitId?: number;
  readonly kind?: Bom['kind'];
  readonly lines: readonly { readonly variantId: number; readonly quantity: DecimalText; readonly unitId?: number }[];
}

/** How many of the reference unit one of it is. */
export const sizeOf = (unit: Unit): DecimalText => unit.size ?? '1';

const ownUnit = (tables: ErpTables, variant: Variant): Unit => tables.units.get(tables.items.get(variant.itemId)!.unitId)!;

/** A bill of materials. A "phantom" one makes the item a kit: sold as one, moved as its components. Cycles are refused. */
export function createBom(tables: ErpTables, args: NewBom): { readonly bomId: number } {
  const item = byId(tables.items, args.itemId, 'item');
  const bom = tables.boms.insert({
    itemId: item.id, variantId: args.variantId ?? null, quantity: decimal(args.quantity ?? '1', 'product_qty'), unitId: args.unitId ?? item.unitId,
    kind: args.kind ?? 'normal', sequence: 0, active: true,
  });
  if (!isPositive(bom.quantity)) throw new Rejection('invalid', 'The quantity to produce must be positive!');
  for (const line of args.lines) {
    const component = byId(tables.variants, line.variantId, 'product');
    tables.bomLines.insert({ bomId: bom.id, variantId: component.id, quantity: decimal(line.quantity, 'product_qty'), unitId: line.unitId ?? ownUnit(tables, component).id });
  }
  for (const variant of tables.variants.where('itemId', item.id)) partsOf(tables, variant.id);
  return { bomId: bom.id };
}

export function updateBom(tables: ErpTables, args: { readonly bomId: number; readonly active?: boolean; readonly kind?: Bom['kind']; readonly quantity?: DecimalText }): true {
  const { bomId, ...patch } = args;
  tables.boms.update(byId(tables.boms, bomId, 'bill of materials').id, patch);
  return true;
}

export function removeBom(tables: ErpTables, args: { readonly bomId: number }): true {
  for (const line of tables.bomLines.where('bomId', args.bomId)) tables.bomLines.remove(line.id);
  tables.boms.remove(byId(tables.boms, args.bomId, 'bill of materials').id);
  return true;
}

/** A kit of the seed, by SKUs. */
export function createKit(tables: ErpTables, { sku, components }: SeedKit): void {
  const kit = variantBySku(tables, sku);
  const lines = components.map((component) => ({ variantId: variantBySku(tables, component.sku).id, quantity: component.quantity }));
  createBom(tables, { itemId: kit.itemId, variantId: kit.id, kind: 'phantom', lines });
}

const kitBomOf = (tables: ErpTables, { id, itemId }: Variant): Bom | undefined =>
  tables.boms.where('itemId', itemId)
    .filter((bom) => bom.active && bom.kind === 'phantom' && (bom.variantId === null || bom.variantId === id))
    .sort((a, b) => a.sequence - b.sequence || Number(a.variantId === null) - Number(b.variantId === null) || a.id - b.id)[0];

/** What one of a kit is made of, nested kits taken apart; null: it is no kit. */
export function partsOf(tables: ErpTables, variantId: number, path: readonly number[] = []): ReadonlyMap<number, DecimalText> | null {
  const variant = tables.variants.get(variantId)!;
  const bom = kitBomOf(tables, variant);
  if (bom === undefined) return null;
  if (path.includes(variantId)) throw new Rejection('invalid', `The current configuration is incorrect because it would create a cycle between these products: ${variant.sku}.`);
  const made = big(times(bom.quantity, sizeOf(tables.units.get(bom.unitId)!))).div(sizeOf(ownUnit(tables, variant)));
  const parts = new Map<number, DecimalText>();
  for (const line of tables.bomLines.where('bomId', bom.id)) {
    const component = tables.variants.get(line.variantId)!;
    const each = text(big(times(line.quantity, sizeOf(tables.units.get(line.unitId)!))).div(sizeOf(ownUnit(tables, component))).div(made));
    const below = partsOf(tables, component.id, [...path, variantId]) ?? new Map([[component.id, '1']]);
    for (const [id, quantity] of below) parts.set(id, add(parts.get(id) ?? '0', times(each, quantity)));
  }
  return parts;
}

/** A unit counted in another: `{ name, size, referenceId }`, size in the given unit. */
export function createUnit(tables: ErpTables, args: { readonly name: string; readonly factor?: DecimalText; readonly relativeToId?: number | null }): { readonly unitId: number } {
  const above = args.relativeToId == null ? null : byId(tables.units, args.relativeToId, 'unit');
  const size = times(decimal(args.factor ?? '1', 'relative_factor'), above === null ? '1' : sizeOf(above));
  return { unitId: tables.units.insert({ code: args.name, name: args.name, rounding: '0.01', size, relativeToId: above?.id ?? null }).id };
}
