import { createHash, timingSafeEqual } from 'node:crypto';

/** What one secret opens, and until when (epoch milliseconds; null: for ever). */
export interface Opening<Of> {
  readonly hash: Buffer;
  readonly endsAtMs: number | null;
  readonly of: Of;
}

/** SHA-256 of a whole key: all that is kept or compared of it. */
export const digestOf = (key: string): Buffer => createHash('sha256').update(key).digest();

/** Takes as long for a secret that is nearly right as for any other. */
export const openingFor = <Of>(openings: readonly Opening<Of>[], digest: Buffer, nowMs: number): Opening<Of> | null =>
  openings.find(({ hash, endsAtMs }) => timingSafeEqual(hash, digest) && (endsAtMs === null || endsAtMs > nowMs)) ?? null;

/** The earlier of two ends. */
export const earlier = (a: number | null, b: number | null): number | null => (a === null ? b : b === null ? a : Math.min(a, b));
