import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { HttpClient } from '../../../../gateway/clients/transport/http-client.ts';
import { createHttpConnections } from '../../../../gateway/hosting/http-connections.ts';
import { readUrlPairs, type SubgraphAddress } from '../../../../gateway/hosting/subgraph-urls.ts';
import { callOf, manualClient, QUERY } from '../clients/support.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const SHOP: SubgraphAddress = { name: 'shop', url: 'http://a/graphql' };
const PRICES: SubgraphAddress = { name: 'prices', url: 'http://b/graphql' };

function open() {
  const log: string[] = [];
  const upstream = manualClient();
  const connections = createHttpConnections({
    idleMs: 1_000,
    open: ({ name, url }): HttpClient => {
      log.push(`open ${name} ${url}`);
      return { execute: upstream.execute, close: async () => void log.push(`close ${name} ${url}`) };
    },
  });
  const ask = (clients: ReturnType<typeof connections.connect>, name: string) => clients[name]!.execute(QUERY, callOf());
  const answerAll = () => upstream.asked.forEach((asked) => asked.answer());
  return { connections, ask, answerAll, log };
}

test('a subgraph that did not move keeps its client; one that did gets another', () => {
  const { connections } = open();
  const before = connections.connect([SHOP, PRICES]);
  const after = connections.connect([SHOP, { ...PRICES, url: 'http://c/graphql' }]);
  expect(after['shop']).toBe(before['shop']);
  expect(after['prices']).not.toBe(before['prices']);
  expect(connections.connect([SHOP, PRICES])['prices']).toBe(before['prices']);
});

test('what is no longer named is closed after its running requests, and not before nobody has asked for a while', async () => {
  const { connections, ask, answerAll, log } = open();
  const before = connections.connect([SHOP, PRICES]);
  const running = ask(before, 'prices');
  connections.connect([SHOP]);
  await vi.advanceTimersByTimeAsync(5_000);
  expect(log).toEqual(['open prices http://b/graphql']);
  answerAll();
  await running;
  await vi.advanceTimersByTimeAsync(900);
  // The next stage of an operation that began before.
  const next = ask(before, 'prices');
  answerAll();
  await next;
  await vi.advanceTimersByTimeAsync(999);
  expect(log).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(1);
  expect(log).toEqual(['open prices http://b/graphql', 'close prices http://b/graphql']);
});

test('a graph that was replaced may still ask, and may come back', async () => {
  const { connections, ask, answerAll, log } = open();
  const before = connections.connect([SHOP]);
  const first = ask(before, 'shop');
  answerAll();
  await first;
  connections.connect([PRICES]);
  await vi.advanceTimersByTimeAsync(1_000);
  const late = ask(before, 'shop');
  answerAll();
  await late;
  expect(log).toEqual(['open shop http://a/graphql', 'close shop http://a/graphql', 'open shop http://a/graphql']);
  connections.connect([SHOP]);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(log).toHaveLength(3);
  await connections.close();
  expect(log.at(-1)).toBe('close shop http://a/graphql');
});

test('pairs that are none are refused by name', () => {
  expect([...readUrlPairs(['a=http://x/graphql?b=c'])]).toEqual([['a', 'http://x/graphql?b=c']]);
  for (const pair of ['a', '=http://x', 'a=nowhere']) expect(() => readUrlPairs([pair])).toThrow(`SUBGRAPH_URLS: "${pair}" is not name=url`);
});

test('an address that is no URL is found out before anything is connected', () => {
  const { connections, log } = open();
  expect(() => connections.connect([SHOP, { name: 'prices', url: '' }])).toThrow('subgraph prices is at "", which is no URL');
  expect(log).toEqual([]);
});
