import { getOperationAST, GraphQLError, parse, validate, type DocumentNode, type OperationDefinitionNode } from 'graphql';
import type { RequestScope } from '../subgraphs/frame/module.ts';
import type { Limits } from './limits/limits.ts';
import type { SupergraphServer } from './supergraph-server.ts';

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

export type PrepareOperation = (request: OperationRequest, scope: RequestScope) => PreparedOperation;

const MAX_DOCUMENTS = 1_000;

/**
 * What Apollo Server does for HTTP, for the transports it does not serve (SSE, WebSocket): parse within limits,
 * validate once per text, admit. Throws the list of GraphQL errors.
 */
export function createPreparer(server: SupergraphServer, limits: Limits): PrepareOperation {
  const documents = new Map<string, DocumentNode>();
  const read = (query: string): DocumentNode => {
    let document = documents.get(query);
    if (!document) {
      document = parse(query, { noLocation: true, maxTokens: limits.maxTokens });
      const errors = validate(server.schema, document, undefined, { maxErrors: 20 });
      if (errors.length > 0) throw errors[0];
      if (documents.size >= MAX_DOCUMENTS) documents.delete(documents.keys().next().value!);
      documents.set(query, document);
    }
    return document;
  };
  return ({ query, operationName, variables }, scope) => {
    if (Buffer.byteLength(query) > limits.maxBodyBytes) throw new GraphQLError('The operation is too long.', { extensions: { code: 'INVALID_INPUT' } });
    const document = read(query);
    const operation = getOperationAST(document, operationName ?? undefined);
    if (!operation) throw new GraphQLError('Name one of the operations of the document in operationName.', { extensions: { code: 'INVALID_INPUT' } });
    const prepared = { source: query, document, operation, variables: variables ?? {}, scope };
    server.admit(prepared);
    return prepared;
  };
}
