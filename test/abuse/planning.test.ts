import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createGraphSource } from '../../gateway/graph/graph-source.ts';
import { createGraph } from '../../gateway/graph/graph.ts';
import { DEFAULT_LIMITS } from '../../gateway/limits/limits.ts';
import { keyOf, startSmallGateway } from '../support/small-gateway.ts';
import { composeWide } from '../support/wide-supergraph.ts';
import { SENDERS, type Transport } from './transports.ts';

let gateway: Awaited<ReturnType<typeof startSmallGateway>>;
beforeAll(async () => {
  const graph = createGraph({ sdl: composeWide({ subgraphs: 5, types: 12 }), clients: {}, limits: DEFAULT_LIMITS, cache: null });
  gateway = await startSmallGateway({ graphs: createGraphSource(graph), deadlineMs: 30_000 });
});
afterAll(() => gateway.drain());

describe('a few bytes that the planner would not finish', () => {
  it.each(Object.keys(SENDERS) as Transport[])('are refused over %s, and nobody waits for that', async (transport) => {
    const send = SENDERS[transport];
    const ended: string[] = [];
    const ask = (name: string, query: string) => send(gateway.url, { query }, keyOf()).then((answer) => (ended.push(name), answer));
    // Another alias is another text: what was refused before is known, and would be refused at once.
    const heavy = ask('heavy', `{ ${transport}: node { r0 { r1 { name } } } }`);
    for (let round = 0; round < 3; round += 1) expect(await ask('light', '{ __typename }')).toEqual({ data: { __typename: 'Query' } });
    expect((await heavy).errors?.[0]?.extensions).toMatchObject({ code: 'INVALID_INPUT', limit: 'planning' });
    expect(ended).toEqual([...Array.from({ length: 3 }, () => 'light'), 'heavy']);
  });
});
