import type { Decimal } from '../../../domain/decimal.ts';
import type { KitComponent } from '../../../domain/inventory.ts';

/** What each kit is made of, by its SKU. */
export type Kits = ReadonlyMap<string, readonly KitComponent[]>;

/** Pieces per SKU, kits taken apart. Whole numbers: this world knows no half pieces. */
export function addUp(lines: readonly { readonly sku: string; readonly quantity: Decimal }[], kits: Kits): Map<string, number> {
  const pieces = new Map<string, number>();
  const add = (sku: string, quantity: number): void => void (quantity > 0 && pieces.set(sku, (pieces.get(sku) ?? 0) + quantity));
  for (const { sku, quantity } of lines) {
    const components = kits.get(sku);
    if (components) for (const part of components) add(part.sku, Number(part.quantity) * Number(quantity));
    else add(sku, Number(quantity));
  }
  return pieces;
}
