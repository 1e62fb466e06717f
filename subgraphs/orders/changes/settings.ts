import { DEFAULT_AMENDMENTS, type AmendmentPolicy } from './policy.ts';

export interface ChangeSettings {
  readonly workers: number;
  readonly pollSeconds: number;
  readonly baseDelayMs: number;
  readonly maxDelayMs: number;
  /** One call at the ERP. */
  readonly callTimeoutMs: number;
  /** How long a change nobody answered may still arrive; longer than the ERP's own request limit. */
  readonly settleAfterSilenceMs: number;
  /** A mutation answers REQUESTED after this long at the latest; the change goes on. */
  readonly answerWithinMs: number;
  readonly waitPollMs: number;
  /** The stock of an increase is held so long while the ERP is asked. */
  readonly holdTtlSeconds: number;
  readonly sweepEveryMs: number;
  /** A change this much over its time has lost its job. */
  readonly sweepGraceMs: number;
  readonly policy: AmendmentPolicy;
}

export const DEFAULT_CHANGE_SETTINGS: ChangeSettings = {
  workers: 2,
  pollSeconds: 0.5,
  baseDelayMs: 1_000,
  maxDelayMs: 300_000,
  callTimeoutMs: 15_000,
  settleAfterSilenceMs: 120_000,
  answerWithinMs: 8_000,
  waitPollMs: 50,
  holdTtlSeconds: 86_400,
  sweepEveryMs: 15_000,
  sweepGraceMs: 60_000,
  policy: DEFAULT_AMENDMENTS,
};
