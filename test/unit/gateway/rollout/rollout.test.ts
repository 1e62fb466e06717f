import { GraphQLError } from 'graphql';
import { expect, test } from 'vitest';
import { createGraph, type Graph } from '../../../../gateway/graph/graph.ts';
import { createGraphSource } from '../../../../gateway/graph/graph-source.ts';
import { DEFAULT_LIMITS } from '../../../../gateway/limits/limits.ts';
import { createRollout } from '../../../../gateway/rollout/rollout.ts';
import { createTrustedDocuments, documentId } from '../../../../gateway/trusted-documents/trusted-documents.ts';
import { systemClock } from '../../../../platform/clock.ts';
import { collectingLog } from '../../../support/small-gateway.ts';
import { composeSmall } from '../../../support/small-supergraph.ts';

const first = composeSmall();
/** The same graph with another description. */
const second = first.replace('type Voucher', '"""Worth its code."""\ntype Voucher');
/** Without a field that the storefront asks for. */
const poorer = first.replace(/\n {2}name: String[^\n]*/, '');

const ITEM = 'query Item { item(id: "1") { id name } }';

function house(documents: readonly string[] = [ITEM]) {
  let offered = first;
  const build = (sdl: string): Graph => createGraph({ sdl, clients: {}, limits: DEFAULT_LIMITS, cache: null });
  const graphs = createGraphSource(build(first));
  const { log, lines } = collectingLog();
  const trusted = createTrustedDocuments('1', documents.map((body) => ({ id: documentId(body), name: 'Item', body })));
  const rollout = createRollout({ graphs, build, trusted, clock: systemClock, log, pollMs: 0, read: () => {
    if (offered === 'gone') throw new Error('SUPERGRAPH: cannot read it');
    return offered;
  } });
  return { graphs, rollout, lines, offer: (sdl: string) => (offered = sdl) };
}

test('serves what is offered, with every plan of the trusted documents made before', async () => {
  const { graphs, rollout, offer } = house();
  const before = graphs.current;
  offer(second);
  await rollout.check();
  expect(graphs.current).not.toBe(before);
  expect(graphs.current.documents.knows(ITEM)).toBe(true);
  expect(rollout.report()).toMatchObject({ current: { version: graphs.current.version }, previous: { version: before.version }, heldBack: null, refused: null });
});

test.each([
  ['is no supergraph', 'type Query { a: Int }'],
  ['is no GraphQL', 'no'],
  ['no longer answers a trusted document', poorer],
  ['cannot be read', 'gone'],
])('goes on with the one before where the new one %s, and says so', async (_what, sdl) => {
  const { graphs, rollout, lines, offer } = house();
  const before = graphs.current;
  offer(sdl);
  await rollout.check();
  await rollout.check();
  expect(graphs.current).toBe(before);
  expect(rollout.report().refused?.reasons[0]).toMatch(/\w+/);
  expect(rollout.problems()).toHaveLength(1);
  expect(lines.filter(({ level }) => level === 'error')).toHaveLength(1);
  offer(first);
  await rollout.check();
  expect(rollout.problems()).toEqual([]);
});

test('a graph without the field is served where nobody trusted asks for it', async () => {
  const { graphs, rollout, offer } = house([]);
  offer(poorer);
  await rollout.check();
  expect(() => graphs.current.documents.read(ITEM)).toThrow(GraphQLError);
});

test('goes back to the one before, and stays there until another one is offered', async () => {
  const { graphs, rollout, offer } = house();
  expect(await rollout.rollBack()).toBe(false);
  const before = graphs.current;
  offer(second);
  await rollout.check();
  const bad = graphs.current.version;
  expect(await rollout.rollBack()).toBe(true);
  await rollout.check();
  expect([graphs.current, rollout.report().heldBack]).toEqual([before, bad]);
  expect(rollout.problems()[0]).toContain('held back');
  offer(second.replace('Worth its code', 'Worth its weight'));
  await rollout.check();
  expect([rollout.report().heldBack, rollout.problems()]).toEqual([null, []]);
  expect(graphs.current).not.toBe(before);
});
