import { round, type Decimal } from '../../../domain/decimal.ts';
import { money } from '../../../domain/money.ts';
import type { PriceCandidate, PriceExplanation } from '../resolve/explain-price.ts';
import type { PriceCandidateType, PriceExplanationType } from './types-explanation.ts';

/** A `Decimal` on the wire has no more. */
const MOST_DIGITS = 12;

const shorten = (amount: Decimal): Decimal => round(amount, MOST_DIGITS, 'HALF_UP');

/** An explanation for a caller; who may not see costs is told no figure that one follows from. */
export function presentExplanation({ policy, candidates, winner, rates, exact, rounding }: PriceExplanation, mayReadCosts: boolean): PriceExplanationType {
  const present = (candidate: PriceCandidate): PriceCandidateType => presentCandidate(candidate, mayReadCosts);
  return {
    acrossLists: policy.acrossLists, withinList: policy.withinList, candidates: candidates.map(present), winner: winner === null ? null : present(winner), rates,
    exact: exact === null || (winner?.isFromCost === true && !mayReadCosts) ? null : shorten(exact), rounding,
  };
}

function presentCandidate(candidate: PriceCandidate, mayReadCosts: boolean): PriceCandidateType {
  const { layer, priceListCode, ruleReference, minQuantity, unitCode: unit, validFrom, validUntil, refusal, outcome, amount, currencyCode, isFromCost } = candidate;
  const isSecret = isFromCost && !mayReadCosts;
  return {
    layer, priceListCode, ruleReference, minQuantity, unit, validFrom, validUntil, refusal, outcome, description: isSecret ? 'follows from the cost' : candidate.description,
    amount: isSecret || amount === null || currencyCode === null ? null : money(shorten(amount), currencyCode),
  };
}
