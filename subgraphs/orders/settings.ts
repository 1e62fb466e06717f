import { decimal, type Decimal } from '../../domain/decimal.ts';
import { readJsonFile, type Config } from '../../platform/config.ts';
import { parseAmendmentPolicy } from './changes/policy.ts';
import { DEFAULT_CHANGE_SETTINGS, type ChangeSettings } from './changes/settings.ts';
import { DEFAULT_ALERTS, type AlertSettings } from './alerts/settings.ts';
import type { ReturnPolicy } from './returns/policy.ts';

export interface OrdersSettings {
  /** How long a placement may be silent before an identical request takes it over. Fencing, not this, keeps it single. */
  readonly leaseMs: number;
  /** How often a duplicate looks whether the first has its answer. */
  readonly waitPollMs: number;
  readonly holdTtlSeconds: number;
  readonly submission: SubmissionSettings;
  readonly changes: ChangeSettings;
  readonly policy: PlacementPolicy;
  readonly alerts: AlertSettings;
  /** Absent: as RETURN_POLICY_FILE says. */
  readonly returns?: ReturnPolicy;
}

/**
 * CREATE: every e-mail becomes a customer in the ERP. WEB_GUEST: one account there for all guests. MATCH: the customer with
 * exactly this e-mail, where there is one, else CREATE. Whatever is chosen, a guest's order is seen by nobody else.
 */
export type GuestPolicy = { readonly kind: 'CREATE' } | { readonly kind: 'WEB_GUEST'; readonly number: string } | { readonly kind: 'MATCH' };

export interface PlacementPolicy {
  /** The most of one line, in the unit it is ordered in. */
  readonly maxLineQuantity: Decimal;
  readonly guests: GuestPolicy;
  /** ON_ACCOUNT: orders that say so alone. ON_ACCOUNT_OR_UNPAID: also those without any payment of customers who have a limit. */
  readonly creditAppliesTo: 'ON_ACCOUNT' | 'ON_ACCOUNT_OR_UNPAID';
  /** What happens to an order when the limit cannot be asked for: never an unflagged yes. */
  readonly creditSilence: 'REFUSE' | 'ACCEPT_FLAGGED';
  /** How long a key answers by itself; what was placed under it is found for ever. */
  readonly keepKeysMs: number;
  readonly pruneEveryMs: number;
}

export interface SubmissionSettings {
  /** Orders at work at the same time in this process; fewer where the ERP takes fewer calls. */
  readonly workers: number;
  readonly pollSeconds: number;
  readonly baseDelayMs: number;
  readonly maxDelayMs: number;
  /** Silence for this long needs a person. */
  readonly giveUpAfterMs: number;
  /** One call at the ERP. */
  readonly callTimeoutMs: number;
  /** How long a create nobody answered may still arrive; longer than the ERP's own request limit (Odoo: `limit_time_real`, 120 s). */
  readonly settleAfterSilenceMs: number;
  /** The same where the ERP itself said that it did nothing, or was never reached. */
  readonly settleAfterErrorMs: number;
  /** A difference between the ERP's total and ours beyond this, in the order's currency, is told with the order. */
  readonly totalsTolerance: Decimal;
  /** Failures of the ERP in a row that pause the queue; then one order at a time finds out whether it answers again. */
  readonly pauseAfter: number;
  /** Until the first such order; doubles with every one in vain, up to the longest. */
  readonly pauseMs: number;
  readonly maxPauseMs: number;
  /** How long one order may take to find out: longer than all its calls together. */
  readonly probeLeaseMs: number;
  /** So many attempts of one order need a person, however they are spread: what brings the queue to a halt again and again does not do so for ever. */
  readonly giveUpAfterAttempts: number;
  readonly sweepEveryMs: number;
  /** An order this much over its time has lost its job. */
  readonly sweepGraceMs: number;
}

export const DEFAULT_SETTINGS: OrdersSettings = {
  leaseMs: 8_000,
  waitPollMs: 50,
  holdTtlSeconds: 900,
  submission: {
    workers: 16,
    pollSeconds: 0.5,
    baseDelayMs: 2_000,
    maxDelayMs: 900_000,
    giveUpAfterMs: 72 * 3_600_000,
    callTimeoutMs: 15_000,
    settleAfterSilenceMs: 120_000,
    settleAfterErrorMs: 5_000,
    totalsTolerance: decimal('0.05'),
    pauseAfter: 5,
    pauseMs: 5_000,
    maxPauseMs: 60_000,
    probeLeaseMs: 180_000,
    giveUpAfterAttempts: 1_000,
    sweepEveryMs: 15_000,
    sweepGraceMs: 60_000,
  },
  changes: DEFAULT_CHANGE_SETTINGS,
  alerts: DEFAULT_ALERTS,
  policy: {
    maxLineQuantity: decimal('1000000'),
    guests: { kind: 'CREATE' },
    creditAppliesTo: 'ON_ACCOUNT_OR_UNPAID',
    creditSilence: 'REFUSE',
    keepKeysMs: 30 * 86_400_000,
    pruneEveryMs: 3_600_000,
  },
};

/** The usual settings, with what the operator chose instead. */
export function settingsOf(config: Config): OrdersSettings {
  const { ORDER_GUEST_POLICY: kind, ORDER_WEB_GUEST_NUMBER: number } = config;
  const { policy } = DEFAULT_SETTINGS;
  return {
    ...DEFAULT_SETTINGS,
    changes: changeSettingsOf(config.ORDER_AMENDMENT_POLICY_FILE),
    policy: {
      ...policy,
      maxLineQuantity: config.ORDER_MAX_LINE_QUANTITY === undefined ? policy.maxLineQuantity : decimal(config.ORDER_MAX_LINE_QUANTITY),
      guests: kind === 'WEB_GUEST' ? { kind, number: number! } : { kind },
      creditAppliesTo: config.ORDER_CREDIT_APPLIES_TO,
      creditSilence: config.ORDER_CREDIT_SILENCE,
    },
  };
}

const changeSettingsOf = (path: string | undefined): ChangeSettings =>
  path === undefined ? DEFAULT_CHANGE_SETTINGS : { ...DEFAULT_CHANGE_SETTINGS, policy: parseAmendmentPolicy(readJsonFile(path), path) };
