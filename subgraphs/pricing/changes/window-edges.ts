import { instant } from '../../../domain/time.ts';
import type { Clock } from '../../../platform/clock.ts';
import type { Log } from '../../../platform/log.ts';
import { announce } from '../../../platform/outbox.ts';
import type { Database, Sql } from '../../../platform/stores/sql.ts';
import type { PriceRuleRow } from '../book/tables.ts';
import { PRICING_SCHEMA } from '../schema.sql.ts';
import { ruleChanged, uniqueEvents, type PriceChange } from './price-events.ts';

/** Tells that a price has changed because a window has begun or ended: no feed brings that. */
export interface WindowWatch {
  start(): void;
  stop(): Promise<void>;
}

export interface WindowWatchOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Log;
  readonly pollMs: number;
}

export function createWindowWatch({ database, clock, log, pollMs }: WindowWatchOptions): WindowWatch {
  let timer: NodeJS.Timeout | null = null;
  let running: Promise<unknown> = Promise.resolve();
  const look = (): Promise<void> =>
    tellWindowEdges(database, clock)
      .then(() => undefined)
      .catch((error: Error) => log.warn({ error: error.message }, 'begins and ends of price windows could not be told; they are at the next look'));
  return {
    start: () => {
      timer ??= setInterval(() => (running = running.then(look)), pollMs).unref();
    },
    stop: async () => {
      if (timer !== null) clearInterval(timer);
      await running;
    },
  };
}

type Edge = Pick<PriceRuleRow, 'target_kind' | 'target_code' | 'price_list_code'>;

/** What has an edge after $1 and not after $2. */
const RULE_EDGES = `
  select target_kind, target_code, price_list_code from pricing.price_rule where valid_from > $1 and valid_from <= $2
  union select target_kind, target_code, price_list_code from pricing.price_rule where valid_until > $1 and valid_until <= $2`;

const ADVERTISED_EDGES = `
  select distinct sku from pricing.minimum_advertised where (valid_from > $1 and valid_from <= $2) or (valid_until > $1 and valid_until <= $2)`;

/** A promotion may be for anything on any list. */
const PROMOTION_EDGES = `
  select count(*)::int as edges from pricing.promotion
  where active and ((valid_from > $1 and valid_from <= $2) or (valid_until > $1 and valid_until <= $2))`;

/**
 * Announces every edge since the last look, once, by whichever process looks first; what several looks missed, a night's
 * downtime included, is told at the next. Answers how many events that were.
 */
export const tellWindowEdges = (database: Database, clock: Clock): Promise<number> =>
  database.transaction(async (tx) => {
    const now = instant(clock.now());
    const [watch] = await tx.query<{ told_until: string }>('select told_until from pricing.window_watch for update skip locked');
    if (watch === undefined || watch.told_until >= now) return 0;
    const events = uniqueEvents(await readEdges(tx, watch.told_until, now), now);
    await announce(tx, PRICING_SCHEMA, events);
    await tx.run('update pricing.window_watch set told_until = $1', [now]);
    return events.length;
  });

async function readEdges(tx: Sql, after: string, until: string): Promise<readonly PriceChange[]> {
  const rules = await tx.query<Edge>(RULE_EDGES, [after, until]);
  const advertised = await tx.query<{ sku: string }>(ADVERTISED_EDGES, [after, until]);
  const [promotions] = await tx.query<{ edges: number }>(PROMOTION_EDGES, [after, until]);
  return [...rules.map(ruleChanged), ...advertised.map(({ sku }) => ({ sku, priceListCode: null })), ...(promotions!.edges > 0 ? [{ sku: null, priceListCode: null }] : [])];
}
