import { GraphQLError, type ExecutionResult } from 'graphql';
import { Failure } from '../../domain/failure.ts';
import { withFailureCode } from '../apollo.ts';

/** Whatever stopped an operation, as a GraphQL error in the words of the failure table. Bugs are masked. */
export function asGraphQLError(error: unknown): GraphQLError {
  if (error instanceof GraphQLError) return error;
  if (error instanceof Failure) return new GraphQLError(error.message, { extensions: { code: error.code, ...(error.field && { field: error.field }) } });
  return new GraphQLError('Internal error', { extensions: { code: 'INTERNAL' } });
}

/** A result of SSE or WebSocket with errors in the same words as over HTTP. */
export function formatResult(result: ExecutionResult): ExecutionResult {
  if (!result.errors) return result;
  return { ...result, errors: result.errors.map((error) => withFailureCode(error instanceof GraphQLError ? error.toJSON() : error)) as never };
}
