import { parse } from 'graphql';
import { afterAll, describe, expect, it } from 'vitest';
import { createExecutor } from '../../../../gateway/execution/executor.ts';
import { createPlanWeigher } from '../../../../gateway/execution/planning/plan-weight.ts';
import { createPlanningThread } from '../../../../gateway/execution/planning/planning-thread.ts';
import { loadSupergraph } from '../../../../gateway/execution/planning/supergraph.ts';
import { composeSmall } from '../../../support/small-supergraph.ts';
import { composeWide } from '../../../support/wide-supergraph.ts';

/** Twenty bytes that take the planner 40 seconds; with one level more it takes 4 GB and the process. */
const KILLER = '{node{r0{r1{name}}}}';

const wide = loadSupergraph(composeWide({ subgraphs: 5, types: 12 }));
const small = loadSupergraph(composeSmall());
const threads: { close(): Promise<void> }[] = [];
const threadOf = (...args: Parameters<typeof createPlanningThread>) => {
  const thread = createPlanningThread(...args);
  threads.push(thread);
  return thread;
};
afterAll(async () => void (await Promise.all(threads.map((thread) => thread.close()))));

const failure = (plan: Promise<unknown>): Promise<any> => plan.then(() => null, (error: unknown) => error);

describe('the weight of a plan', () => {
  const weigh = createPlanWeigher(wide.sdl, wide.apiSchema);

  it('grows with what may be of many types in many subgraphs, not with the text', () => {
    expect(weigh(parse('{node{id}}'))).toBe(5 * 12 + 5 * 12 * 5);
    expect(weigh(parse(KILLER))).toBe(1_000_000);
    expect(createPlanWeigher(small.sdl, small.apiSchema)(parse('{ items { name related { name price } } }'))).toBe(5);
  });
});

describe('the planning thread', () => {
  it('plans as the planner does here', async () => {
    const document = parse('{ items { name related { price } } }', { noLocation: true });
    expect(await threadOf(small).plan(document, { byType: false })).toEqual(JSON.parse(JSON.stringify(small.buildPlan(document))));
  });

  it('refuses what the planner would not finish, each text once, and goes on', async () => {
    const thread = threadOf(wide, { timeLimitMs: 400, maxHeapMb: 256 });
    const first = await failure(thread.plan(parse(KILLER), {}));
    expect(first.extensions).toMatchObject({ code: 'INVALID_INPUT', limit: 'planning' });
    // Another error object would be another attempt.
    expect(await failure(thread.plan(parse(KILLER), {}))).toBe(first);
    expect(await thread.plan(parse('{node{name}}'), {})).toMatchObject({ kind: 'QueryPlan' });
  });

  it('survives a plan that exhausts its memory', async () => {
    const thread = threadOf(wide, { timeLimitMs: 60_000, maxHeapMb: 64 });
    expect((await failure(thread.plan(parse(KILLER), {}))).extensions).toMatchObject({ limit: 'planning' });
    expect(await thread.plan(parse('{node{name}}'), {})).toMatchObject({ kind: 'QueryPlan' });
  });

  it('lets only so many wait', async () => {
    const thread = threadOf(small, { maxWaiting: 2 });
    const document = parse('{ items { name } }');
    const [, , third] = [thread.plan(document, {}), thread.plan(document, {}), thread.plan(document, {})];
    expect((await failure(third!)).extensions).toMatchObject({ code: 'OVERLOADED' });
  });

  it('keeps what it is at from everybody else', async () => {
    const thread = threadOf(wide, { timeLimitMs: 1_000, maxHeapMb: 256 });
    const executor = createExecutor({ supergraph: wide, thread });
    const ended: string[] = [];
    const answer = (name: string, source: string) => executor.execute({ source, clients: {} }).then((result) => (ended.push(name), result));
    const [heavy] = await Promise.all([answer('heavy', KILLER), answer('light', '{ __typename }')]);
    expect(ended).toEqual(['light', 'heavy']);
    expect(heavy.errors?.[0]?.extensions).toMatchObject({ code: 'INVALID_INPUT', limit: 'planning' });
  });
});
