import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fullBucket, putInto, refill, takeFrom, type BucketLimit } from '../../../../platform/stores/token-bucket.ts';

const limits = fc.record({ ratePerSecond: fc.double({ min: 0.01, max: 1_000_000, noNaN: true }), burst: fc.integer({ min: 1, max: 1_000_000 }) });
const steps = fc.array(fc.record({ afterMs: fc.double({ min: 0, max: 10_000, noNaN: true }), tokens: fc.integer({ min: 1, max: 2_000 }) }), { maxLength: 200 });

describe('a token bucket', () => {
  it('never grants more than burst + rate * time, in any window', () => {
    fc.assert(fc.property(limits, steps, (limit, asked) => {
      const bucket = fullBucket(limit, 0);
      const grants: { atMs: number; tokens: number }[] = [];
      let now = 0;
      for (const { afterMs, tokens } of asked) {
        now += afterMs;
        if (takeFrom(bucket, limit, tokens, now).granted) grants.push({ atMs: now, tokens: Math.min(tokens, limit.burst) });
      }
      for (let from = 0; from < grants.length; from += 1) {
        let sum = 0;
        for (const { atMs, tokens } of grants.slice(from)) {
          sum += tokens;
          const most = limit.burst + ((atMs - grants[from]!.atMs) * limit.ratePerSecond) / 1_000;
          expect(sum).toBeLessThanOrEqual(most * (1 + 1e-9) + 1e-6);
        }
      }
    }), { numRuns: 200 });
  });

  it('grants after the wait it told, and not a millisecond more than needed before', () => {
    fc.assert(fc.property(limits, fc.integer({ min: 1, max: 5_000 }), (limit, tokens) => {
      const bucket = fullBucket(limit, 0);
      takeFrom(bucket, limit, limit.burst, 0);
      const verdict = takeFrom(bucket, limit, tokens, 0);
      expect(verdict.granted).toBe(false);
      const early = { ...bucket };
      expect(takeFrom(bucket, limit, tokens, verdict.waitMs + 1e-6).granted).toBe(true);
      if (verdict.waitMs > 2) expect(takeFrom(early, limit, tokens, verdict.waitMs - 2).granted).toBe(false);
    }));
  });

  it('gives nothing for a clock that went back, and goes on from there', () => {
    fc.assert(fc.property(limits, fc.array(fc.double({ min: 0, max: 100_000, noNaN: true }), { minLength: 2 }), (limit, moments) => {
      const bucket = { tokens: 0, atMs: moments[0]! };
      for (let index = 1; index < moments.length; index += 1) {
        const before = bucket.tokens;
        const forwardMs = Math.max(0, moments[index]! - moments[index - 1]!);
        const there = refill(bucket, limit, moments[index]!);
        expect(there).toBeLessThanOrEqual(Math.min(limit.burst, before + (forwardMs * limit.ratePerSecond) / 1_000) + 1e-6);
        expect(there).toBeGreaterThanOrEqual(before);
      }
    }));
  });

  it('takes back what was given back, and no more than it holds', () => {
    const limit: BucketLimit = { ratePerSecond: 1, burst: 10 };
    const bucket = fullBucket(limit, 0);
    takeFrom(bucket, limit, 4, 0);
    putInto(bucket, limit, 3, 0);
    expect(bucket.tokens).toBe(9);
    putInto(bucket, limit, 3, 0);
    expect(bucket.tokens).toBe(10);
  });

  it('grants what is heavier than itself from a full bucket only', () => {
    const limit: BucketLimit = { ratePerSecond: 10, burst: 10 };
    const bucket = fullBucket(limit, 0);
    expect(takeFrom(bucket, limit, 500, 0)).toEqual({ granted: true, remaining: 0, waitMs: 0 });
    expect(takeFrom(bucket, limit, 500, 900)).toEqual({ granted: false, remaining: 9, waitMs: 100 });
    expect(takeFrom(bucket, limit, 500, 1_000).granted).toBe(true);
  });
});
