import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SCOPES, type Principal } from '../../../../domain/principal.ts';
import type { CacheSession } from '../../../../gateway/cache/facts.ts';
import { createCacheMemory, createFetchCache, type CacheMemoryOptions } from '../../../../gateway/cache/fetch-cache.ts';
import { followInvalidations } from '../../../../gateway/cache/invalidations.ts';
import { SubgraphFailure, type SubgraphAnswer, type SubgraphClient, type SubgraphRequest } from '../../../../gateway/execution/subgraph-client.ts';
import { manualClock } from '../../../../platform/clock.ts';
import { silentLog } from '../../../../platform/log.ts';
import { createMemoryEventLog } from '../../../../platform/stores/memory-event-log.ts';
import type { RequestScope } from '../../../../subgraphs/frame/module.ts';
import { answering, askOf, callOf, entitiesIn, entitiesOf, FACTS_SDL, requestOf, scopeOf, skusIn } from './facts-graph.ts';

const opening = (cache: ReturnType<typeof createFetchCache>, scope: RequestScope = scopeOf()): CacheSession => cache.open(scope)!;

async function createWorld(more: Partial<CacheMemoryOptions> = {}) {
  const clock = manualClock(10_000);
  const eventLog = createMemoryEventLog({ clock, capacity: 1_000 });
  const invalidations = followInvalidations({ eventLog, clock, log: silentLog, historyMs: 60_000 });
  await invalidations.followed;
  const memory = createCacheMemory({ store: null, invalidations, clock, maxBytes: 1_000_000, graceMs: 300_000, ...more });
  const cache = createFetchCache({ sdl: FACTS_SDL, memory });
  const tell = (payload: object) => eventLog.append((payload as { type: string }).type.split('.')[0]!, [payload]);
  return { clock, cache, memory, tell, invalidations };
}

const versions = (values: ReadonlyMap<string, number>) => (sku: string) => ({ __typename: 'Thing', value: values.get(sku) ?? 0 });
const silent: SubgraphClient = { execute: () => Promise.reject(new SubgraphFailure('UPSTREAM_TIMEOUT', 'it did not answer')) };

