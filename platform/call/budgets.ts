import type { Clock } from '../clock.ts';
import type { BudgetLedger, CallBudgets } from './budget.ts';
import { createMemoryLedger } from './budget-memory.ts';
import { BudgetQueue } from './budget-queue.ts';

/** Budgets of a deployment that is one process. */
export function createMemoryBudgets({ clock }: { readonly clock: Pick<Clock, 'now'> }): CallBudgets {
  const ledgers = new Map<string, BudgetLedger>();
  return {
    open: ({ source, address }, limits, maxQueued) => {
      const key = JSON.stringify([source, address]);
      const ledger = ledgers.get(key) ?? createMemoryLedger(limits, clock);
      ledgers.set(key, ledger);
      return new BudgetQueue({ source, ledger, clock, maxQueued });
    },
    troubles: () => [],
    close: async () => undefined,
  };
}
