import { setImmediate } from 'node:timers/promises';
import { getVariableValues } from 'graphql';
import type { LabelValues } from './override-labels.ts';
import type { OperationSource, Planner } from './planning.ts';

export interface WarmUp {
  readonly planned: number;
  readonly failed: readonly { readonly operationName: string | null; readonly message: string }[];
}

/** A plan takes milliseconds, so other work gets its turn after each. */
export async function warmUp(planner: Planner, operations: readonly OperationSource[], labels: LabelValues): Promise<WarmUp> {
  const failed: { operationName: string | null; message: string }[] = [];
  for (const operation of operations) {
    try {
      const plan = planner.plan(operation);
      // Variables that are required have no default; only those that steer conditions matter, and absent ones are off.
      const definitions = plan.operation.variableDefinitions?.filter(({ defaultValue }) => defaultValue) ?? [];
      await plan.viewSoon(getVariableValues(plan.schema, definitions, {}).coerced ?? {}, labels);
    } catch (error) {
      failed.push({ operationName: operation.operationName ?? null, message: (error as Error).message });
    }
    await setImmediate();
  }
  return { planned: operations.length - failed.length, failed };
}
