import type { GraphQLError } from 'graphql';
import { isPlainJson } from './hot/media-type.ts';

type Errors = readonly Pick<GraphQLError, 'extensions'>[];

/**
 * Whether an operation failed for being no valid operation: its text, its fields, the values of its variables. GraphQL over
 * HTTP wants 400 for it where the answer is application/graphql-response+json, and 200 where it is application/json, whose
 * clients take any other status for an answer of somebody in between.
 */
const isRequestError = (errors: Errors): boolean =>
  errors.length > 0 && errors.every(({ extensions }) => extensions['code'] === 'GRAPHQL_PARSE_FAILED' || (extensions['http'] as { readonly isRequestError?: boolean } | undefined)?.isRequestError === true);

/** The status of an answer without data. */
export const statusOfRefusal = (errors: Errors, mediaType: string, otherwise: number): number => (isPlainJson(mediaType) && isRequestError(errors) ? 200 : otherwise);
