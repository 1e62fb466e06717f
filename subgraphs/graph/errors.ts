import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { asFailure } from '../../domain/failure.ts';
import type { Log } from '../../platform/log.ts';

/**
 * Turns what a resolver threw into what a caller may see: the code of the failure table, its field and remedy; bugs
 * are masked and logged under an id.
 */
export function presentError(error: GraphQLError, log: Log, newErrorId: () => string): GraphQLFormattedError {
  const plain = error.toJSON();
  if (error.originalError === undefined || error.originalError instanceof GraphQLError) return plain;
  const failure = asFailure(error.originalError);
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
