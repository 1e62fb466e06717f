import { createHash } from 'node:crypto';
import type { DocumentNode, ExecutionResult, GraphQLSchema, OperationDefinitionNode } from 'graphql';
import type { RequestScope } from '../../subgraphs/frame/module.ts';
import { createExecutor, type FederationExecutor } from '../execution/executor.ts';
import type { SubgraphClients } from '../execution/run.ts';
import { loadSupergraph } from '../execution/supergraph.ts';
import { enforceIntrospection, enforceLimits, type Limits } from '../limits/limits.ts';
import { tracedOperation } from '../traces.ts';
import { createDocuments, type Documents } from './documents.ts';
import { readAccessRules, type AccessRules } from './rules/access.ts';

/** One version of the supergraph with the ways to its subgraphs, and everything that was made of it. */
export interface Graph {
  readonly sdl: string;
  /** First characters of the SDL's hash: for logs, and part of cache keys. */
  readonly version: string;
  readonly schema: GraphQLSchema;
  readonly executor: FederationExecutor;
  readonly clients: SubgraphClients;
  readonly documents: Documents;
  /** Limits, introspection and access, the same for every transport. Returns the operation's cost. @throws GraphQLError */
  admit(operation: AdmissibleOperation): number;
  execute(operation: AdmissibleOperation & { readonly source: string }): Promise<ExecutionResult>;
}

export interface AdmissibleOperation {
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly scope: RequestScope;
}

export interface GraphOptions {
  readonly sdl: string;
  readonly clients: SubgraphClients;
  readonly limits: Limits;
}

/** @throws Error when the SDL is no supergraph, or carries rules that would go unenforced. */
export function createGraph({ sdl, clients, limits }: GraphOptions): Graph {
  const supergraph = loadSupergraph(sdl);
  const { apiSchema: schema } = supergraph;
  const executor = createExecutor({ supergraph });
  const access: AccessRules = readAccessRules(sdl, schema);
  return {
    sdl,
    version: createHash('sha256').update(sdl).digest('hex').slice(0, 12),
    schema,
    executor,
    clients,
    documents: createDocuments(schema, limits),
    admit: ({ document, operation, variables, scope }) => {
      const cost = enforceLimits(limits, schema, document, operation, variables);
      enforceIntrospection(document, operation, scope.principal);
      access.check(document, operation, scope.principal);
      return cost;
    },
    execute: ({ source, document, operation, variables, scope: asked }) =>
      tracedOperation(operation, asked, (scope) =>
        executor.execute({
          source,
          document,
          operationName: operation.name?.value,
          variables,
          clients,
          signal: scope.signal,
          deadlineAtMs: scope.deadlineAtMs,
          context: scope,
        }),
      ),
  };
}
