import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keyOf, startSmallGateway } from '../support/small-gateway.ts';
import { OPERATION_CASES } from './operations.ts';
import { SENDERS, type Transport } from './transports.ts';

let gateway: Awaited<ReturnType<typeof startSmallGateway>>;
beforeAll(async () => {
  gateway = await startSmallGateway();
});
afterAll(() => gateway.drain());

const TRANSPORTS = Object.keys(SENDERS) as Transport[];
const ROUNDS = TRANSPORTS.flatMap((transport) => OPERATION_CASES.filter(({ except }) => !except?.includes(transport)).map((one) => ({ ...one, transport })));

it('is no small suite', () => {
  expect(OPERATION_CASES.length).toBeGreaterThanOrEqual(40);
  expect(new Set(OPERATION_CASES.map(({ name }) => name)).size).toBe(OPERATION_CASES.length);
});

describe.each(TRANSPORTS)('an operation over %s', (transport) => {
  it.each(ROUNDS.filter((round) => round.transport === transport))('$name is refused or bounded, and others are answered', async ({ asked, scopes = [], refused, bounded }) => {
    const answer = await SENDERS[transport](gateway.url, asked, keyOf(...scopes));
    if (refused) {
      expect(answer.data ?? null).toBeNull();
      expect(answer.errors?.[0]).toMatchObject({ message: expect.stringMatching(/\S/), extensions: refused });
    }
    if (bounded) expect([answer, Boolean(bounded(answer))]).toEqual([answer, true]);
    expect(Boolean(refused) || Boolean(bounded)).toBe(true);
    expect(await SENDERS[transport](gateway.url, { query: '{ item(id: "1") { name } }' }, keyOf())).toEqual({ data: { item: { name: 'Item 1' } } });
  });
});
