/** Remembers how long the last requests took. */
export interface Latencies {
  record(ms: number): void;
  /** Of the last requests, 95 of 100 took no longer; null: too few to say. */
  p95(): number | null;
}

const KEPT = 256;
const ENOUGH = 32;
/** The percentile moves slowly: it is sorted out anew after so many requests. */
const EVERY = 32;

export function createLatencies(): Latencies {
  const ring = new Float64Array(KEPT);
  let count = 0;
  let known: number | null = null;
  return {
    record: (ms) => {
      ring[count % KEPT] = ms;
      count += 1;
      if (count < ENOUGH || count % EVERY !== 0) return;
      const sorted = ring.slice(0, Math.min(count, KEPT)).sort();
      known = sorted[Math.floor(sorted.length * 0.95)]!;
    },
    p95: () => known,
  };
}
