import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { copyAnswer } from '../execution/fetching/merge.ts';
import type { SubgraphAnswer } from '../execution/subgraph-client.ts';
import type { FetchPolicy } from './fetch-policy.ts';
import type { Outcome, Slot } from './slots.ts';

/** One answer to the whole request, of what was found and what was asked for. What is kept is copied: the caller merges into it. */
export function joinAnswer({ parts }: FetchPolicy, slots: readonly Slot[]): SubgraphAnswer {
  const data: Record<string, unknown> = {};
  for (const { key, representations } of parts) if (representations !== null) data[key] = [];
  const errors: GraphQLFormattedError[] = [];
  for (const { part, index, outcome } of slots) {
    const { value, owned } = outcome!;
    const own = owned ? value : copyAnswer(value);
    if (index === null) data[part.key] = own;
    else (data[part.key] as unknown[])[index] = own;
    errors.push(...errorsOf(outcome!, index === null ? [part.key] : [part.key, index]));
  }
  return errors.length > 0 ? { data, errors } : { data };
}

function errorsOf({ errors }: Outcome, place: readonly (string | number)[]): readonly GraphQLFormattedError[] {
  return errors.map(({ message, path, extensions, cause }) => {
    const told: GraphQLFormattedError = { message, path: [...place, ...path], extensions: { ...extensions } };
    if (!(cause instanceof Error)) return told;
    // The cause is for the log, which only finds it in an error of this class.
    return new GraphQLError(message, { path: told.path!, extensions: { ...extensions }, originalError: cause }) as unknown as GraphQLFormattedError;
  });
}
