import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { decimal } from '../../domain/decimal.ts';
import { systemClock } from '../../platform/clock.ts';
import { setRule } from '../../subgraphs/inventory/channels/administration.ts';
import { readStanding } from '../../subgraphs/inventory/channels/standing.ts';
import { DEFAULT_POLICY } from '../../subgraphs/inventory/promise/policy.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import type { SellingTask } from '../support/channel-seller.ts';
import { disagreements, stock, stockOf } from '../unit/subgraphs/inventory/inventory-fixture.ts';

const SELLER = join(import.meta.dirname, '..', 'support', 'channel-seller.ts');

let store: TestDatabase;
beforeAll(async () => {
  store = await createTestDatabase();
});
afterAll(() => store.drop());

/** Sells in a process of its own; answers how many. */
function sellElsewhere(task: SellingTask): Promise<number> {
  const child = spawn(process.execPath, ['--import', 'tsx', SELLER, JSON.stringify(task)], { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
  return new Promise((done, fail) => {
    child.on('error', fail);
    child.on('close', (code) => (code === 0 ? done((JSON.parse(said) as { sold: number }).sold) : fail(new Error(`a seller ended with ${code}`))));
  });
}

it('lets four processes sell one SKU through their channels until nothing is left, each its own share at least', async () => {
  const tools = { database: store.database, clock: systemClock, policy: DEFAULT_POLICY };
  await stock(store.database, [stockOf('HOT', 300)]);
  const shares = [['site', 50], ['amazon', 20], ['edi', 10]].map(([channel, percent]) => ({
    channel: String(channel), share: { kind: 'PERCENT' as const, percent: decimal(percent!) }, buffer: decimal(0),
  }));
  expect(await setRule(tools, { owner: 'test', idempotencyKey: 'hot' }, { code: 'hot', name: 'hot', skus: ['HOT'], shares, periodHours: 24, reallocation: null })).toMatchObject({ ok: true });
  const task = { url: store.url, sku: 'HOT', buyers: 24 };
  // Amazon begins alone and would take everything; the others come when it gets no more.
  const first = await sellElsewhere({ ...task, channel: 'amazon' });
  expect(first).toBeLessThanOrEqual(60 + 60);
  const [site, edi, amazon, other] = await Promise.all(['site', 'edi', 'amazon', null].map((channel) => sellElsewhere({ ...task, channel })));
  expect(site).toBeGreaterThanOrEqual(150);
  expect(edi).toBeGreaterThanOrEqual(30);
  const sold = first + site! + edi! + amazon! + other!;
  const { standing, atpToday } = (await readStanding(store.database, 'HOT', tools))!;
  expect(sold + Number(atpToday)).toBe(300);
  expect(standing.base).toBe('300');
  expect(Object.fromEntries(standing.channels.map(({ channel, used }) => [channel, Number(used)]))).toEqual({ site, amazon: first + amazon!, edi });
  expect(await disagreements(store.database)).toEqual([]);
}, 60_000);
