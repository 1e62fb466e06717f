import { createHash } from 'node:crypto';
import type { CallBudgets } from '../call/budget.ts';
import { BudgetQueue } from '../call/budget-queue.ts';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import { connectRedis } from './redis.ts';
import { RedisLedger } from './redis-budget.ts';

/** Budgets that all processes on one Redis share, by source and system. */
export async function createRedisBudgets({ url, clock, log }: { readonly url: string; readonly clock: Clock; readonly log: Log }): Promise<CallBudgets> {
  const redis = await connectRedis({ url, log, name: 'budgets' });
  const ledgers: RedisLedger[] = [];
  return {
    open: ({ source, address }, limits, maxQueued) => {
      const key = `${source}:${createHash('sha256').update(address).digest('hex').slice(0, 16)}`;
      const ledger = new RedisLedger({ redis, key, source, limits, clock, log });
      ledgers.push(ledger);
      return new BudgetQueue({ source, ledger, clock, maxQueued });
    },
    troubles: () => ledgers.flatMap((ledger) => ledger.trouble() ?? []),
    close: async () => {
      await Promise.all(ledgers.map((ledger) => ledger.close()));
      redis.disconnect();
    },
  };
}
