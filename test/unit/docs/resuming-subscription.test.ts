import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { follow, type SubscriptionRequest } from '../../../docs/examples/resuming-subscription.ts';

type Sink = Parameters<Parameters<typeof follow>[0]['subscribe']>[1];
const ID = 'a'.repeat(64);

/** A client that does what the test says, and keeps what it was asked. */
function createHouse() {
  const asked: string[] = [];
  let sink: Sink | null = null;
  const told: unknown[] = [];
  const stop = follow<{ stockChanged: object }>(
    {
      subscribe: (request: SubscriptionRequest, given) => {
        asked.push(JSON.stringify(request));
        sink = given;
        return () => told.push('stopped');
      },
    },
    { documentId: `sha256:${ID}`, operationName: 'StockChanged' },
    { skus: ['A'] },
    { onEvent: (data) => told.push(data.stockChanged), onGap: () => told.push('gap'), onRefused: (error) => told.push(['refused', error]) },
  );
  const lastAsked = () => JSON.parse(asked.at(-1)!) as SubscriptionRequest;
  return { asked, told, stop, lastAsked, sink: () => sink! };
}

const event = (cursor: string) => ({ data: { stockChanged: { cursor } } });
const LONGER_THAN_ANY_WAIT_MS = 60_000;

describe('a subscription that resumes', () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  it('names its document by the hash, and its place by the last cursor', async () => {
    const { sink, lastAsked, told, asked } = createHouse();
    expect(lastAsked()).toEqual({ query: '', operationName: 'StockChanged', variables: { skus: ['A'] }, extensions: { persistedQuery: { version: 1, sha256Hash: ID } } });
    sink().next(event('1'));
    sink().next(event('2'));
    sink().complete();
    expect(asked).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(LONGER_THAN_ANY_WAIT_MS);
    expect(lastAsked().variables).toEqual({ skus: ['A'], after: '2' });
    expect(told).toEqual([{ cursor: '1' }, { cursor: '2' }]);
  });

  it('tells of a gap and goes on', async () => {
    const { sink, told, asked } = createHouse();
    sink().next({ data: null, errors: [{ message: 'missing', extensions: { code: 'LAGGED', retryable: false } }] });
    sink().next(event('9'));
    expect(told).toEqual(['gap', { cursor: '9' }]);
    sink().complete();
    await vi.advanceTimersByTimeAsync(LONGER_THAN_ANY_WAIT_MS);
    expect(asked).toHaveLength(2);
  });

  it('goes back to where the gateway says after it was too slow', async () => {
    const { sink, lastAsked, told } = createHouse();
    sink().next(event('1'));
    sink().error([{ message: 'slow', extensions: { code: 'SLOW_CONSUMER', retryable: true, resumeAfter: '5' } }]);
    await vi.advanceTimersByTimeAsync(LONGER_THAN_ANY_WAIT_MS);
    expect(lastAsked().variables['after']).toBe('5');
    expect(told).toEqual([{ cursor: '1' }]);
  });

  it.each<[string, (sink: Sink) => void]>([
    ['over a socket', (sink) => sink.error([{ message: 'no', extensions: { code: 'FORBIDDEN', retryable: false } }])],
    ['over an event stream, which completes after it', (sink) => {
      sink.next({ data: null, errors: [{ message: 'no', extensions: { code: 'FORBIDDEN' } }] });
      sink.complete();
    }],
    ['by a close that is final', (sink) => sink.error({ code: 4400, reason: 'Bad request' })],
  ])('ends with a refusal %s', async (_how, refuse) => {
    const { sink, told, asked } = createHouse();
    refuse(sink());
    await vi.advanceTimersByTimeAsync(LONGER_THAN_ANY_WAIT_MS);
    expect(told).toEqual([['refused', expect.anything()]]);
    expect(asked).toHaveLength(1);
  });

  it('survives an event that could not be answered', async () => {
    const { sink, told, asked } = createHouse();
    sink().next({ data: null, errors: [{ message: 'Internal error', extensions: { code: 'INTERNAL' } }] });
    sink().next(event('3'));
    sink().complete();
    await vi.advanceTimersByTimeAsync(LONGER_THAN_ANY_WAIT_MS);
    expect(told).toEqual([{ cursor: '3' }]);
    expect(asked).toHaveLength(2);
  });

  it('stops when told, also while it waits', async () => {
    const { sink, stop, asked, told } = createHouse();
    sink().complete();
    stop();
    await vi.advanceTimersByTimeAsync(LONGER_THAN_ANY_WAIT_MS);
    expect(asked).toHaveLength(1);
    expect(told).toEqual(['stopped']);
  });
});
