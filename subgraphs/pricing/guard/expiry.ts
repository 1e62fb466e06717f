import type { Instant } from '../../../domain/time.ts';
import { writeAudit } from '../../../platform/audit.ts';
import type { Log } from '../../../platform/log.ts';
import type { Database } from '../../../platform/stores/sql.ts';
import { PRICING_SCHEMA } from '../schema.sql.ts';
import { expireParked } from './store-parked.ts';

export interface GuardExpiryOptions {
  readonly database: Database;
  readonly now: () => Instant;
  readonly log: Log;
  readonly everyMs: number;
}

const MOST_IDS = 1_000;

/** Expires what nobody has decided on in time, by the database's clock; each by one process. The old prices stay. Answers how many. */
export async function expireOnce({ database, now }: Pick<GuardExpiryOptions, 'database' | 'now'>): Promise<number> {
  return database.transaction(async (tx) => {
    const expired = await expireParked(tx);
    if (expired.length > 0) {
      await writeAudit(tx, PRICING_SCHEMA, {
        at: now(), actor: 'price guard', action: 'price.expire', subject: 'parked changes', detail: { changes: expired.length, ids: expired.slice(0, MOST_IDS).map(({ id }) => id) },
      });
    }
    return expired.length;
  });
}

/**
 * Looks now and then. Nothing depends on it being on time: an approval after the expiry is refused by itself. Several processes may run
 * one each.
 */
export function createGuardExpiry({ log, everyMs, ...tools }: GuardExpiryOptions): { start(): void; stop(): Promise<void> } {
  let timer: NodeJS.Timeout | null = null;
  let looking: Promise<void> = Promise.resolve();
  const look = async (): Promise<void> => {
    try {
      const count = await expireOnce(tools);
      if (count > 0) log.warn({ changes: count }, 'parked price changes have expired: the old prices stay until the source says something else');
    } catch (error) {
      log.warn({ error: (error as Error).message }, 'parked price changes could not be looked through; they are again');
    }
  };
  return {
    start: () => {
      timer = setInterval(() => (looking = looking.then(look)), everyMs);
    },
    stop: async () => {
      if (timer !== null) clearInterval(timer);
      await looking;
    },
  };
}
