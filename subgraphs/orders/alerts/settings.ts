export interface AlertSettings {
  readonly everyMs: number;
  /** Printed this long ago and not shipped. */
  readonly unshippedAfterMs: number;
  /** Waiting for the ERP this long. */
  readonly stuckAfterMs: number;
  /** Weeks of history an hour of the week is judged by. */
  readonly weeks: number;
}

export const DEFAULT_ALERTS: AlertSettings = { everyMs: 60_000, unshippedAfterMs: 24 * 3_600_000, stuckAfterMs: 10 * 60_000, weeks: 8 };
