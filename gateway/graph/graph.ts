import type { DocumentNode, ExecutionResult, GraphQLSchema, OperationDefinitionNode } from 'graphql';
import type { RequestScope } from '../../subgraphs/frame/module.ts';
import { readAccessRules, type AccessRules } from './rules/access.ts';
import { createExecutor, type FederationExecutor } from '../execution/executor.ts';
import type { SubgraphClients } from '../execution/run.ts';
import { loadSupergraph } from '../execution/supergraph.ts';
import { enforceIntrospection, enforceLimits, type Limits } from '../limits/limits.ts';
import { tracedOperation } from '../traces.ts';

/** A supergraph with the ways to its subgraphs: everything that answers operations, whatever transport they came by. */
export interface Graph {
  readonly sdl: string;
  readonly schema: GraphQLSchema;
  readonly executor: FederationExecutor;
  readonly clients: SubgraphClients;
  /** Limits, introspection and access, the same for HTTP, SSE and WebSocket. @throws GraphQLError */
  admit(operation: AdmissibleOperation): void;
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
    schema,
    executor,
    clients,
    admit: ({ document, operation, variables, scope }) => {
      enforceLimits(limits, schema, document, operation, variables);
      enforceIntrospection(document, operation, scope.principal);
      access.check(document, operation, scope.principal);
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
