import { decimal } from '../../../domain/decimal.ts';
import type { CalendarDate } from '../../../domain/time.ts';
import { systemClock } from '../../../platform/clock.ts';
import { Erp } from '../world/erp.ts';
import type { Kits } from '../world/kits.ts';
import type { Random } from '../world/random.ts';

export const STORM_SKUS = ['A', 'B', 'C', 'D', 'E', 'F'].map((letter) => `STORM-${letter}`);

/** Wanted now, and anybody's. */
export const STORM_PLAN = { skus: STORM_SKUS, days: [], shares: null };

/** Three kits over the same components. */
export const STORM_KITS: Kits = new Map([
  ['KIT-AB', [{ sku: 'STORM-A', quantity: decimal(1) }, { sku: 'STORM-B', quantity: decimal(1) }]],
  ['KIT-AC', [{ sku: 'STORM-A', quantity: decimal(2) }, { sku: 'STORM-C', quantity: decimal(1) }]],
  ['KIT-BCD', [{ sku: 'STORM-B', quantity: decimal(1) }, { sku: 'STORM-C', quantity: decimal(1) }, { sku: 'STORM-D', quantity: decimal(1) }]],
]);

const PURCHASES = 400;

/** Little on the shelves and much on its way, so that there is always somebody who comes too late. */
export function createStormErp(random: Random): Erp {
  const places = STORM_SKUS.flatMap((sku) => ['L1', 'L2'].map((locationCode) => ({ sku, locationCode })));
  return new Erp(
    {
      stock: places.map((place) => ({ ...place, quantity: decimal(10) })),
      purchases: Array.from({ length: PURCHASES }, () => ({ ...random.pick(places), quantity: decimal(random.int(1, 6)), dueOn: '2099-12-31' as CalendarDate })),
      kits: STORM_KITS,
    },
    { random, now: systemClock.now, note: () => undefined },
  );
}
