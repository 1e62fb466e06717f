import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import type { Money } from '../../../../domain/money.ts';
import type { PortSource } from '../../../../domain/ports.ts';
import type { ResolutionPolicy } from '../../../../domain/pricing.ts';
import { instant, type Instant } from '../../../../domain/time.ts';
import { readConfig } from '../../../../platform/config.ts';
import { runFeedPass, type Feed, type FeedPassReport, type PassKind } from '../../../../platform/feed.ts';
import { silentLog } from '../../../../platform/log.ts';
import type { Database } from '../../../../platform/stores/sql.ts';
import { createPriceFeeds } from '../../../../subgraphs/pricing/book/feeds.ts';
import { readRates } from '../../../../subgraphs/pricing/book/rate-store.ts';
import { readFacts } from '../../../../subgraphs/pricing/book/store.ts';
import { decideParked, type Decided, type DecisionRequest } from '../../../../subgraphs/pricing/guard/decide-parked.ts';
import { readGuardSettings } from '../../../../subgraphs/pricing/guard/guard-settings.ts';
import type { ParkedChange, ParkedState } from '../../../../subgraphs/pricing/guard/parked-change.ts';
import { createPriceGuard } from '../../../../subgraphs/pricing/guard/price-guard.ts';
import { listParked } from '../../../../subgraphs/pricing/guard/store-parked.ts';
import { resolvePrice } from '../../../../subgraphs/pricing/resolve/resolve-price.ts';
import { ask, POLICY } from './price-samples.ts';
import { portsOf, testClock, type PriceWorld } from './pricing-fixture.ts';

export interface GuardedShopOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly policy?: ResolutionPolicy;
  readonly channelLists?: readonly string[];
  /** Where prices come from; `world` unless given. */
  readonly ports?: PortSource;
}

/** A shop whose prices come from `world` through the guard. Tests change the world, sync, and look at what is served. */
export interface GuardedShop {
  /** One pass of every feed, or of those named. */
  sync(names?: readonly string[], kind?: PassKind): Promise<Readonly<Record<string, FeedPassReport | null>>>;
  readonly feeds: readonly Feed[];
  /** What one costs a buyer of this list, as text; the reason where nothing. */
  priceOf(sku: string, list: string | null, quantity?: string, at?: Instant): Promise<string>;
  parked(state?: ParkedState): Promise<readonly ParkedChange[]>;
  decide(request: Pick<DecisionRequest, 'decision' | 'of'> & Partial<DecisionRequest>): Promise<Decided>;
  /** Events since it was asked last, as [sku, list]. */
  takeEvents(): Promise<readonly (readonly [string | null, string | null])[]>;
}

export function createGuardedShop(database: Database, world: PriceWorld, { env = {}, policy = POLICY, channelLists = [], ports = portsOf(world) }: GuardedShopOptions = {}): GuardedShop {
  const now = (): Instant => instant(testClock.now());
  const config = readConfig({ SANDBOX: 'off', ...env });
  const gate = createPriceGuard({ settings: readGuardSettings(config, 'erp', new Map([['gold', 'GOLD']])), policy, channelLists, now, log: silentLog });
  const feeds = createPriceFeeds({ ports, intervalMs: 1_000, clock: testClock, gate, baseListCode: policy.baseListCode });
  const runner = { database, schema: 'pricing', clock: testClock, log: silentLog, pageTimeoutMs: 5_000 };
  return {
    feeds,
    sync: async (names, kind = 'DUE') => {
      const reports: Record<string, FeedPassReport | null> = {};
      for (const feed of feeds) if (names === undefined || names.includes(feed.name)) reports[feed.name] = await runFeedPass(runner, feed, AbortSignal.timeout(20_000), kind);
      return reports;
    },
    priceOf: async (sku, list, quantity = '1', at = now()) => {
      const { rates } = await readRates(database);
      const listCodes = [...(list === null ? [] : [list]), ...(policy.baseListCode === null ? [] : [policy.baseListCode])];
      const facts = await readFacts(database, { skus: [sku], listCodes, policy, ratesAt: async () => rates });
      const found = resolvePrice(facts.get(sku)!, ask(quantity, list, { at }));
      return found.ok ? textOf(found.price.unitPrice) : found.reason;
    },
    parked: (state = 'PENDING') => listParked(database, { state, source: null, priceListCode: null, sku: null, batchId: null }, null, 1_000),
    decide: (request) => decideParked({ database, now }, { actor: 'ann', idempotencyKey: randomUUID(), note: null, ...request }),
    takeEvents: async () => {
      const rows = await database.query<{ payload: { sku: string | null; priceListCode: string | null } }>('delete from pricing.outbox returning payload');
      return rows.map(({ payload }) => [payload.sku, payload.priceListCode] as const);
    },
  };
}

const textOf = ({ amount, currencyCode }: Money): string => (currencyCode === 'USD' ? amount : `${amount} ${currencyCode}`);
