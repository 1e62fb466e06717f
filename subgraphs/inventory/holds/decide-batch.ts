import { sum } from '../../../domain/decimal.ts';
import { Failure } from '../../../domain/failure.ts';
import type { HoldLine } from '../../../domain/inventory.ts';
import { dayOf, instant } from '../../../domain/time.ts';
import type { Sql } from '../../../platform/stores/sql.ts';
import { checkRequestedDay } from '../promise/input-checks.ts';
import type { BasketPlanner, DemandLine, Supply } from '../promise/plan.ts';
import { createBasketPlanner } from '../promise/planner.ts';
import { toOwnUnits } from '../promise/units.ts';
import { readSupply } from '../supply/store-positions.ts';
import { decideHold, type Decision } from './decide.ts';
import type { Demand } from './demand.ts';
import type { Settled } from './group-commit.ts';
import type { HoldTools } from './hold-tools.ts';
import { readReplaced, replacedBy } from './replacement.ts';
import type { StoredHold } from './store-holds.ts';

export interface DecidedBatch {
  /** One per request, in order; what a request did wrong is its failure. */
  readonly decisions: readonly Settled<Decision>[];
  /** Holds that make way. */
  readonly replaced: readonly string[];
}

/** Reads stock once and decides each request in the order of arrival: each sees what those before it took. SKUs must be locked. */
export async function decideBatch({ clock, policy }: HoldTools, tx: Sql, batch: readonly Demand[]): Promise<DecidedBatch> {
  const today = dayOf(instant(clock.now()));
  const supply = await readSupply(tx, [...new Set(batch.flatMap(({ lines }) => lines.map((line) => line.sku)))]);
  const holds = await readReplaced(tx, batch.map(({ request }) => request));
  const planner = createBasketPlanner(supply, today, policy);
  const replaced = new Set<string>();
  const decisions = batch.map((demand): Settled<Decision> => {
    try {
      checkRequestedDay(demand.request.requestedOn ?? null, today, policy.atp.horizonDays);
      const old = replacedBy(demand.request, holds);
      const decision = decide(planner, supply, demand, old === null || replaced.has(old.id) ? null : old);
      if (decision.kind === 'HELD' && old) replaced.add(old.id);
      return { ok: true, value: decision };
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      return { ok: false, error };
    }
  });
  return { decisions, replaced: [...replaced] };
}

const NOTHING: readonly HoldLine[] = [];

function decide(planner: BasketPlanner, supply: Supply, { request }: Demand, old: StoredHold | null): Decision {
  const { channel, shipTo = null, requestedOn = null, allowPartial = false } = request;
  return decideHold(planner, {
    lines: addUpBySku(toOwnUnits(request.lines, supply.positions)), channel, shipTo, on: requestedOn, allowPartial,
    givesBack: old?.lines ?? NOTHING, givesBackTo: old?.channel ?? null,
  });
}

/** One per SKU, in SKU order. */
function addUpBySku(lines: readonly DemandLine[]): readonly DemandLine[] {
  if (lines.length === 1) return lines;
  const added = [...Map.groupBy(lines, (line) => line.sku)].map(([sku, same]) => ({ sku, quantity: sum(same.map((line) => line.quantity)) }));
  return added.sort((a, b) => (a.sku < b.sku ? -1 : 1));
}
