import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { manualClock } from '../../../../platform/clock.ts';
import { largestLease, LeasedTokenBuckets, partOf, type Ask, type SharedTokenBuckets } from '../../../../platform/stores/leased-token-buckets.ts';
import { fullBucket, refill, type Bucket, type BucketLimit, type Verdict } from '../../../../platform/stores/token-bucket.ts';

type Time = ReturnType<typeof manualClock>;

/** What the script in Redis does, in this process, with answers that can be held up. */
class SharedInMemory {
  readonly #clock: Time;
  readonly #buckets = new Map<string, Bucket>();
  readonly #processes: number;
  isAway = false;
  asked = 0;

  constructor(clock: Time, processes: number) {
    this.#clock = clock;
    this.#processes = processes;
  }

  view(): SharedTokenBuckets {
    const take = (key: string, limit: BucketLimit, ask: Ask) => this.#take(key, limit, ask);
    const [isAway, processes] = [() => this.isAway, this.#processes];
    return { take, processes, close: async () => undefined, get isAway() { return isAway(); } };
  }

  async #take(key: string, limit: BucketLimit, { needed, wanted, returned }: Ask) {
    if (this.isAway) return null;
    this.asked += 1;
    const bucket = this.#buckets.get(key) ?? fullBucket(limit, this.#clock.now());
    this.#buckets.set(key, bucket);
    bucket.tokens = Math.min(limit.burst, refill(bucket, limit, this.#clock.now()) + returned);
    const granted = needed > 0 && bucket.tokens >= needed ? Math.min(wanted, Math.floor(bucket.tokens)) : 0;
    bucket.tokens -= granted;
    return { granted, left: bucket.tokens };
  }
}

function processesOn(count: number) {
  const clock = manualClock(0);
  const shared = new SharedInMemory(clock, count);
  const processes = Array.from({ length: count }, () => new LeasedTokenBuckets({ shared: shared.view(), clock, capacity: 100 }));
  return { clock, shared, processes, close: () => Promise.all(processes.map((each) => each.close())) };
}

describe('leases of a shared bucket', () => {
  it('never admit more than burst + rate * time from the start, nor more than that and the leases in any window', async () => {
    const step = fc.record({ process: fc.nat(2), afterMs: fc.nat(400), tokens: fc.integer({ min: 1, max: 60 }), sweeps: fc.boolean(), givesBack: fc.boolean() });
    const limit: BucketLimit = { ratePerSecond: 50, burst: 500 };
    await fc.assert(fc.asyncProperty(fc.array(step, { maxLength: 150 }), async (asked) => {
      const { clock, processes, close } = processesOn(3);
      const grants: { atMs: number; tokens: number }[] = [];
      for (const { process, afterMs, tokens, sweeps, givesBack } of asked) {
        clock.advance(afterMs);
        if (sweeps) processes[process]!.returnUnspent();
        const { granted } = await processes[process]!.take('caller', limit, tokens);
        if (granted && givesBack) processes[process]!.giveBack('caller', limit, tokens);
        else if (granted) grants.push({ atMs: clock.now(), tokens });
      }
      const leases = 3 * (largestLease(limit, 3) + 60);
      let total = 0;
      grants.forEach(({ atMs, tokens }, index) => {
        total += tokens;
        expect(total).toBeLessThanOrEqual(limit.burst + (atMs * limit.ratePerSecond) / 1_000 + 1e-6);
        const window = grants.slice(index).filter((grant) => grant.atMs - atMs <= 2_000).reduce((sum, grant) => sum + grant.tokens, 0);
        expect(window).toBeLessThanOrEqual(limit.burst + 2 * limit.ratePerSecond + leases);
      });
      await close();
    }), { numRuns: 60 });
  });

  it('serve a caller who comes often without a question for each', async () => {
    const { shared, processes, close } = processesOn(2);
    const limit: BucketLimit = { ratePerSecond: 1_000, burst: 10_000 };
    const verdicts: Verdict[] = [];
    for (let index = 0; index < 1_000; index += 1) verdicts.push(await processes[0]!.take('caller', limit, 1));
    expect(verdicts.every(({ granted }) => granted)).toBe(true);
    expect(shared.asked).toBeLessThan(30);
    await close();
  });

  it('give back what nobody came for: a caller whose turn changed to another process has all of it', async () => {
    const { clock, shared, processes: [first, second], close } = processesOn(2);
    const limit: BucketLimit = { ratePerSecond: 0.001, burst: 1_000 };
    let taken = 0;
    for (; taken < 100; taken += 1) await first!.take('caller', limit, 1);
    clock.advance(1_500);
    first!.returnUnspent();
    const asked = shared.asked;
    first!.returnUnspent();
    expect(shared.asked).toBe(asked);
    while ((await second!.take('caller', limit, 1)).granted) taken += 1;
    expect(taken).toBe(1_000);
    await close();
  });

  it('refuse a flood here, without a question for each', async () => {
    const { shared, processes: [first], close } = processesOn(2);
    const limit: BucketLimit = { ratePerSecond: 1, burst: 100 };
    expect((await first!.take('caller', limit, 100)).granted).toBe(true);
    const asked = shared.asked;
    for (let index = 0; index < 500; index += 1) expect(await first!.take('caller', limit, 10)).toEqual({ granted: false, remaining: 0, waitMs: 10_000 });
    expect(shared.asked).toBeLessThanOrEqual(asked + 1);
    await close();
  });

  it('keep everybody to a part while the shared bucket is away: neither all nor nothing, and what was spent stays spent', async () => {
    const { clock, shared, processes, close } = processesOn(2);
    const limit: BucketLimit = { ratePerSecond: 100, burst: 1_000 };
    expect((await processes[0]!.take('known', limit, 600)).granted).toBe(true);
    shared.isAway = true;
    const takeAll = async (key: string): Promise<number[]> => {
      const counts = [0, 0];
      for (const [index, process] of processes.entries()) while ((await process.take(key, limit, 1)).granted) counts[index]! += 1;
      return counts;
    };
    expect(await takeAll('known')).toEqual([200, 500]);
    expect(await takeAll('unknown')).toEqual([500, 500]);
    clock.advance(1_000);
    expect(await takeAll('unknown')).toEqual([50, 50]);
    expect(partOf(limit, 2)).toEqual({ ratePerSecond: 50, burst: 500 });
    shared.isAway = false;
    expect((await processes[1]!.take('known', limit, 1)).granted).toBe(true);
    await close();
  });

  it('answer everybody who waited when the store falls silent', async () => {
    const { shared, processes: [first], close } = processesOn(1);
    const limit: BucketLimit = { ratePerSecond: 1, burst: 10 };
    const view = shared.view();
    expect(view.isAway).toBe(false);
    const waiting = Array.from({ length: 20 }, () => first!.take('caller', limit, 1));
    shared.isAway = true;
    const verdicts = await Promise.all(waiting);
    expect(verdicts.filter(({ granted }) => granted)).toHaveLength(10);
    await close();
  });
});
