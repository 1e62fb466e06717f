import { parse, type GraphQLSchema } from 'graphql';
import { createAccessRules, type AccessRules } from './access.ts';
import { readCacheTags, type CacheTagRule } from './cache-tags.ts';
import { indexTypes } from './definitions.ts';
import { readDirectiveNames } from './links.ts';
import { NO_POLICIES, type Policies } from './policies.ts';
import { readWeights, type Weights } from './weights.ts';

/** What a supergraph says about its use, beside what can be asked. */
export interface GraphRules {
  /** What clients see. */
  readonly schema: GraphQLSchema;
  readonly access: AccessRules;
  readonly weights: Weights;
  readonly cacheTags: readonly CacheTagRule[];
}

/**
 * Reads `@authenticated`, `@requiresScopes`, `@policy`, `@cost`, `@listSize` and `@cacheTag` from the full supergraph SDL,
 * under whatever names it imports them. The planner knows nothing of them: what they say is done before it is asked.
 * @throws Error naming the coordinate of a rule that would go unenforced
 */
export function readGraphRules(supergraphSdl: string, schema: GraphQLSchema, policies: Policies = NO_POLICIES): GraphRules {
  const supergraph = parse(supergraphSdl, { noLocation: true });
  const names = readDirectiveNames(supergraph);
  const types = indexTypes(supergraph);
  return {
    schema,
    access: createAccessRules(supergraph, types, names, schema, policies),
    weights: readWeights(supergraph, types, names),
    cacheTags: readCacheTags(types),
  };
}
