import { ZERO } from '../../domain/decimal.ts';
import { userError, UserErrorCode, type GraphUserError } from '../graph/user-error.ts';
import { invalid, refused, type Outcome, type Refusal } from './channels/rule-checks.ts';
import type { RuleDraft, RuleShare } from './channels/rule.ts';
import type { SetChannelAllocationInput } from './types-allocation-input.ts';

/** What the input says as a rule, or which shares name both or neither of percent and quantity. */
export function draftOf({ code, name, skus, shares, periodHours, reallocation }: SetChannelAllocationInput): Outcome<RuleDraft> {
  const ambiguous = shares.flatMap(({ percent, quantity }, index) =>
    (percent == null) === (quantity == null) ? [invalid(['shares', String(index)], 'give either percent or quantity')] : []);
  if (ambiguous.length > 0) return refused(...ambiguous);
  const given = shares.map(({ channel, percent, quantity, buffer }): RuleShare => ({
    channel, buffer, share: percent == null ? { kind: 'FIXED', quantity: quantity ?? ZERO } : { kind: 'PERCENT', percent },
  }));
  return { ok: true, value: { code, name, skus: skus ?? null, shares: given, periodHours, reallocation: reallocation ?? null } };
}

export const presentRefusals = (refusals: readonly Refusal[]): readonly GraphUserError[] =>
  refusals.map(({ code, field, message }) => userError(UserErrorCode[code], field, message));
