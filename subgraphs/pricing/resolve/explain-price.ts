import type { Decimal } from '../../../domain/decimal.ts';
import type { CurrencyCode } from '../../../domain/money.ts';
import type { PriceLayer, ResolutionPolicy } from '../../../domain/pricing.ts';
import { basePrice, type Question } from './list-amounts.ts';
import { candidatesOf, ownPrice, type Candidate, type UsedRate } from './price-candidates.ts';
import type { FoundPrice, PriceFacts, PriceRequest, Resolution, UnitRounding } from './price-facts.ts';
import { askAbout, findPrice } from './resolve-price.ts';
import { finishPrice, settle } from './rounding.ts';
import type { Misfit } from './rule-fit.ts';

/**
 * WON, or why not: it does not hold (`Misfit`), its list was not asked, another came before it or was lower, or there is no price:
 * of itself, or of another it would have to be compared with.
 */
export type CandidateOutcome = 'WON' | Misfit | 'LIST_NOT_ASKED' | 'LOST_TO_PRECEDENCE' | 'LOST_TO_LOWER' | 'NO_PRICE';

export interface PriceCandidate extends Omit<Candidate, 'misfit'> {
  readonly outcome: CandidateOutcome;
}

/** Why a price is what it is. */
export interface PriceExplanation {
  readonly policy: ResolutionPolicy;
  /** `resolvePrice`'s own answer. */
  readonly resolution: Resolution;
  /** In the order in which they are asked: list by list, then the base price. */
  readonly candidates: readonly PriceCandidate[];
  /** One of `candidates`; null where there is no price. */
  readonly winner: PriceCandidate | null;
  /** Rates of exchange on the winner's way, with that into the currency asked for. */
  readonly rates: readonly UsedRate[];
  /** Of one of the item's own unit, before it is rounded as `rounding` says; null where there is no price. */
  readonly exact: Decimal | null;
  readonly rounding: UnitRounding | null;
}

/** What one layer has to say. */
interface Section {
  readonly layer: PriceLayer;
  readonly priceListCode: string | null;
  readonly candidates: readonly Candidate[];
}

/** Every candidate and what became of it; the winner is what `resolvePrice` answers with, for it is asked. */
export function explainPrice(facts: PriceFacts, request: PriceRequest): PriceExplanation {
  const found = findPrice(facts, request);
  const resolution = found.ok ? finishPrice(found.price, request.quantity) : found;
  const question = askAbout(facts, request);
  if ('reason' in question) return { policy: facts.policy, resolution, candidates: [], winner: null, rates: [], exact: null, rounding: null };
  const sections = sectionsOf(question);
  const price = resolution.ok && found.ok ? found.price : null;
  const isWinner = price === null ? () => false : winnerOf(question, price);
  const asked = askedOf(question, sections);
  const candidates = sections.flatMap((section) => section.candidates.map((one, index): PriceCandidate => {
    const { misfit, ...told } = one;
    const before = section.candidates.slice(0, index).some((earlier) => earlier.misfit === null);
    const lost = { before: before && facts.policy.withinList === 'FIRST_WINS', unasked: !asked.has(section), won: isWinner(section, one) };
    const outcome = misfit ?? outcomeOf(one, lost, price !== null);
    const refusal = outcome === 'NO_PRICE' && !resolution.ok ? (told.refusal ?? resolution.reason) : told.refusal;
    return { ...told, outcome, refusal };
  }));
  const winner = candidates.find(({ outcome }) => outcome === 'WON') ?? null;
  return {
    policy: facts.policy, resolution, candidates, winner,
    rates: winner === null || price === null ? [] : [...winner.rates, ...ratesAfter(question, winner, price)],
    exact: price === null ? null : settle(price.exact), rounding: price?.rounding ?? null,
  };
}

function outcomeOf({ refusal }: Candidate, lost: { readonly unasked: boolean; readonly won: boolean; readonly before: boolean }, isPriced: boolean): CandidateOutcome {
  if (lost.unasked) return 'LIST_NOT_ASKED';
  if (lost.won) return 'WON';
  if (lost.before) return 'LOST_TO_PRECEDENCE';
  return refusal !== null || !isPriced ? 'NO_PRICE' : 'LOST_TO_LOWER';
}

function sectionsOf(question: Question): readonly Section[] {
  const { request, facts: { policy: { baseListCode } } } = question;
  const lists = request.lists.map(({ layer, code }): Section => ({ layer, priceListCode: code, candidates: candidatesOf(question, layer, code) }));
  const base = baseListCode === null ? [ownPrice(question)] : candidatesOf(question, 'BASE', baseListCode);
  return [...lists, { layer: 'BASE', priceListCode: baseListCode, candidates: base }];
}

/** The layers whose word counted: all, or up to the first that has something to say; of FIRST_LIST the first and, if it is silent, the base. */
function askedOf({ facts: { policy } }: Question, sections: readonly Section[]): ReadonlySet<Section> {
  if (policy.acrossLists === 'LOWEST_WINS') return new Set(sections);
  const inLine = policy.acrossLists === 'FIRST_WINS' || sections.length === 1 ? sections : [sections[0]!, sections.at(-1)!];
  const deciding = inLine.findIndex(({ candidates }) => candidates.some(({ misfit }) => misfit === null));
  return new Set(deciding < 0 ? inLine : inLine.slice(0, deciding + 1));
}

/** A list without a rule of its own for it (FIRST_LIST) charges the base price: then that is what won. */
function winnerOf(question: Question, { layer, priceListCode, ruleReference }: FoundPrice): (section: Section, candidate: Candidate) => boolean {
  if (ruleReference !== null) return (section, one) => section.layer === layer && section.priceListCode === priceListCode && one.ruleReference === ruleReference;
  const base = basePrice(question, []);
  const reference = base.ok ? (base.rule?.reference ?? null) : null;
  return (section, one) => section.layer === 'BASE' && one.ruleReference === reference;
}

/** From the winner's currency into that of the list that charges it, and on into the one asked for. */
function ratesAfter({ facts, request }: Question, winner: PriceCandidate, price: FoundPrice): readonly UsedRate[] {
  const list = price.priceListCode === null ? undefined : facts.lists.get(price.priceListCode);
  const way = [winner.currencyCode!, list?.currencyCode ?? winner.currencyCode!, price.currencyCode];
  return way.slice(1).flatMap((to, index): UsedRate[] => {
    const from: CurrencyCode = way[index]!;
    const found = from === to ? null : facts.rates.rateAt(from, to, request.at);
    return found === null ? [] : [{ from, to, rate: found.rate, validFrom: found.validFrom }];
  });
}
