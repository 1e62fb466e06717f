import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keyOf, startSmallGateway } from '../support/small-gateway.ts';
import { REQUEST_CASES, SLOW_CASES, type RequestCase } from './requests.ts';
import { SENDERS } from './transports.ts';

let gateway: Awaited<ReturnType<typeof startSmallGateway>>;
beforeAll(async () => {
  gateway = await startSmallGateway();
});
afterAll(() => gateway.drain());

async function tryCase({ send, status, silent }: RequestCase): Promise<void> {
  const returned = await send(gateway.url);
  expect(status).toContain(returned.status);
  // What was answered at all says what is wrong, and nothing of the inside.
  if (returned.status !== 0 && !silent) expect(returned.text).toMatch(/"message":"[^"]+"/);
  expect(returned.text).not.toMatch(/node_modules|\.ts:\d+|hunter2/);
  expect(gateway.heard.renamed).toBe(0);
}

const answersOthers = async (): Promise<void> => {
  for (const send of Object.values(SENDERS)) expect(await send(gateway.url, { query: '{ item(id: "1") { name } }' }, keyOf())).toEqual({ data: { item: { name: 'Item 1' } } });
};

describe('a request', () => {
  it.each(REQUEST_CASES)('$name is refused, and others are answered', async (one) => {
    await tryCase(one);
    await answersOthers();
  });

  it('is waited for only so long, and others are answered meanwhile', async () => {
    const slow = Promise.all(SLOW_CASES.map(tryCase));
    await answersOthers();
    await slow;
    await answersOthers();
  });

  it('from a page that has pointed its own name here is refused where everybody is let in', async () => {
    const development = await startSmallGateway({ development: true });
    const { port } = new URL(development.url);
    const ask = (host: string): Promise<number> =>
      new Promise((done, fail) => {
        const asked = request({ port, method: 'POST', path: '/graphql', headers: { host, 'content-type': 'application/json' } }, (response) => done(response.resume().statusCode!));
        asked.on('error', fail).end('{"query":"{ __typename }"}');
      });
    expect(await ask(`evil.example:${port}`)).toBe(421);
    expect(await ask(`localhost:${port}`)).toBe(200);
    await development.drain();
  });
});
