import { ZERO } from '../../../domain/decimal.ts';
import type { Promotion } from '../../../domain/promotions.ts';
import { chooseInGroups, giveWayToExclusive, type Assignment } from './choice.ts';
import { applyPromotion, isBasketWide, stageOf, STAGES } from './effects.ts';
import { isFor, isOffered, orderPromotions } from './fitting.ts';
import { finishLine, startLine, type LineState } from './line-state.ts';
import type { PromotableLine, PromotedLine, PromotedUnit, PromotionContext } from './promotable.ts';

export type { PromotableLine, PromotedLine, PromotedUnit, PromotionContext } from './promotable.ts';

/**
 * The price of a piece with promotions, not rounded yet: what a basket of this line alone would charge for one. Promotions on line and
 * basket do not show here, though an exclusive one keeps others away.
 */
export function promoteUnit(line: PromotableLine, promotions: readonly Promotion[], context: PromotionContext): PromotedUnit {
  const offered = orderPromotions(promotions.filter((promotion) => isOffered(promotion, context) && isFor(promotion, line)));
  const state = offered.length === 0 ? null : startLine(line);
  if (state === null || !('line' in state)) return { found: line.found, applied: [] };
  const [promoted] = decide([state], offered);
  const ofUnit = new Set(offered.filter(({ effect }) => stageOf(effect) === 'UNIT').map(({ code }) => code));
  return { found: promoted!.found, applied: promoted!.applied.filter(({ code }) => ofUnit.has(code)) };
}

/**
 * What promotions make of a basket, per line, in order. The README has the rules in words. Lines of two currencies are two baskets: their amounts
 * have no sum. A line without a price stays without.
 */
export function promoteBasket(lines: readonly PromotableLine[], promotions: readonly Promotion[], context: PromotionContext): readonly PromotedLine[] {
  const offered = orderPromotions(promotions.filter((promotion) => isOffered(promotion, context)));
  const started = lines.map(startLine);
  const promoted = new Map<LineState, LineState>();
  for (const states of byCurrency(started.flatMap((state) => ('line' in state ? [state] : [])))) {
    decide(states, offered).forEach((after, index) => promoted.set(states[index]!, after));
  }
  return started.map((state) => ('line' in state ? finishLine(promoted.get(state)!) : { resolution: state, discount: ZERO, applied: [] }));
}

function byCurrency(states: readonly LineState[]): Iterable<readonly LineState[]> {
  const baskets = new Map<string, LineState[]>();
  for (const state of states) baskets.set(state.found.currencyCode, [...(baskets.get(state.found.currencyCode) ?? []), state]);
  return baskets.values();
}

/**
 * Groups choose, exclusive ones take their lines, all are applied. A group's choice that then finds nothing to take off (its basket has become
 * too small) is none: the group chooses again without it.
 */
function decide(states: readonly LineState[], offered: readonly Promotion[]): readonly LineState[] {
  let candidates: Assignment = assign(offered, states);
  for (;;) {
    const chosen = chooseInGroups(candidates, states);
    const promoted = applyAll(giveWayToExclusive(chosen, states), states);
    const remaining = withoutIdle(candidates, chosen, promoted);
    if (remaining === null) return promoted;
    candidates = remaining;
  }
}

const assign = (offered: readonly Promotion[], states: readonly LineState[]): Assignment =>
  new Map(offered.flatMap((promotion) => {
    const lines = states.flatMap(({ line }, index) => (isFor(promotion, line) ? [index] : []));
    return lines.length === 0 ? [] : [[promotion, lines] as const];
  }));

function applyAll(assigned: Assignment, states: readonly LineState[]): readonly LineState[] {
  const current = [...states];
  for (const stage of STAGES) {
    for (const [promotion, lines] of assigned) {
      if (stageOf(promotion.effect) !== stage) continue;
      const after = applyPromotion(promotion, lines.map((line) => current[line]!));
      lines.forEach((line, index) => (current[line] = after[index]!));
    }
  }
  return current;
}

/** Null: every choice of a group was put to use. */
function withoutIdle(candidates: Assignment, chosen: Assignment, promoted: readonly LineState[]): Assignment | null {
  const idle = new Map<Promotion, ReadonlySet<number>>();
  for (const [promotion, lines] of chosen) {
    if (promotion.exclusionGroup === null) continue;
    const unused = lines.filter((line) => !promoted[line]!.applied.some(({ code }) => code === promotion.code));
    const isIdle = isBasketWide(promotion) ? unused.length === lines.length : unused.length > 0;
    if (isIdle) idle.set(promotion, new Set(unused));
  }
  if (idle.size === 0) return null;
  return new Map([...candidates].flatMap(([promotion, lines]) => {
    const left = lines.filter((line) => !idle.get(promotion)?.has(line));
    return left.length === 0 ? [] : [[promotion, left] as const];
  }));
}
