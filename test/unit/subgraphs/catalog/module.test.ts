import 'reflect-metadata';
import { composeServices } from '@apollo/composition';
import { printSubgraphSchema } from '@apollo/subgraph';
import { parse } from 'graphql';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { systemClock } from '../../../../platform/clock.ts';
import { readConfig } from '../../../../platform/config.ts';
import { silentLog } from '../../../../platform/log.ts';
import { createMemoryEventLog } from '../../../../platform/stores/memory-event-log.ts';
import type { SubgraphDependencies } from '../../../../subgraphs/frame/module.ts';
import { catalogModule } from '../../../../subgraphs/catalog/index.ts';
import { createTestDatabase, type TestDatabase } from '../../../support/database.ts';
import { generateSources } from './catalog-generator.ts';
import { item, portsOf, variantContent } from './catalog-shop.ts';

let store: TestDatabase;
beforeAll(async () => {
  store = await createTestDatabase();
}, 60_000);
afterAll(() => store?.drop());

it('composes alone', async () => {
  const sdl = printSubgraphSchema(await catalogModule.buildSchema());
  const { errors } = composeServices([{ name: 'catalog', url: 'http://catalog', typeDefs: parse(sdl) }]);
  expect(errors ?? []).toEqual([]);
});

it('reads all feeds side by side, gets ready, announces through the event log and stops', async () => {
  const sources = generateSources(60);
  sources.items.push(item('BARE'));
  sources.variants.push(variantContent('EARLY', 'p000001'));
  const eventLog = createMemoryEventLog({ clock: systemClock, capacity: 1_000 });
  const announced = new Set<string>();
  await eventLog.subscribe('product', ({ payload }) => void announced.add((payload as { productCode: string }).productCode));
  const dependencies = {
    config: { ...readConfig({}), CONTENT_POLL_MS: 20 }, database: store.database, eventLog, ports: portsOf(sources, 7), clock: systemClock, log: silentLog,
  } as unknown as SubgraphDependencies;
  const catalog = await catalogModule.create(dependencies);
  expect((await catalog.health()).ok).toBe(false);
  await catalog.start();
  await catalog.ready();
  expect(await catalog.health()).toEqual({ ok: true, reasons: [] });
  const shown = await store.database.query<{ code: string; skus: number }>('select code, cardinality(variant_skus) as skus from catalog.product order by code');
  expect(shown.map(({ skus }) => skus)).toEqual([1, ...Array.from({ length: 60 }, () => 2)]);
  while (announced.size < 61) await new Promise((done) => setTimeout(done, 10));
  expect(await store.database.query('select feed, key from catalog.feed_reject')).toEqual([{ feed: 'variants', key: 'EARLY' }]);
  await catalog.stop();
  await eventLog.close();
}, 60_000);
