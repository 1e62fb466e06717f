import { Failure } from '../../../domain/failure.ts';
import { userError, userErrorOf, UserErrorCode, type GraphUserError } from '../../graph/user-error.ts';
import type { Outcome } from './refusal.ts';

/** Presents what `work` did, or why it did nothing. Failures that are not the caller's are thrown on. */
export async function present<T, P>(work: () => Promise<Outcome<T>>, done: (value: T) => P, refusedWith: (userErrors: readonly GraphUserError[]) => P): Promise<P> {
  try {
    const outcome = await work();
    return outcome.ok ? done(outcome.value) : refusedWith(outcome.refusals.map(({ code, field, message }) => userError(UserErrorCode[code], field, message)));
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return refusedWith([userErrorOf(error)]);
  }
}
