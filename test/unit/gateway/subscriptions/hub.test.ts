import { describe, expect, it } from 'vitest';
import { createSubscriptionBench, reader, seen, type Seen } from '../../../support/subscription-bench.ts';

const brief = (result: Parameters<typeof seen>[0]): string => {
  const told = seen(result);
  return typeof told === 'string' ? told : `${told.sku}=${told.figure}`;
};

describe('the subscription hub', () => {
  it('executes an event once for all who ask the same and may see the same, and not for others', async () => {
    const bench = createSubscriptionBench();
    const streams = [await bench.open(['A']), await bench.open(['A']), await bench.open(['A'], null, { ...reader, subject: 'b' })];
    const next = streams.map((stream) => stream.next());
    await bench.happen({ sku: 'A', figure: 1 });
    expect((await Promise.all(next)).map(brief)).toEqual(['A=1', 'A=1', 'A=1']);
    expect(bench.asked).toHaveLength(2);
    await Promise.all(streams.map((stream) => stream.return!()));
  });

  it('tells changes in the order of the log, and those that wait for their turn as one', async () => {
    const bench = createSubscriptionBench({ gated: true });
    const stream = await bench.open(['A', 'B']);
    const first = stream.next();
    await bench.happen({ sku: 'A', figure: 1 });
    await bench.answerNext();
    expect(brief(await first)).toBe('A=1');
    await bench.happen({ sku: 'A', figure: 2 }, { sku: 'B', figure: 1 }, { sku: 'C', figure: 1 }, { sku: 'A', figure: 3 });
    const told: string[] = [];
    for (let turn = 0; turn < 2; turn += 1) {
      const next = stream.next();
      await bench.answerNext();
      told.push(brief(await next));
    }
    expect(told).toEqual(['B=1', 'A=3']);
    await stream.return!();
  });

  it('keeps what a slow subscriber must be told in the log, and drops none of it', async () => {
    const bench = createSubscriptionBench({ coalesce: false });
    const stream = await bench.open(['A']);
    for (let batch = 0; batch < 11; batch += 1) await bench.happen(...Array.from({ length: 300 }, (_, n) => ({ sku: 'A', figure: batch * 300 + n })));
    const told: number[] = [];
    while (told.length < 3_300) told.push((seen(await stream.next()) as Seen).figure);
    expect(told).toEqual(Array.from({ length: 3_300 }, (_, figure) => figure));
    await bench.happen({ sku: 'A', figure: 3_300 });
    expect(brief(await stream.next())).toBe('A=3300');
    await stream.return!();
  });

  it('tells an event once that the log has twice', async () => {
    const bench = createSubscriptionBench({ coalesce: false });
    const stream = await bench.open(['A']);
    const change = (version: string) => ({ sku: 'A', figure: Number(version), version });
    await bench.happen(change('1'), change('2'), change('1'), change('2'), change('3'));
    expect([await stream.next(), await stream.next(), await stream.next()].map(brief)).toEqual(['A=1', 'A=2', 'A=3']);
    await stream.return!();
  });

  it('listens while somebody does: also for whoever comes as the last one leaves', async () => {
    const bench = createSubscriptionBench();
    const first = await bench.open(['A']);
    const coming = bench.open(['A']);
    await first.return!();
    const second = await coming;
    const next = second.next();
    await bench.happen({ sku: 'A', figure: 7 });
    expect(brief(await next)).toBe('A=7');
    await second.return!();
    expect(bench.listening()).toBe(0);
  });

  it('refuses before listening, and opens nothing once it has closed', async () => {
    const bench = createSubscriptionBench();
    await expect(bench.open([])).rejects.toThrow('none');
    await expect(bench.open(['A'], 'nonsense')).rejects.toMatchObject({ code: 'INVALID_INPUT', field: ['last-event-id'] });
    const stream = await bench.open(['A']);
    const next = stream.next();
    await bench.hub.close();
    expect((await next).done).toBe(true);
    await expect(bench.open(['A'])).rejects.toThrow('about to stop');
    expect(bench.listening()).toBe(0);
  });

  it('ends for whoever waits when the subscriber leaves', async () => {
    const bench = createSubscriptionBench();
    const stream = await bench.open(['A']);
    const waiting = [stream.next(), stream.next()];
    await stream.return!();
    expect((await Promise.all(waiting)).map(({ done }) => done)).toEqual([true, true]);
    expect(bench.listening()).toBe(0);
  });
});
