export interface OrdersSettings {
  /** How long a placement may be silent before an identical request takes it over. Fencing, not this, keeps it single. */
  readonly leaseMs: number;
  /** How often a duplicate looks whether the first has its answer. */
  readonly waitPollMs: number;
  readonly holdTtlSeconds: number;
  readonly submission: SubmissionSettings;
}

export interface SubmissionSettings {
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
  readonly sweepEveryMs: number;
  /** An order this much over its time has lost its job. */
  readonly sweepGraceMs: number;
}

export const DEFAULT_SETTINGS: OrdersSettings = {
  leaseMs: 8_000,
  waitPollMs: 50,
  holdTtlSeconds: 900,
  submission: {
    workers: 4,
    pollSeconds: 0.5,
    baseDelayMs: 2_000,
    maxDelayMs: 900_000,
    giveUpAfterMs: 72 * 3_600_000,
    callTimeoutMs: 15_000,
    settleAfterSilenceMs: 120_000,
    settleAfterErrorMs: 5_000,
    sweepEveryMs: 15_000,
    sweepGraceMs: 60_000,
  },
};
