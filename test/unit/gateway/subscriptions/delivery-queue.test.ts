import { describe, expect, it } from 'vitest';
import { createDeliveryQueue } from '../../../../gateway/subscriptions/delivery-queue.ts';

describe('what one subscriber has yet to take', () => {
  it('comes in order, and at once to whoever waits', async () => {
    const queue = createDeliveryQueue<number>(10, () => undefined);
    const waiting = queue.next();
    expect([queue.push(1, null), queue.push(2, null), queue.push(3, null)]).toEqual(['queued', 'queued', 'queued']);
    expect([await waiting, await queue.next(), await queue.next()]).toEqual([1, 2, 3].map((value) => ({ value, done: false })));
  });

  it('is the latest of one key, in the place of the first', async () => {
    const queue = createDeliveryQueue<string>(10, () => undefined);
    for (const [value, key] of [['a1', 'a'], ['b1', 'b'], ['a2', 'a']] as const) queue.push(value, key);
    expect(queue.push('must', null)).toBe('queued');
    queue.end();
    const taken: string[] = [];
    for await (const value of queue) taken.push(value);
    expect(taken).toEqual(['a2', 'b1', 'must']);
  });

  it('is bounded: what does not fit is said, not dropped', () => {
    const queue = createDeliveryQueue<number>(2, () => undefined);
    expect([1, 2, 3].map((value) => queue.push(value, null))).toEqual(['queued', 'queued', 'overflow']);
    expect(createDeliveryQueue<number>(0, () => undefined).push(1, null)).toBe('overflow');
  });

  it('ends once, also for whoever waits, and takes nothing after', async () => {
    let closed = 0;
    const queue = createDeliveryQueue<number>(2, () => (closed += 1));
    const waiting = queue.next();
    queue.end();
    queue.end();
    await queue.return!();
    expect(await waiting).toEqual({ value: undefined, done: true });
    expect(queue.push(1, null)).toBe('overflow');
    expect(closed).toBe(1);
  });
});
