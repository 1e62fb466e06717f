import { buildSchema, GraphQLError } from 'graphql';
import { expect, test } from 'vitest';
import { limitTime } from '../../../../gateway/clients/time-limit.ts';
import { createInProcessClient } from '../../../../gateway/clients/transport/in-process-client.ts';
import { systemClock } from '../../../../platform/clock.ts';

const schema = buildSchema('type Query { who: String fail: Int } type Subscription { changed(id: ID): Item } type Item { id: ID }');
schema.getQueryType()!.getFields()['who']!.resolve = (_source, _args, context: { user: string }) => context.user;
schema.getQueryType()!.getFields()['fail']!.resolve = () => {
  throw new GraphQLError('no', { extensions: { code: 'FORBIDDEN' } });
};
schema.getSubscriptionType()!.getFields()['changed']!.resolve = (event: unknown) => event;
const client = createInProcessClient({ schema, createContext: async ({ context }) => ({ user: context }) });
const call = { signal: new AbortController().signal, deadlineAtMs: null, context: 'ada' };

test('resolvers get a context made from the call', async () => {
  const answer = await client.execute({ query: '{ who }', operationKind: 'query', documentId: '1' }, call);
  expect(answer.data).toEqual({ who: 'ada' });
});

test('errors keep path and code', async () => {
  const answer = await client.execute({ query: '{ fail }', operationKind: 'query', documentId: '2' }, call);
  expect(answer).toMatchObject({ data: { fail: null }, errors: [{ message: 'no', path: ['fail'], extensions: { code: 'FORBIDDEN' } }] });
});

test('a subscription is executed once with its event as root value', async () => {
  const query = 'subscription($id: ID) { changed(id: $id) { id } }';
  const answer = await client.execute({ query, operationKind: 'subscription', documentId: '3', event: { id: 'p1' }, variables: { id: 'p1' } }, call);
  expect(answer.data).toEqual({ changed: { id: 'p1' } });
});

test('an operation the schema does not know is malformed, not executed', async () => {
  const asked = client.execute({ query: '{ gone }', operationKind: 'query', documentId: '4' }, call);
  await expect(asked).rejects.toMatchObject({ code: 'UPSTREAM_MALFORMED', message: expect.stringContaining('gone') });
});

test('a caller who leaves, and a time that is up, abort the signal that resolvers hold', async () => {
  const slow = buildSchema('type Query { slow: String }');
  const seen: AbortSignal[] = [];
  slow.getQueryType()!.getFields()['slow']!.resolve = (_source, _args, context: { signal: AbortSignal }) => {
    seen.push(context.signal);
    return new Promise(() => undefined);
  };
  const limited = limitTime(createInProcessClient({ schema: slow, createContext: ({ signal }) => ({ signal }) }), { name: 'shop', timeoutMs: 50, clock: systemClock });
  const leaving = new AbortController();
  const ask = (signal: AbortSignal) => limited.execute({ query: '{ slow }', operationKind: 'query', documentId: '5' }, { signal, deadlineAtMs: null, context: null });
  const left = ask(leaving.signal);
  leaving.abort();
  await expect(left).rejects.toMatchObject({ reason: 'CALLER_LEFT' });
  await expect(ask(new AbortController().signal)).rejects.toMatchObject({ code: 'UPSTREAM_TIMEOUT', reason: 'SILENT' });
  expect(seen.map(({ aborted }) => aborted)).toEqual([true, true]);
});