describe('what is kept', () => {
  it('is asked for once, and only what is missing is asked for', async () => {
    const { cache } = await createWorld();
    const requests: SubgraphRequest[] = [];
    const client = answering((sku) => ({ value: sku.length }), requests);
    const ask = async (skus: readonly string[]) => {
      const session = opening(cache);
      const values = entitiesIn(await session.execute(askOf(client, entitiesOf(skus, 'value'))));
      return { values, facts: session.facts()! };
    };
    expect((await ask(['a', 'bb'])).facts).toMatchObject({ hits: 0, misses: 2, ageMs: 0, freshForMs: 60_000, scope: 'PUBLIC', tags: ['Stock:a', 'Stock:bb'] });
    expect(await ask(['ccc', 'bb', 'a'])).toMatchObject({ values: [{ value: 3 }, { value: 2 }, { value: 1 }], facts: { hits: 2, misses: 1, tags: ['Stock:a', 'Stock:bb', 'Stock:ccc'] } });
    expect((await ask(['ccc'])).facts).toMatchObject({ hits: 1, misses: 0 });
    expect(requests.map(skusIn)).toEqual([['a', 'bb'], ['ccc']]);
  });

  it('belongs to whoever is given it: merging into one answer changes no other', async () => {
    const { cache } = await createWorld();
    const ask = async () => entitiesIn(await opening(cache).execute(askOf(answering(() => ({ value: 1, part: { name: 'x' } })), entitiesOf(['a'], 'value part{name}'))))[0] as { part: { name: string } };
    for (let turn = 0; turn < 3; turn += 1) {
      const mine = await ask();
      expect(mine.part.name).toBe('x');
      mine.part.name = 'mine';
    }
  });

  it('ends with its lifetime and with the event that says it has changed', async () => {
    const { cache, clock, tell } = await createWorld();
    const values = new Map([['a', 1]]);
    const read = async () => (entitiesIn(await opening(cache).execute(askOf(answering(versions(values)), entitiesOf(['a'], '__typename value'))))[0] as { value: number }).value;
    expect(await read()).toBe(1);
    values.set('a', 2);
    clock.advance(59_999);
    expect(await read()).toBe(1);
    clock.advance(1);
    expect(await read()).toBe(2);
    values.set('a', 3);
    await tell({ type: 'stock.changed', sku: 'b' });
    expect(await read()).toBe(2);
    await tell({ type: 'stock.changed', sku: 'a' });
    expect(await read()).toBe(3);
  });

  it('is not what was read before an event and answered after it', async () => {
    const { cache, tell } = await createWorld();
    const values = new Map([['a', 1]]);
    const overtaken: SubgraphClient = { execute: async (request, call) => {
      const answer = await answering(versions(values)).execute(request, call);
      values.set('a', 2);
      await tell({ type: 'stock.changed', sku: 'a' });
      return answer;
    } };
    await opening(cache).execute(askOf(overtaken, entitiesOf(['a'], '__typename value')));
    expect(entitiesIn(await opening(cache).execute(askOf(answering(versions(values)), entitiesOf(['a'], '__typename value'))))).toEqual([{ __typename: 'Thing', value: 2 }]);
  });

  it('changes with tags that the subgraph gives with its answer, for all of it or for one entity', async () => {
    const { cache, tell } = await createWorld();
    const requests: SubgraphRequest[] = [];
    const extensions = { apolloCacheTags: ['Catalog'], apolloEntityCacheTags: { _entities: [['Price:x'], []] } };
    const client: SubgraphClient = { execute: async (request) => {
      requests.push(request);
      return { data: { _entities: skusIn(request).map(() => ({ value: 1 })) }, extensions };
    } };
    const read = () => opening(cache).execute(askOf(client, entitiesOf(['a', 'b'], 'value')));
    await read();
    await tell({ type: 'price.changed', sku: 'x', priceListCode: 'L' });
    await read();
    await tell({ type: 'product.changed', productCode: 'any' });
    await read();
    expect(requests.map(skusIn)).toEqual([['a', 'b'], ['a'], ['a', 'b']]);
  });

  it('is nothing that came with an error, and nothing that states no lifetime', async () => {
    const { cache } = await createWorld();
    const requests: SubgraphRequest[] = [];
    const failing: SubgraphClient = { execute: async (request) => {
      requests.push(request);
      const asked = skusIn(request);
      const errors = asked.flatMap((sku, index) => (sku === 'b' ? [{ message: 'no', path: ['_entities', index, 'value'], extensions: { code: 'FORBIDDEN' } }] : []));
      return { data: { _entities: asked.map((sku) => ({ value: sku === 'b' ? null : 1 })) }, ...(errors.length > 0 && { errors }) };
    } };
    const session = opening(cache);
    await session.execute(askOf(failing, entitiesOf(['a', 'b'], 'value')));
    expect(session.facts()).toBeNull();
    const again = await opening(cache).execute(askOf(failing, entitiesOf(['a', 'b'], 'value')));
    expect(again.errors).toEqual([{ message: 'no', path: ['_entities', 1, 'value'], extensions: { code: 'FORBIDDEN' } }]);
    expect(requests.map(skusIn)).toEqual([['a', 'b'], ['b']]);
    const bare = opening(cache);
    await bare.execute(askOf(failing, entitiesOf(['a'], 'value never')));
    await bare.execute(askOf(failing, entitiesOf(['a'], 'value never')));
    expect(requests).toHaveLength(4);
    expect(bare.facts()).toBeNull();
  });

  it('is root fields each for itself', async () => {
    const { cache } = await createWorld();
    const requests: SubgraphRequest[] = [];
    const client: SubgraphClient = { execute: async (request): Promise<SubgraphAnswer> => {
      requests.push(request);
      return { data: Object.fromEntries([...request.query.matchAll(/(\w+):sum|(now)/g)].map(([, alias, now]) => [alias ?? now, requests.length])) };
    } };
    const source = 'query($x:ID!){a:sum(sku:$x) b:sum(sku:"y") now}';
    const ask = async (x: string) => (await opening(cache).execute(askOf(client, requestOf(source, { x })))).data;
    expect(await ask('x')).toEqual({ a: 1, b: 1, now: 1 });
    expect(await ask('x')).toEqual({ a: 1, b: 1, now: 2 });
    expect(await ask('z')).toEqual({ a: 3, b: 1, now: 3 });
    expect(requests[1]!.query).toBe('{now}');
    expect(requests[2]!.variables).toEqual({ x: 'z' });
  });
});

describe('who has just changed something', () => {
  it('reads past the cache until everybody has been told, and nobody else does', async () => {
    const { cache, clock } = await createWorld();
    const [writer, other] = [scopeOf({ subject: 'writer' }), scopeOf({ subject: 'other' })];
    cache.noteWrite(writer);
    expect([cache.open(writer), cache.open(other)]).toEqual([null, expect.anything()]);
    clock.advance(1_999);
    expect(cache.open(writer)).toBeNull();
    clock.advance(1);
    expect(cache.open(writer)).not.toBeNull();
  });
});

