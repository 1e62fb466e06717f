import { createHash, randomUUID } from 'node:crypto';
import type { DocumentNode, ExecutionResult, GraphQLSchema, OperationDefinitionNode } from 'graphql';
import type { RequestScope } from '../../subgraphs/frame/module.ts';
import { createExecutor, type FederationExecutor } from '../execution/executor.ts';
import { createPlanningThread } from '../execution/planning/planning-thread.ts';
import type { SubgraphClients } from '../execution/fetching/run.ts';
import { loadSupergraph, type Supergraph } from '../execution/planning/supergraph.ts';
import { enforceIntrospection, enforceLimits, type Limits } from '../limits/limits.ts';
import type { CacheFacts, CacheSession, FetchCache } from '../cache/facts.ts';
import { tracedOperation } from '../traces.ts';
import { createDocuments, type Documents } from './documents.ts';
import { readGraphRules, type GraphRules } from './rules/graph-rules.ts';
import type { Policies } from './rules/policies.ts';

/** One version of the supergraph with the ways to its subgraphs, and everything that was made of it. */
export interface Graph {
  readonly sdl: string;
  /** First characters of the SDL's hash: for logs, and part of cache keys. */
  readonly version: string;
  readonly schema: GraphQLSchema;
  /** What the supergraph says about access, weights and cache tags. */
  readonly rules: GraphRules;
  readonly executor: FederationExecutor;
  readonly clients: SubgraphClients;
  readonly documents: Documents;
  /** Limits, introspection and access, the same for every transport. Returns the operation's cost; variables may be null where
   * they are not known yet. @throws GraphQLError */
  admit(operation: Omit<AdmissibleOperation, 'variables'> & { readonly variables: AdmissibleOperation['variables'] | null }): number;
  execute(operation: AdmissibleOperation & { readonly source: string }, pass?: { readonly isCheckout?: boolean }): Promise<Executed>;
}

export interface Executed {
  readonly result: ExecutionResult;
  /** Null: the answer may not be repeated. */
  readonly facts: CacheFacts | null;
}

export interface AdmissibleOperation {
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly scope: RequestScope;
}

export interface GraphOptions {
  readonly sdl: string;
  /** By name, or what makes them of the subgraphs that the supergraph lists. @throws Error for one that cannot be reached */
  readonly clients: SubgraphClients | ((subgraphs: Supergraph['subgraphs']) => SubgraphClients);
  readonly limits: Limits;
  /** Who fulfils the policies that the supergraph names; absent: nobody, and a supergraph that names some is refused. */
  readonly policies?: Policies | undefined;
  /** Null: every subgraph is asked each time. */
  readonly cache: FetchCache | null;
  /** Labels of `@override(label:)` that are on; absent: a supergraph with labels that are no percentages is refused. */
  readonly overrideLabels?: readonly string[] | undefined;
}

/** How graphs are told apart before anybody reads them. */
export const versionOf = (sdl: string): string => createHash('sha256').update(sdl).digest('hex').slice(0, 12);

/** @throws Error when the SDL is no supergraph, or carries rules that would go unenforced. */
export function createGraph({ sdl, clients: given, limits, policies, cache, overrideLabels }: GraphOptions): Graph {
  const supergraph = loadSupergraph(sdl);
  const { apiSchema: schema } = supergraph;
  const clients = typeof given === 'function' ? given(supergraph.subgraphs) : given;
  const resolveLabel = overrideLabels && ((label: string): boolean => overrideLabels.includes(label));
  const executor = createExecutor({ supergraph, thread: createPlanningThread(supergraph), ...(resolveLabel ? { resolveLabel } : {}) });
  const rules = readGraphRules(sdl, schema, policies);
  return {
    sdl,
    version: versionOf(sdl),
    schema,
    rules,
    executor,
    clients,
    documents: createDocuments(schema, limits),
    admit: ({ document, operation, variables, scope }) => {
      const cost = enforceLimits(limits, rules, document, operation, variables);
      enforceIntrospection(document, operation, scope.principal);
      rules.access.check(document, operation, scope.principal);
      return cost;
    },
    execute: async ({ source, document, operation, variables, scope: asked }, { isCheckout } = {}) => {
      const session = operation.operation === 'query' ? (cache?.open(asked) ?? null) : null;
      const result = await tracedOperation(operation, asked, (scope) =>
        executor.execute({
          source,
          document,
          operationName: operation.name?.value,
          variables,
          clients,
          cache: session,
          signal: scope.signal,
          deadlineAtMs: scope.deadlineAtMs,
          context: scope,
          rolloutKey: rolloutKeyOf(scope),
          lane: isCheckout ? 'CHECKOUT' : undefined,
        }),
      );
      if (operation.operation === 'mutation') cache?.noteWrite(asked);
      return executedWith(result, session);
    },
  };
}

/** Somebody who is known stays where a percentage put them; of all others each request is counted anew. */
export const rolloutKeyOf = ({ principal, traceparent }: RequestScope): string =>
  ['SHOPPER', 'BUYER'].includes(principal.kind) ? principal.subject : (traceparent ?? randomUUID());

/** What is older than it may be says so in the answer. */
function executedWith(result: ExecutionResult, session: CacheSession | null): Executed {
  const stale = session?.stale() ?? [];
  if (stale.length === 0) return { result, facts: result.errors ? null : (session?.facts() ?? null) };
  return { result: { ...result, extensions: { ...result.extensions, freshness: { stale: true, parts: stale } } }, facts: null };
}
