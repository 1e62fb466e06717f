import fc from 'fast-check';

/* Holds as anybody would write them down who need not be fast: the yardstick for random sequences. */

export const SKUS = ['P', 'Q', 'R'] as const;
/** By location, in the order in which they are drawn on. */
export const STOCK: Readonly<Record<string, readonly number[]>> = { P: [3, 4], Q: [10, 0], R: [1, 0] };
export const totalOf = (sku: string): number => STOCK[sku]!.reduce((sum, quantity) => sum + quantity, 0);

export type Command =
  | { readonly kind: 'place'; readonly lines: Readonly<Record<string, number>>; readonly allowPartial: boolean; readonly replaces: number | null }
  | { readonly kind: 'release' | 'commit' | 'extend' | 'runOut'; readonly hold: number }
  | { readonly kind: 'sweep' };

const basket = fc.uniqueArray(fc.constantFrom(...SKUS), { minLength: 1 }).chain((skus) =>
  fc.array(fc.integer({ min: 1, max: 5 }), { minLength: skus.length, maxLength: skus.length }).map((quantities) => Object.fromEntries(skus.map((sku, index) => [sku, quantities[index]!]))),
);

/** Holds are named by the order in which they were made, modulo how many there are. */
export const commands: fc.Arbitrary<Command[]> = fc.array(
  fc.oneof(
    { weight: 5, arbitrary: fc.record({ kind: fc.constant('place' as const), lines: basket, allowPartial: fc.boolean(), replaces: fc.option(fc.nat(9)) }) },
    { weight: 4, arbitrary: fc.record({ kind: fc.constantFrom('release' as const, 'commit' as const, 'extend' as const, 'runOut' as const), hold: fc.nat(9) }) },
    { weight: 1, arbitrary: fc.constant({ kind: 'sweep' as const }) },
  ),
  { minLength: 5, maxLength: 30 },
);

export interface ModelHold {
  state: 'HELD' | 'COMMITTED' | 'RELEASED' | 'EXPIRED';
  extended: boolean;
  readonly lines: Readonly<Record<string, number>>;
}

export class HoldModel {
  readonly holds: ModelHold[] = [];

  heldOf(sku: string): number {
    return this.holds.filter(({ state }) => state === 'HELD' || state === 'COMMITTED').reduce((sum, { lines }) => sum + (lines[sku] ?? 0), 0);
  }

  /** The lines it holds, or null when it is refused; `CONFLICT` when the hold to replace belongs to an order. */
  place(lines: Readonly<Record<string, number>>, allowPartial: boolean, replaces: ModelHold | null): ModelHold | null | 'CONFLICT' {
    if (replaces?.state === 'COMMITTED') return 'CONFLICT';
    const own = replaces?.state === 'HELD' ? replaces : null;
    const had = Object.entries(lines).map(([sku, asked]): [string, number] => {
      const left = totalOf(sku) - this.heldOf(sku) + (own?.lines[sku] ?? 0);
      return [sku, Math.min(asked, left)];
    });
    const isWhole = had.every(([sku, quantity]) => quantity === lines[sku]);
    if (!isWhole && !(allowPartial && had.some(([, quantity]) => quantity > 0))) return null;
    if (own) own.state = 'RELEASED';
    const hold: ModelHold = { state: 'HELD', extended: false, lines: Object.fromEntries(had.filter(([, quantity]) => quantity > 0)) };
    this.holds.push(hold);
    return hold;
  }
}
