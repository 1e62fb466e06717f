import { Directive, Field, ObjectType, registerEnumType } from 'type-graphql';
import type { Failure } from '../../domain/failure.ts';

/** Codes a mutation's caller can act on. */
export enum UserErrorCode {
  INVALID_INPUT = 'INVALID_INPUT',
  NOT_FOUND = 'NOT_FOUND',
  CONFLICT = 'CONFLICT',
  OUT_OF_STOCK = 'OUT_OF_STOCK',
  PRICE_CHANGED = 'PRICE_CHANGED',
  /** The quote was good until a moment that has passed. */
  QUOTE_EXPIRED = 'QUOTE_EXPIRED',
  /** The quote was not given here, or is of another buyer, channel or basket. */
  QUOTE_REFUSED = 'QUOTE_REFUSED',
  HOLD_EXPIRED = 'HOLD_EXPIRED',
  UNVERIFIED = 'UNVERIFIED',
  FORBIDDEN = 'FORBIDDEN',
  UPSTREAM = 'UPSTREAM',
  /** Prices, charges, taxes and payments do not add up to what the buyer was told. */
  TOTALS_MISMATCH = 'TOTALS_MISMATCH',
  /** Over the customer's credit limit, or the customer is on hold. */
  CREDIT_REFUSED = 'CREDIT_REFUSED',
  /** The warehouse has begun, or the goods have left. */
  TOO_LATE = 'TOO_LATE',
  /** The system behind the shop cannot do this. */
  UNSUPPORTED = 'UNSUPPORTED',
}

registerEnumType(UserErrorCode, { name: 'UserErrorCode', description: 'What went wrong, in codes a program can act on.' });

@Directive('@shareable')
@ObjectType('UserError', { description: 'A refusal of a mutation: nothing was changed.' })
export class GraphUserError {
  @Field(() => UserErrorCode)
  code!: UserErrorCode;

  @Field(() => [String], { description: 'Path of the input field at fault, e.g. ["lines", "0", "quantity"].' })
  field!: readonly string[];

  @Field(() => String, { description: 'What is wrong and what to do, for people.' })
  message!: string;

  @Field(() => Boolean, { description: 'True when the same call may succeed later.' })
  retryable!: boolean;
}

export const userError = (code: UserErrorCode, field: readonly string[], message: string, retryable = false): GraphUserError => ({ code, field, message, retryable });

/** INVALID_INPUT and CONFLICT belong into the payload; every other failure is a top-level error. */
export function userErrorOf(failure: Failure): GraphUserError {
  if (failure.code === 'INVALID_INPUT') return userError(UserErrorCode.INVALID_INPUT, failure.field ?? [], failure.message);
  if (failure.code === 'CONFLICT') return userError(UserErrorCode.CONFLICT, failure.field ?? [], failure.message);
  throw failure;
}
