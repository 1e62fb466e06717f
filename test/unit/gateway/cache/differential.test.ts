import fc from 'fast-check';
import { parse, print, validate, visit, Kind, type ConstDirectiveNode, type FieldDefinitionNode, type ObjectTypeDefinitionNode } from 'graphql';
import { expect, it } from 'vitest';
import { createCacheMemory, createFetchCache } from '../../../../gateway/cache/fetch-cache.ts';
import { followInvalidations } from '../../../../gateway/cache/invalidations.ts';
import { createExecutor } from '../../../../gateway/execution/executor.ts';
import type { SubgraphClients } from '../../../../gateway/execution/fetching/run.ts';
import { manualClock } from '../../../../platform/clock.ts';
import { silentLog } from '../../../../platform/log.ts';
import type { SharedCacheStore } from '../../../../platform/stores/cache-store.ts';
import { createMemoryEventLog } from '../../../../platform/stores/memory-event-log.ts';
import { writeRandomOperation } from '../../../federation/random-operation.ts';
import { createShop } from '../../../federation/shop-fixture.ts';
import { scopeOf } from './facts-graph.ts';

/** The shop's supergraph with lifetimes: every field may be kept, now and then one may not, and all changes with one tag. */
function withLifetimes(sdl: string): string {
  const directive = (text: string): ConstDirectiveNode => (parse(`type T ${text} { f: Int }`).definitions[0] as ObjectTypeDefinitionNode).directives![0]!;
  let count = 0;
  return print(visit(parse(sdl), {
    FieldDefinition: (node): FieldDefinitionNode => {
      count += 1;
      return { ...node, directives: [...(node.directives ?? []), directive(`@cacheControl(maxAge: ${count % 9 === 0 ? 0 : 60})`)] };
    },
    ObjectTypeDefinition: {
      leave: (node) => {
        const graphs = (node.directives ?? []).flatMap(({ name, arguments: given = [] }) => (name.value === 'join__type' ? given.filter((one) => one.name.value === 'graph') : []))
          .flatMap(({ value }) => (value.kind === Kind.ENUM ? [value.value] : []));
        const tag = directive(`@join__directive(graphs: [${[...new Set(graphs)].join(', ')}], name: "federation__cacheTag", args: { format: "Catalog" })`);
        const fields = ['Query'].includes(node.name.value) ? node.fields?.map((field) => ({ ...field, directives: [...(field.directives ?? []), tag] })) : node.fields;
        return graphs.length === 0 ? node : { ...node, ...(fields && { fields }), directives: [...(node.directives ?? []), tag] };
      },
    },
  }));
}

const stored = (): SharedCacheStore => {
  const texts = new Map<string, string>();
  return {
    readMany: async (keys) => keys.map((key) => texts.get(key) ?? null),
    write: (writes) => writes.forEach(({ key, text }) => texts.set(key, text)),
    close: () => undefined,
  };
};

async function createWorld() {
  const shop = createShop();
  const executor = createExecutor({ supergraph: shop.supergraph });
  const clock = manualClock(1_000);
  const eventLog = createMemoryEventLog({ clock, capacity: 10_000 });
  const counted = { hits: 0, misses: 0 };
  const meter = { count: (_subgraph: string, outcome: string, _tier: string, parts: number) => void (counted[outcome === 'hit' ? 'hits' : 'misses'] += parts) };
  const sdl = withLifetimes(shop.supergraph.sdl);
  const store = stored();
  // Two nodes share what they keep, and each has a memory of its own.
  const caches = await Promise.all([0, 1].map(async () => {
    const invalidations = followInvalidations({ eventLog, clock, log: silentLog, historyMs: 0 });
    await invalidations.followed;
    return createFetchCache({ sdl, memory: createCacheMemory({ store, invalidations, clock, maxBytes: 10_000_000, graceMs: 60_000, meter }) });
  }));
  const change = async (source: string) => {
    await executor.execute({ source, clients: shop.clients });
    await eventLog.append('product', [{ type: 'product.changed', productCode: 'any' }]);
  };
  return { shop, executor, clock, counted, caches, change };
}

const CHANGES = ['mutation { rename(id: "p1", name: "N") { id } }', 'mutation { adjust(id: "p2", by: 3) { sku } }', 'mutation { reprice(id: "p1", amount: "9.99") { id } }'];

it('answers random operations as without it, with changes in between, whichever subgraphs are down', { timeout: 240_000 }, async () => {
  const { shop, executor, clock, counted, caches, change } = await createWorld();
  const seed = Number(process.env['FEDERATION_SEED'] ?? 20_261_121);
  const known: { readonly source: string; readonly variables: Record<string, unknown> }[] = [];
  let renamed = 0;
  const property = fc.asyncProperty(fc.gen(), async (gen) => {
    const draw = (max: number): number => gen(fc.nat, { max });
    const fresh = writeRandomOperation(shop.monolith, draw, { aliases: null, conditions: true, maxDepth: 3 });
    fc.pre(validate(shop.monolith, parse(fresh.source)).length === 0);
    known.push(fresh);
    if (draw(3) === 0) await change(CHANGES[draw(2)]!.replace('"N"', `"N${(renamed += 1)}"`));
    if (draw(5) === 0) clock.advance(30_000);
    // What was asked before is asked again: else nothing would be found.
    const operation = known[draw(Math.min(known.length - 1, 40))]!;
    const failing = draw(4) === 0 ? Object.keys(shop.clients)[draw(4)]! : null;
    const clients: SubgraphClients = failing === null ? shop.clients : { ...shop.clients, [failing]: { execute: () => Promise.reject(new Error('down')) } };
    const expected = await executor.execute({ ...operation, clients: shop.clients });
    for (const cache of caches) {
      const session = cache.open(scopeOf())!;
      const { data, errors } = await executor.execute({ ...operation, clients, cache: session });
      // With a subgraph down an error may take values away; without one, nothing may differ.
      if (!errors) expect(JSON.stringify(data), operation.source).toBe(JSON.stringify(expected.data));
      else expect(failing, `${operation.source} ${JSON.stringify(errors)}`).not.toBeNull();
      if (failing === null) expect(session.stale()).toEqual([]);
    }
  });
  await fc.assert(property, { seed, numRuns: 300, maxSkipsPerRun: 1_000, endOnFailure: true });
  console.log(`differential: seed ${seed}; ${counted.hits} parts found, ${counted.misses} asked for`);
  expect(counted.hits).toBeGreaterThan(500);
  expect(counted.misses).toBeGreaterThan(500);
});
