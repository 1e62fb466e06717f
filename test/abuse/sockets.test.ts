import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keyOf, startSmallGateway } from '../support/small-gateway.ts';
import { SOCKET_CASES } from './sockets.ts';
import { SENDERS, speak } from './transports.ts';

let gateway: Awaited<ReturnType<typeof startSmallGateway>>;
beforeAll(async () => {
  gateway = await startSmallGateway();
});
afterAll(() => gateway.drain());

describe('a WebSocket', () => {
  it.each(SOCKET_CASES)('with $name is closed or refused, and others are answered', async ({ act, headers = {}, enough, holds }) => {
    const spoken = await speak(gateway.url, act, { headers, ...(enough && { enough }) });
    const { code, said } = spoken;
    expect([code, said.slice(0, 3), holds(spoken)]).toEqual([code, said.slice(0, 3), true]);
    for (const send of Object.values(SENDERS)) expect(await send(gateway.url, { query: '{ item(id: "1") { name } }' }, keyOf())).toEqual({ data: { item: { name: 'Item 1' } } });
  });

  it('takes all of that without a fault of ours', () => {
    expect(gateway.lines.filter(({ level }) => level === 'error')).toEqual([]);
  });
});
