import { getOperationAST, type DocumentNode, type OperationDefinitionNode } from 'graphql';
import type { RequestScope } from '../../subgraphs/frame/module.ts';
import { invalid, type Documents } from '../graph/documents.ts';
import type { Graph } from '../graph/graph.ts';

export interface OperationRequest {
  readonly query: string;
  readonly operationName?: string | null | undefined;
  readonly variables?: Readonly<Record<string, unknown>> | null | undefined;
}

/** A valid, admitted operation. */
export interface PreparedOperation {
  readonly source: string;
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly scope: RequestScope;
}

/** @throws GraphQLError */
export type PrepareOperation = (request: OperationRequest, scope: RequestScope) => PreparedOperation;

export const noSuchOperation = () => invalid('Name one of the operations of the document in operationName.');

/** What Apollo Server and our plugins do for HTTP, for the transports it does not serve: SSE and WebSocket. */
export function createPreparer(server: Graph, documents: Documents): PrepareOperation {
  return ({ query, operationName, variables }, scope) => {
    const document = documents.read(query);
    const operation = getOperationAST(document, operationName ?? undefined);
    if (!operation) throw noSuchOperation();
    const prepared = { source: query, document, operation, variables: variables ?? {}, scope };
    server.admit(prepared);
    return prepared;
  };
}
