import { ZERO } from '../../../domain/decimal.ts';
import type { Sku } from '../../../domain/ids.ts';
import type { HeldLine, HoldLine, LineSource } from '../../../domain/inventory.ts';
import type { CalendarDate } from '../../../domain/time.ts';
import type { ChannelUse } from './allocation.ts';
import { createBasket, judgeInOnePlace, type JudgedLine } from './basket.ts';
import { fromFixedPoint, toFixedPoint } from './fixed-point.ts';
import type { BasketPlanner, PlannedLine, Supply } from './plan.ts';
import type { InventoryPolicy } from './policy.ts';
import { servingOf } from './serving.ts';
import { openSupply, takeAt, type SkuSupply } from './sku-supply.ts';

/**
 * Judges baskets against one supply, which it never changes. Projections are computed at the first question about a SKU;
 * every taking is then subtracted from them.
 * @throws Failure INVALID_INPUT for a channel that is not configured where channels are.
 */
export function createBasketPlanner(supply: Supply, today: CalendarDate, policy: InventoryPolicy): BasketPlanner {
  const opened = new Map<Sku, SkuSupply | null>();
  const supplyOf = (sku: Sku): SkuSupply | null => {
    const known = opened.get(sku);
    if (known !== undefined) return known;
    const position = supply.positions.get(sku);
    const fresh = position ? openSupply(position, supply.allocations.get(sku) ?? null, today, policy) : null;
    opened.set(sku, fresh);
    return fresh;
  };
  return {
    plan: (question) => {
      const serving = servingOf(policy, question.channel, question.shipTo);
      const basket = createBasket(supplyOf, today, question);
      const judged = serving.splitting === 'NONE' ? judgeInOnePlace(basket, serving) : basket.judge(serving);
      return judged.map(presentLine);
    },
    take: (lines, channel) => {
      const uses: ChannelUse[] = [];
      for (const { sku, locationCode, quantity, dueOn } of lines) {
        const known = supplyOf(sku);
        if (!known) continue;
        const today = takeAt(known, locationCode, toFixedPoint(quantity), dueOn);
        if (known.limits === null) continue;
        known.limits.take(channel, today);
        uses.push({ sku, quantity: fromFixedPoint(today) });
      }
      return uses;
    },
  };
}

function presentLine({ line, judgement, draws }: JudgedLine): PlannedLine {
  const { sku, quantity: requested } = line;
  if (judgement.kind === 'REJECTED') return { sku, requested, outcome: judgement, takes: [], held: { sku, requested, held: ZERO, backordered: ZERO, promisedOn: null } };
  const sources = draws.map((draw): LineSource => ({ sku: draw.sku, locationCode: draw.locationCode, quantity: fromFixedPoint(draw.quantity) }));
  const takes = sources.map((source): HoldLine => ({ ...source, dueOn: judgement.dueOn }));
  if (judgement.kind === 'PARTIAL') {
    const confirmed = fromFixedPoint(judgement.taken);
    const outcome = { kind: judgement.kind, confirmed, schedule: judgement.schedule, sources } as const;
    return { sku, requested, outcome, takes, held: { sku, requested, held: confirmed, backordered: ZERO, promisedOn: judgement.dueOn } };
  }
  const { date, basis, covered, dueOn } = judgement;
  const held: HeldLine = {
    sku, requested, held: fromFixedPoint(covered), backordered: fromFixedPoint(toFixedPoint(requested) - covered),
    promisedOn: basis === 'LEAD_TIME' ? date : dueOn,
  };
  return { sku, requested, outcome: { kind: judgement.kind, date, basis, sources }, takes, held };
}
