import type { PreparedOperation } from './prepared-operation.ts';

/** An operation that was let through. */
export interface Pass {
  /** For the answer, where the transport has headers. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Where subgraphs have no room, its requests go first. */
  readonly isCheckout?: boolean;
  /** Called once, when the operation has ended: gives back what it held. */
  leave?(): void;
}

/**
 * What every operation passes before it is executed, whatever the transport: rate limits, lanes.
 * @throws GraphQLError or Failure: the refusal
 */
export type Checkpoint = (operation: PreparedOperation) => Pass | Promise<Pass>;

const FREE: Pass = {};

/** Passes all in order; a refusal gives back what those before it hold. */
export async function passAll(checkpoints: readonly Checkpoint[], operation: PreparedOperation): Promise<Pass> {
  if (checkpoints.length === 0) return FREE;
  const passes: Pass[] = [];
  const leave = (): void => passes.forEach((pass) => pass.leave?.());
  try {
    for (const checkpoint of checkpoints) passes.push(await checkpoint(operation));
  } catch (error) {
    leave();
    throw error;
  }
  const isCheckout = passes.some((pass) => pass.isCheckout === true);
  return { headers: Object.assign({}, ...passes.map(({ headers }) => headers)) as Record<string, string>, isCheckout, leave };
}
