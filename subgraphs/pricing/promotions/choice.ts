import { add, compare, subtract, ZERO, type Decimal } from '../../../domain/decimal.ts';
import type { Promotion } from '../../../domain/promotions.ts';
import { applyPromotion, isBasketWide } from './effects.ts';
import type { LineState } from './line-state.ts';

/** Which promotion is for which lines (by index), in the order of promotions. */
export type Assignment = ReadonlyMap<Promotion, readonly number[]>;

/**
 * Of one exclusion group one applies: the one that takes most off, each looked at alone, at prices without promotions; of equals
 * the first. Where all of a group work line by line that is decided for each line; where one of them works on the basket, for all of it.
 */
export function chooseInGroups(candidates: Assignment, states: readonly LineState[]): Assignment {
  const chosen = new Map([...candidates].filter(([{ exclusionGroup }]) => exclusionGroup === null));
  for (const members of groupsOf(candidates).values()) {
    const offers = members.map((promotion) => offerOf(promotion, candidates.get(promotion)!, states));
    for (const [promotion, lines] of members.some(isBasketWide) ? chooseForBasket(offers) : chooseByLine(offers)) chosen.set(promotion, lines);
  }
  return new Map([...candidates.keys()].flatMap((promotion) => (chosen.has(promotion) ? [[promotion, chosen.get(promotion)!] as const] : [])));
}

function groupsOf(candidates: Assignment): ReadonlyMap<string, readonly Promotion[]> {
  const groups = new Map<string, Promotion[]>();
  for (const promotion of candidates.keys()) {
    if (promotion.exclusionGroup !== null) groups.set(promotion.exclusionGroup, [...(groups.get(promotion.exclusionGroup) ?? []), promotion]);
  }
  return groups;
}

/** What a promotion would take off, alone. */
interface Offer {
  readonly promotion: Promotion;
  readonly lines: readonly number[];
  /** By line, those it would touch. */
  readonly amounts: ReadonlyMap<number, Decimal>;
}

function offerOf(promotion: Promotion, lines: readonly number[], states: readonly LineState[]): Offer {
  const after = applyPromotion(promotion, lines.map((line) => states[line]!));
  const touched = lines.flatMap((line, index): [number, Decimal][] => (after[index] === states[line] ? [] : [[line, subtract(states[line]!.net, after[index]!.net)]]));
  return { promotion, lines, amounts: new Map(touched) };
}

function chooseForBasket(offers: readonly Offer[]): Assignment {
  const totals = offers.flatMap((offer) => (offer.amounts.size === 0 ? [] : [{ offer, amount: [...offer.amounts.values()].reduce(add, ZERO) }]));
  const best = mostOff(totals);
  return new Map(best === null ? [] : [[best.offer.promotion, best.offer.lines]]);
}

function chooseByLine(offers: readonly Offer[]): Assignment {
  const chosen = new Map<Promotion, number[]>();
  for (const line of new Set(offers.flatMap(({ lines }) => lines))) {
    const best = mostOff(offers.flatMap(({ promotion, amounts }) => (amounts.has(line) ? [{ promotion, amount: amounts.get(line)! }] : [])));
    if (best !== null) chosen.set(best.promotion, [...(chosen.get(best.promotion) ?? []), line]);
  }
  return chosen;
}

const mostOff = <T extends { readonly amount: Decimal }>(offers: readonly T[]): T | null =>
  offers.reduce<T | null>((best, next) => (best === null || compare(next.amount, best.amount) > 0 ? next : best), null);

/**
 * An exclusive promotion has the lines it touches to itself, before any that stacks, whatever their priority; of several exclusive ones the first
 * has them. One for the basket touches all lines it is for as soon as it takes something off: the pieces bought are part of it.
 */
export function giveWayToExclusive(chosen: Assignment, states: readonly LineState[]): Assignment {
  const taken = new Set<number>();
  const free = (lines: readonly number[]): readonly number[] => (taken.size === 0 ? lines : lines.filter((line) => !taken.has(line)));
  const exclusive = new Map<Promotion, readonly number[]>();
  for (const [promotion, all] of chosen) {
    if (promotion.stacking !== 'EXCLUSIVE') continue;
    const offer = offerOf(promotion, free(all), states);
    const lines = isBasketWide(promotion) && offer.amounts.size > 0 ? offer.lines : [...offer.amounts.keys()];
    exclusive.set(promotion, lines);
    for (const line of lines) taken.add(line);
  }
  return new Map([...chosen].map(([promotion, lines]) => [promotion, exclusive.get(promotion) ?? free(lines)]));
}
