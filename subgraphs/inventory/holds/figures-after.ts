import { add, greatest, subtract, ZERO, type Decimal } from '../../../domain/decimal.ts';
import type { Figure, Figures } from '../changes/announcements.ts';
import type { Placed } from './store-placement.ts';

/**
 * What can be sold today once these holds are written, without reading it again: less by what they take from now on, and
 * never below nothing, which is what a figure says that was below nothing before.
 */
export function figuresAfter(before: Figures, placed: readonly Placed[]): Figures {
  const after = new Map(before);
  for (const [key, { sku, locationCode, undated, dated }] of takenByPlace(placed)) {
    const figure = before.get(key) ?? { sku, locationCode, sellable: ZERO, dated: '' };
    after.set(key, { ...figure, sellable: greatest(ZERO, subtract(figure.sellable, undated)), dated: dated ? `${figure.dated} and more` : figure.dated });
  }
  return after;
}

type Taken = Pick<Figure, 'sku' | 'locationCode'> & { undated: Decimal; dated: boolean };

function takenByPlace(placed: readonly Placed[]): ReadonlyMap<string, Taken> {
  const taken = new Map<string, Taken>();
  for (const { decision } of placed) {
    if (decision.kind === 'SHORT') continue;
    for (const { sku, locationCode, quantity, dueOn } of decision.lines) {
      const key = `${sku} ${locationCode}`;
      const place = taken.get(key) ?? { sku, locationCode, undated: ZERO, dated: false };
      if (dueOn === null) place.undated = add(place.undated, quantity);
      else place.dated = true;
      taken.set(key, place);
    }
  }
  return taken;
}
