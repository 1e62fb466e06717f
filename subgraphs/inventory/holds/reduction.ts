import type { InventoryClient } from '../../../domain/clients.ts';
import { isNegative } from '../../../domain/decimal.ts';
import { invalidInput } from '../../../domain/failure.ts';
import { planReduction } from './reduction-plan.ts';
import { claimReduction, readRecipes, readReducible, writeReduction } from './store-reduction.ts';
import { endHolds, type Tools } from './transitions.ts';
import { readHoldsOfOrder } from './store-holds.ts';

/**
 * Gives back what a smaller order no longer takes, once per key. Also of an order the ERP has taken: until a reading later
 * than the acceptance is here we subtract what we held, and it is no longer wanted; after it the line has left, the ERP's
 * own figures free the goods, and there is nothing to give back. So a reduction never counts twice, whichever comes first.
 * @throws Failure INVALID_INPUT for a quantity below zero
 */
export async function reduceCommitted(tools: Tools, { orderReference, lines, key }: Parameters<InventoryClient['reduceCommitted']>[0]): Promise<void> {
  const below = lines.findIndex((line) => isNegative(line.quantity));
  if (below >= 0) throw invalidInput(['lines', String(below), 'quantity'], 'what is given back is not below zero');
  const holds = await readHoldsOfOrder(tools.database, orderReference);
  if (holds.length === 0) return;
  await endHolds(tools, holds.map((hold) => hold.id), async (tx) => {
    if (!(await claimReduction(tx, orderReference, key))) return;
    const recipes = await readRecipes(tx, lines.map((line) => line.sku));
    await writeReduction(tx, planReduction(await readReducible(tx, orderReference), lines, recipes));
  });
}
