import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { SubgraphFailure } from '../subgraph-client.ts';

export type ResponsePath = readonly (string | number)[];

/**
 * An error a subgraph reported, moved to the client's paths. Its code is kept (INTERNAL where it gave none) and
 * `extensions.service` names the subgraph. Locations are dropped: they point into a text the client never wrote.
 */
export function relayError(error: GraphQLFormattedError, service: string, path: ResponsePath | undefined): GraphQLError {
  return new GraphQLError(error.message || `Subgraph "${service}" reported an error without a message.`, {
    ...(path ? { path } : {}),
    ...(error instanceof Error ? { originalError: error } : {}),
    extensions: { code: 'INTERNAL', ...error.extensions, service },
  });
}

/** The one error of a fetch that got no usable answer. Whatever carries an UPSTREAM_ code keeps it. */
export function failFetch(cause: unknown, service: string, path: ResponsePath | undefined): GraphQLError {
  const code = (cause as { code?: unknown } | null)?.code;
  const known = typeof code === 'string' && code.startsWith('UPSTREAM_');
  return new GraphQLError(known ? (cause as Error).message : `Subgraph "${service}" cannot be reached.`, {
    ...(path ? { path } : {}),
    ...(cause instanceof Error ? { originalError: cause } : {}),
    extensions: { code: known ? code : 'UPSTREAM_UNAVAILABLE', service, ...heldBack(cause) },
  });
}

/** What was never sent may be asked again without a thought, a mutation too; when, it says. */
function heldBack(cause: unknown): { readonly retryable?: true; readonly retryAfterMs?: number } {
  if (!(cause instanceof SubgraphFailure) || cause.reason !== 'HELD_BACK') return {};
  return { retryable: true, ...(cause.retryAfterMs !== undefined && { retryAfterMs: cause.retryAfterMs }) };
}

export function malformed(service: string, what: string): SubgraphFailure {
  return new SubgraphFailure('UPSTREAM_MALFORMED', `Subgraph "${service}" answered ${what}.`);
}
