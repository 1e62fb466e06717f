import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { asFailure, Failure } from '../../domain/failure.ts';
import type { Log } from '../../platform/log.ts';

/** How graphql-js says at execution that a variable left a required argument without a value. */
const ARGUMENT = /^Argument "(\w+)"/;

/** What the store says (SQLSTATE) of a NUL among the values of a statement, as text and within JSON: it can only be the caller's. */
const UNSTORABLE = ['22021', '22P05'];

const isUnstorable = (error: Error): boolean => UNSTORABLE.includes(String((error as { code?: unknown }).code));

/**
 * Turns what a resolver threw into what a caller may see: the code of the failure table, its field and remedy; bugs
 * are masked and logged under an id.
 */
export function presentError(error: GraphQLError, log: Log, newErrorId: () => string): GraphQLFormattedError {
  const plain = error.toJSON();
  if (error.originalError === undefined || error.originalError instanceof GraphQLError) return withCode(plain);
  const failure = isUnstorable(error.originalError) ? new Failure('INVALID_INPUT', 'an argument holds a character no system can store') : asFailure(error.originalError);
  const place = { ...(plain.locations && { locations: plain.locations }), ...(plain.path && { path: plain.path }) };
  if (failure.code !== 'INTERNAL') {
    const { code, field, system, retryable, retryAfterMs } = failure;
    const extensions = { code, retryable, ...(field && { field }), ...(system && { system }), ...(retryAfterMs !== undefined && { retryAfterMs }) };
    return { message: failure.message, ...place, extensions };
  }
  const errorId = newErrorId();
  log.error({ errorId, path: plain.path, error: failure.message, stack: error.originalError.stack }, 'a resolver failed');
  return { message: `Internal error ${errorId}`, ...place, extensions: { code: 'INTERNAL', retryable: false, errorId } };
}

/** An argument that is null through a variable passes validation where the argument has a default; it is the caller's all the same. */
function withCode(plain: GraphQLFormattedError): GraphQLFormattedError {
  const argument = ARGUMENT.exec(plain.message)?.[1];
  if (argument === undefined || plain.extensions?.['code'] !== undefined) return plain;
  return { ...plain, extensions: { ...plain.extensions, code: 'INVALID_INPUT', retryable: false, field: [argument] } };
}
