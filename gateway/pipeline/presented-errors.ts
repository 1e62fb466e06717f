import { GraphQLError, type ExecutionResult, type GraphQLFormattedError } from 'graphql';
import { Failure, type FailureCode } from '../../domain/failure.ts';
import type { Log } from '../../platform/log.ts';
import { retryAfterSeconds } from '../limits/refusal.ts';

/** Every error that leaves, whatever the transport: in the words of the failure table, bugs masked under an id. */
export type PresentError = (error: GraphQLFormattedError) => GraphQLFormattedError;

/** Apollo's own codes for unusable requests, in the words of our failure table. */
const CODES: Readonly<Record<string, string>> = {
  GRAPHQL_PARSE_FAILED: 'INVALID_INPUT',
  GRAPHQL_VALIDATION_FAILED: 'INVALID_INPUT',
  BAD_USER_INPUT: 'INVALID_INPUT',
  BAD_REQUEST: 'INVALID_INPUT',
  OPERATION_RESOLUTION_FAILURE: 'INVALID_INPUT',
  INTERNAL_SERVER_ERROR: 'INTERNAL',
};

/** What a subgraph of somebody else's may put into an error and no caller should read. */
const PRIVATE = ['http', 'stacktrace', 'exception', 'debug'];

export function createErrorPresenter(log: Log, newErrorId: () => string): PresentError {
  return ({ message, locations, path, extensions = {} }) => {
    const given = extensions['code'];
    const code = typeof given === 'string' ? (CODES[given] ?? given) : 'INTERNAL';
    const place = { ...(locations && { locations }), ...(path && { path }) };
    // Our subgraphs mask their bugs themselves and give the id under which they were logged.
    if (code === 'INTERNAL' && typeof extensions['errorId'] !== 'string') {
      const errorId = newErrorId();
      log.error({ errorId, path, error: message, service: extensions['service'] }, 'an operation failed inside');
      return { message: `Internal error ${errorId}`, ...place, extensions: { code, retryable: false, errorId, ...(typeof extensions['service'] === 'string' && { service: extensions['service'] }) } };
    }
    const shown = Object.fromEntries(Object.entries(extensions).filter(([name]) => !PRIVATE.includes(name)));
    return { message, ...place, extensions: { ...shown, code } };
  };
}

/** Whatever stopped an operation, as a GraphQL error. What is no failure of ours stays INTERNAL: the presenter masks it. */
export function asGraphQLError(error: unknown): GraphQLError {
  if (error instanceof GraphQLError) return error;
  if (!(error instanceof Failure)) return new GraphQLError((error as Error).message, { originalError: error as Error, extensions: { code: 'INTERNAL' } });
  const { code, field, retryable, retryAfterMs, message } = error;
  const again = retryAfterMs === undefined ? {} : { retryAfterMs: Math.ceil(retryAfterMs) };
  const headers = retryAfterMs === undefined ? {} : { headers: new Map([['retry-after', retryAfterSeconds(retryAfterMs)]]) };
  return new GraphQLError(message, { extensions: { code, retryable, ...again, ...(field && { field }), http: { status: httpStatusOf(code), ...headers } } });
}

/** What plain HTTP says to a failure of ours. */
export const httpStatusOf = (code: FailureCode): number => STATUS[code] ?? 500;

const STATUS: Partial<Record<FailureCode, number>> = { UNAUTHENTICATED: 401, FORBIDDEN: 403, INVALID_INPUT: 400, CONFLICT: 409, RATE_LIMITED: 429, OVERLOADED: 503, UPSTREAM_UNAVAILABLE: 503, UPSTREAM_TIMEOUT: 503, UPSTREAM_RATE_LIMITED: 503 };

/** A result with its errors presented. */
export function presentResult(result: ExecutionResult, present: PresentError): ExecutionResult {
  return result.errors ? { ...result, errors: result.errors.map((error) => present(error.toJSON?.() ?? error)) as never } : result;
}
