import type { GraphUserError } from '../../graph/user-error.ts';
import { userError, type UserErrorCode } from '../../graph/user-error.ts';

export interface RefusalTraits {
  /** It was decided before, and is told again. */
  readonly repeated?: boolean;
  /** Nothing of the request may be kept: it may hold a card number. */
  readonly secret?: boolean;
}

/** Ends a placement with a business answer: nothing was changed, and the caller is told why, field by field. */
export class Refusal extends Error {
  readonly userErrors: readonly GraphUserError[];
  readonly traits: RefusalTraits;

  constructor(userErrors: readonly GraphUserError[], traits: RefusalTraits = {}) {
    super(userErrors.map((error) => error.message).join('; '));
    this.name = 'Refusal';
    this.userErrors = userErrors;
    this.traits = traits;
  }
}

export const refuse = (code: UserErrorCode, field: readonly string[], message: string, retryable = false): Refusal =>
  new Refusal([userError(code, field, message, retryable)]);
