import { GraphQLError } from 'graphql';
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
    sayBeside(error, passes);
    throw error;
  }
  const isCheckout = passes.some((pass) => pass.isCheckout === true);
  return { headers: Object.assign({}, ...passes.map(({ headers }) => headers)) as Record<string, string>, isCheckout, leave };
}

/** What those before it wanted said goes with a refusal as well, e.g. what is left of a rate. */
function sayBeside(error: unknown, passes: readonly Pass[]): void {
  const { headers } = (error instanceof GraphQLError ? (error.extensions['http'] ?? {}) : {}) as { readonly headers?: unknown };
  if (!(headers instanceof Map)) return;
  for (const pass of passes) for (const [name, value] of Object.entries(pass.headers ?? {})) if (!headers.has(name)) headers.set(name, value);
}
