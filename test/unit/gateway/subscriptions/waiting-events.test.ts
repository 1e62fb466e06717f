import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createWaitingEvents } from '../../../../gateway/subscriptions/waiting-events.ts';

/** Values are spans of the log: [first, last] that were made one. */
type Span = readonly [first: number, last: number];
const merge = ([first]: Span, [, last]: Span): Span => [first, last];

describe('what a subscriber has yet to take', () => {
  it('comes in the order of the log, of a key only once, knowing where it started', () => {
    const waiting = createWaitingEvents<Span>(merge);
    expect([['a', 1], ['b', 2], ['a', 3], [null, 4], [null, 5], ['a', 6]].map(([key, at]) => waiting.put([at as number, at as number], key as string | null)))
      .toEqual(['queued', 'queued', 'coalesced', 'queued', 'queued', 'coalesced']);
    expect(Array.from({ length: 5 }, () => waiting.take())).toEqual([[2, 2], [4, 4], [5, 5], [1, 6], undefined]);
  });

  it('lets nobody miss anything who leaves at any point and comes back to the last taken', () => {
    const steps = fc.array(fc.oneof(fc.constantFrom('a', 'b', 'c', null), fc.constant('take' as const)), { maxLength: 200 });
    fc.assert(fc.property(steps, (script) => {
      const waiting = createWaitingEvents<Span>(merge);
      const log: { readonly key: string | null; readonly at: number }[] = [];
      const toldUpTo = new Map<string, number>();
      const alone = new Set<number>();
      let resumeAfter = 0;
      for (const step of script) {
        if (step !== 'take') {
          const at = log.length + 1;
          log.push({ key: step, at });
          waiting.put([at, at], step);
          continue;
        }
        const taken = waiting.take();
        if (!taken) continue;
        const [first, last] = taken;
        expect(last).toBeGreaterThan(resumeAfter);
        resumeAfter = last;
        const { key } = log[last - 1]!;
        if (key === null) alone.add(last);
        else {
          // It starts where the last one of the key ended: no change of the key falls between two.
          const missed = log.filter((event) => event.key === key && event.at > (toldUpTo.get(key) ?? 0) && event.at < first);
          expect(missed).toEqual([]);
          toldUpTo.set(key, last);
        }
        // Whatever is in the log up to here has been told, by itself or by one that came later.
        for (const event of log.filter(({ at }) => at <= resumeAfter)) {
          const isTold = event.key === null ? alone.has(event.at) : event.at <= (toldUpTo.get(event.key) ?? 0) || log.some((later) => later.key === event.key && later.at > resumeAfter);
          expect(isTold).toBe(true);
        }
      }
    }), { numRuns: 500 });
  });

  it('puts none off for ever', () => {
    const waiting = createWaitingEvents<Span>(merge);
    let at = 0;
    const taken: string[] = [];
    waiting.put([0, 0], 'hot');
    for (let turn = 0; turn < 100; turn += 1) {
      waiting.put([(at += 1), at], `other ${turn}`);
      waiting.put([(at += 1), at], `another ${turn}`);
      waiting.put([(at += 1), at], 'hot');
      const [first] = waiting.take()!;
      taken.push(first % 3 === 0 ? 'hot' : 'other');
    }
    expect(taken).toContain('hot');
  });
});