describe('who shares what is kept', () => {
  const principal = fc.record({
    subject: fc.constantFrom('s1', 's2'), kind: fc.constantFrom('ANONYMOUS', 'SHOPPER', 'BUYER', 'SERVICE'), scopes: fc.subarray([...SCOPES], { maxLength: 2 }),
    channel: fc.constantFrom(null, 'web', 'edi'), customerNumber: fc.constantFrom(null, 'c1', 'c2'), companyNumber: fc.constantFrom(null, 'k1', 'k2'),
  }) as fc.Arbitrary<Principal>;
  const shopping = fc.record({ channel: fc.constantFrom(null, 'web'), locale: fc.constantFrom(null, 'de_DE'), currencyCode: fc.constantFrom(null, 'EUR'), companyLocation: fc.constantFrom(null, 'l1', 'l2') });

  /** Answers with all it was asked by: whatever is shared between two callers shows. */
  const mirror = (fields: (scope: RequestScope) => object) => answering((_sku, { context }) => fields(context as RequestScope));

  it('is nobody but the very same caller in the very same context, where it is private', async () => {
    await fc.assert(fc.asyncProperty(fc.array(fc.record({ principal, shopping }), { minLength: 2, maxLength: 40 }), async (callers) => {
      const { cache } = await createWorld();
      const client = mirror(({ principal: who, shopping: where }) => ({ own: JSON.stringify([{ ...who, scopes: [...who.scopes].sort() }, where]) }));
      for (const caller of callers) {
        const scope = scopeOf(caller.principal, caller.shopping);
        const answer = await opening(cache, scope).execute(askOf(client, entitiesOf(['a'], 'own'), { call: callOf(scope) }));
        expect(entitiesIn(answer)).toEqual([{ own: JSON.stringify([{ ...scope.principal, scopes: [...scope.principal.scopes].sort() }, scope.shopping]) }]);
      }
    }), { numRuns: 60 });
  });

  it('is whoever has the same rights in the same channel, locale and currency, where it is public', async () => {
    await fc.assert(fc.asyncProperty(fc.array(fc.record({ principal, shopping }), { minLength: 2, maxLength: 40 }), async (callers) => {
      const { cache } = await createWorld();
      const shown = ({ principal: { kind, scopes, channel }, shopping: { channel: asked, locale, currencyCode } }: RequestScope) =>
        JSON.stringify([kind, [...scopes].sort(), channel, asked, locale, currencyCode]);
      const requests: SubgraphRequest[] = [];
      const client = answering((_sku, { context }) => ({ value: shown(context as RequestScope) }), requests);
      const scopes = callers.map((caller) => scopeOf(caller.principal, caller.shopping));
      for (const scope of scopes) {
        expect(entitiesIn(await opening(cache, scope).execute(askOf(client, entitiesOf(['a'], 'value'), { call: callOf(scope) })))).toEqual([{ value: shown(scope) }]);
      }
      expect(requests).toHaveLength(new Set(scopes.map(shown)).size);
    }), { numRuns: 60 });
  });

  it('forgets what is private to a buyer when what is agreed with the buyer, the company or the location changes', async () => {
    for (const number of ['c1', 'k1', 'l1']) {
      const { cache, tell } = await createWorld();
      const requests: SubgraphRequest[] = [];
      const scope = scopeOf({ customerNumber: 'c1', companyNumber: 'k1' }, { companyLocation: 'l1' });
      const read = () => opening(cache, scope).execute(askOf(answering(() => ({ own: 1 }), requests), entitiesOf(['a'], 'own')));
      await read();
      await tell({ type: 'customer.changed', number: 'c2' });
      await read();
      await tell({ type: 'customer.changed', number });
      await read();
      expect(requests).toHaveLength(2);
    }
  });
});

describe('many who ask at the same time', () => {
  it('ask the subgraph once for each thing', async () => {
    const { cache } = await createWorld();
    const requests: SubgraphRequest[] = [];
    const client = answering((sku) => ({ value: sku }), requests);
    const wanted = Array.from({ length: 200 }, (_, n) => [`s${n % 5}`, `s${(n * 7 + 1) % 5}`]);
    const answers = await Promise.all(wanted.map((skus) => opening(cache).execute(askOf(client, entitiesOf(skus, 'value')))));
    expect(answers.map(entitiesIn)).toEqual(wanted.map((skus) => skus.map((value) => ({ value }))));
    expect(requests.flatMap(skusIn).sort()).toEqual(['s0', 's1', 's2', 's3', 's4']);
  });

  it('ask themselves where the one they waited for has left, and share its failure where it failed', async () => {
    const { cache } = await createWorld();
    const controller = new AbortController();
    let asked = 0;
    const leaving: SubgraphClient = { execute: (_request, { signal }) => new Promise((_done, fail) => {
      asked += 1;
      signal.addEventListener('abort', () => fail(new SubgraphFailure('UPSTREAM_TIMEOUT', 'left')));
    }) };
    const first = opening(cache).execute(askOf(leaving, entitiesOf(['a'], 'value'), { call: callOf(null, controller.signal) }));
    const second = opening(cache).execute(askOf(answering(() => ({ value: 2 })), entitiesOf(['a'], 'value')));
    controller.abort();
    await expect(first).rejects.toThrow('left');
    expect(entitiesIn(await second)).toEqual([{ value: 2 }]);
    expect(asked).toBe(1);
    let failures = 0;
    const down: SubgraphClient = { execute: async () => {
      failures += 1;
      await new Promise((done) => setImmediate(done));
      throw new SubgraphFailure('UPSTREAM_UNAVAILABLE', 'down');
    } };
    const results = await Promise.allSettled(Array.from({ length: 20 }, () => opening(cache).execute(askOf(down, entitiesOf(['b'], 'value')))));
    expect(results.every(({ status }) => status === 'rejected')).toBe(true);
    expect(failures).toBe(1);
  });
});

