import { auditServer } from 'graphql-http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keyOf, startSmallGateway } from '../../../support/small-gateway.ts';

type Gateway = Awaited<ReturnType<typeof startSmallGateway>>;

let gateway: Gateway;
beforeAll(async () => {
  gateway = await startSmallGateway();
});
afterAll(() => gateway.drain());

/** With the role that may introspect, and the header by which a GET shows that no link of somebody else's made it. */
const audit = () =>
  auditServer({
    url: () => `${gateway.url}/graphql`,
    fetchFn: (url: string, init: RequestInit = {}) => fetch(url, { ...init, headers: { ...(init.headers as Record<string, string>), ...keyOf('operations'), 'apollo-require-preflight': 'true' } }),
  });

describe('GraphQL over HTTP', () => {
  it.each(['cold', 'hot'])('conforms in all points of the reference audit, %s', async () => {
    const results = await audit();
    const short = results.flatMap((result) => (result.status === 'ok' ? [] : [`${result.name}: ${result.reason}`]));
    console.log(`${results.length - short.length} of ${results.length} points`);
    expect(results).toHaveLength(61);
    expect(short).toEqual([]);
  });
});
