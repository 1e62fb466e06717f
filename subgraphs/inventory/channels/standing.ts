import type { Decimal } from '../../../domain/decimal.ts';
import type { Sku } from '../../../domain/ids.ts';
import { dayOf, instant, type CalendarDate } from '../../../domain/time.ts';
import type { Clock } from '../../../platform/clock.ts';
import type { Sql } from '../../../platform/stores/sql.ts';
import { describeAllocation, type AllocationStanding } from '../promise/allocation.ts';
import { fromFixedPoint } from '../promise/fixed-point.ts';
import type { Supply } from '../promise/plan.ts';
import type { InventoryPolicy } from '../promise/policy.ts';
import type { LocationPosition } from '../promise/position.ts';
import { everywhere, openSupply } from '../promise/sku-supply.ts';
import { readSupply } from '../supply/store-positions.ts';

/** How one allocated SKU stands, and the figures it rests on. */
export interface SkuStanding {
  readonly sku: Sku;
  readonly standing: AllocationStanding;
  readonly atpToday: Decimal;
  readonly quantityDigits: number;
  readonly locations: readonly LocationPosition[];
}

export interface StandingTools {
  readonly clock: Clock;
  readonly policy: InventoryPolicy;
}

/** Those of these SKUs that are allocated. A kit has nothing of its own to share out. Pure. */
export function standingsOf(supply: Supply, today: CalendarDate, policy: InventoryPolicy): readonly SkuStanding[] {
  return [...supply.allocations].flatMap(([sku, allocation]) => {
    const position = supply.positions.get(sku);
    if (!position?.item || position.components.length > 0) return [];
    const atpToday = fromFixedPoint(everywhere(openSupply(position, null, today, policy).projections, today));
    const { quantityDigits } = position.item;
    return [{ sku, atpToday, quantityDigits, locations: position.locations, standing: describeAllocation(allocation, atpToday, quantityDigits) }];
  });
}

/** Null for a SKU that is not allocated. */
export async function readStanding(sql: Sql, sku: Sku, { clock, policy }: StandingTools): Promise<SkuStanding | null> {
  const standings = standingsOf(await readSupply(sql, [sku]), dayOf(instant(clock.now())), policy);
  return standings.find((standing) => standing.sku === sku) ?? null;
}
