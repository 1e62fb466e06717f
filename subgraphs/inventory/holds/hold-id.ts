import { randomFillSync } from 'node:crypto';
import type { Clock } from '../../../platform/clock.ts';

const POOLED = 512;
const BYTES = 10;

const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0');

/**
 * UUIDs of version 7 (RFC 9562): milliseconds first, then 74 random bits. New ones go to the end of an index instead of all
 * over it, and nobody guesses one.
 */
export function createTimeOrderedIds(clock: Pick<Clock, 'now'>): () => string {
  const pool = Buffer.allocUnsafe(POOLED * BYTES);
  let used = pool.length;
  return () => {
    if (used === pool.length) {
      randomFillSync(pool);
      used = 0;
    }
    const random = pool.toString('hex', used, used + BYTES);
    used += BYTES;
    const time = hex(clock.now(), 12);
    const variant = hex((Number.parseInt(random[3]!, 16) & 0b0011) | 0b1000, 1);
    return `${time.slice(0, 8)}-${time.slice(8)}-7${random.slice(0, 3)}-${variant}${random.slice(4, 7)}-${random.slice(8, 20)}`;
  };
}
