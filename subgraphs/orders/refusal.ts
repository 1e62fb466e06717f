import type { GraphUserError } from '../graph/user-error.ts';
import { userError, type UserErrorCode } from '../graph/user-error.ts';

/** Ends a placement with a business answer: nothing was changed, and the caller is told why, field by field. */
export class Refusal extends Error {
  readonly userErrors: readonly GraphUserError[];

  constructor(userErrors: readonly GraphUserError[]) {
    super(userErrors.map((error) => error.message).join('; '));
    this.name = 'Refusal';
    this.userErrors = userErrors;
  }
}

export const refuse = (code: UserErrorCode, field: readonly string[], message: string, retryable = false): Refusal =>
  new Refusal([userError(code, field, message, retryable)]);