describe('a subgraph that is silent', () => {
  it('is stood in for by what is kept beyond its lifetime, and the answer says so', async () => {
    const { cache, clock } = await createWorld();
    await opening(cache).execute(askOf(answering((sku) => ({ value: sku })), entitiesOf(['a', 'b'], 'value')));
    clock.advance(100_000);
    const session = opening(cache);
    expect(await session.execute(askOf(silent, entitiesOf(['b', 'a'], 'value')))).toEqual({ data: { _entities: [{ value: 'b' }, { value: 'a' }] } });
    expect(session.stale()).toEqual([{ subgraph: 'facts', ageMs: 100_000, reason: 'UPSTREAM_TIMEOUT' }]);
    expect(session.facts()).toMatchObject({ freshForMs: 0, ageMs: 100_000, stale: [{ ageMs: 100_000 }] });
    const part = await opening(cache).execute(askOf(silent, entitiesOf(['a', 'c'], 'value')));
    expect(part.data).toEqual({ _entities: [{ value: 'a' }, null] });
    expect(part.errors).toMatchObject([{ message: 'it did not answer', path: ['_entities', 1], extensions: { code: 'UPSTREAM_TIMEOUT' } }]);
  });

  it('is not, where it has changed, where it is too long ago, where nobody knows, and where it said no', async () => {
    const { cache, clock, tell } = await createWorld();
    const fill = () => opening(cache).execute(askOf(answering((sku) => ({ value: sku })), entitiesOf(['a'], 'value')));
    const ask = (client = silent) => opening(cache).execute(askOf(client, entitiesOf(['a'], 'value')));
    await expect(ask()).rejects.toThrow('it did not answer');
    await fill();
    await tell({ type: 'stock.changed', sku: 'a' });
    await expect(ask()).rejects.toThrow('it did not answer');
    await fill();
    clock.advance(360_000);
    await expect(ask()).rejects.toThrow('it did not answer');
    await fill();
    clock.advance(60_000);
    const refusing: SubgraphClient = { execute: async () => ({ data: { _entities: [null] }, errors: [{ message: 'no', path: ['_entities', 0], extensions: { code: 'UPSTREAM_REJECTED' } }] }) };
    expect((await ask(refusing)).errors).toHaveLength(1);
    const behind: SubgraphClient = { execute: async () => ({ data: { _entities: [null] }, errors: [{ message: 'away', path: ['_entities', 0], extensions: { code: 'UPSTREAM_UNAVAILABLE' } }] }) };
    expect(await ask(behind)).toEqual({ data: { _entities: [{ value: 'a' }] } });
  });

  it('leaves an answer that is no answer to be told as one', async () => {
    const { cache } = await createWorld();
    const empty: SubgraphClient = { execute: async () => ({}) };
    await expect(opening(cache).execute(askOf(empty, entitiesOf(['a'], 'value')))).rejects.toMatchObject({ code: 'UPSTREAM_MALFORMED' });
    const short: SubgraphClient = { execute: async () => ({ data: { _entities: [] } }) };
    expect(await opening(cache).execute(askOf(short, entitiesOf(['a'], 'value')))).toEqual({ data: { _entities: [] } });
    expect(entitiesIn(await opening(cache).execute(askOf(answering(() => ({ value: 1 })), entitiesOf(['a'], 'value'))))).toEqual([{ value: 1 }]);
  });
});

describe('memory', () => {
  it('is bounded in bytes, whatever is asked for', async () => {
    const { cache, memory } = await createWorld({ maxBytes: 200_000 });
    const client = answering((sku) => ({ value: sku.repeat(20) }));
    for (let n = 0; n < 2_000; n += 50) {
      await opening(cache).execute(askOf(client, entitiesOf(Array.from({ length: 50 }, (_, index) => `sku ${n + index}`), 'value')));
      expect(memory.tiers.memory.bytes).toBeLessThanOrEqual(200_000);
    }
    expect(memory.tiers.memory.entries).toBeGreaterThan(100);
    expect(memory.tiers.memory.entries).toBeLessThan(2_000);
  });
});
