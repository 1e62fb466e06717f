import type { Decimal } from '../../../domain/decimal.ts';
import type { ChannelCode, Sku } from '../../../domain/ids.ts';
import type { Instant } from '../../../domain/time.ts';
import type { ChannelShare } from '../promise/allocation.ts';

/** How a group of SKUs is shared out among channels. A SKU is in at most one rule; one that lists it wins over the one for all. */
export interface AllocationRule {
  readonly code: string;
  readonly name: string;
  readonly covers: 'LISTED' | 'ALL';
  readonly shares: readonly RuleShare[];
  readonly periodHours: number;
  /** Null: nothing is moved by rule. */
  readonly reallocation: Reallocation | null;
  readonly period: Period;
  readonly updatedAt: Instant;
  readonly updatedBy: string;
}

export type RuleShare = Pick<ChannelShare, 'channel' | 'share' | 'buffer'>;

export interface Reallocation {
  /** Percent of the period that must be over before a channel's pace says anything. */
  readonly afterPercent: Decimal;
  /** What a channel will need by its pace is multiplied by this before the rest counts as surplus: 1 or more. */
  readonly safetyFactor: Decimal;
}

export interface Period {
  /** As text; grows. */
  readonly number: string;
  readonly beganAt: Instant;
  readonly endsAt: Instant;
}

/** What a merchant may say of a rule; it replaces what was said before. */
export interface RuleDraft extends Pick<AllocationRule, 'code' | 'name' | 'shares' | 'periodHours' | 'reallocation'> {
  /** Null: every SKU no other rule lists. */
  readonly skus: readonly Sku[] | null;
}

export type MoveCause = 'MANUAL' | 'SETTLED' | 'SELL_THROUGH' | 'PERIOD_ENDED' | 'RULE_CHANGED' | 'RULE_REMOVED';

/** An audited move. `from` and `to` null: the pool. */
export interface AllocationMove {
  readonly id: string;
  readonly sku: Sku;
  readonly ruleCode: string;
  readonly from: ChannelCode | null;
  readonly to: ChannelCode | null;
  readonly quantity: Decimal;
  readonly cause: MoveCause;
  /** Principal's subject, or "rule:" and the rule's code. */
  readonly movedBy: string;
  readonly reason: string;
  /** What a move by rule rested on. */
  readonly figures: SellThrough | null;
  readonly at: Instant;
}

/** How a channel sold a SKU until then, in the SKU's unit. */
export interface SellThrough {
  readonly elapsedPercent: Decimal;
  readonly base: Decimal;
  readonly own: Decimal;
  readonly used: Decimal;
  /** Sold by now, in percent of its own share. */
  readonly soldPercent: Decimal;
  /** Expected until the period's end at the pace so far. */
  readonly need: Decimal;
  /** Kept for it: the need times the safety factor. */
  readonly kept: Decimal;
}
