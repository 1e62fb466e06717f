import { execute, GraphQLError, parse, validate, type DocumentNode, type GraphQLSchema } from 'graphql';
import { createBoundedCache } from '../../execution/bounded-cache.ts';
import {
  SubgraphFailure,
  type SubgraphAnswer,
  type SubgraphCall,
  type SubgraphClient,
  type SubgraphRequest,
} from '../../execution/subgraph-client.ts';

export interface InProcessClientOptions {
  readonly schema: GraphQLSchema;
  /** Context of the resolvers, made anew for each request, from what a remote host would receive as headers. */
  readonly createContext: (call: SubgraphCall) => unknown;
  /** What the resolvers leave behind in their context for the answer's extensions. */
  readonly readExtensions?: (context: unknown) => Readonly<Record<string, unknown>> | null;
  /** Parsed and validated documents kept. */
  readonly maxDocuments?: number;
}

/** A subgraph in this process. Each operation text is parsed and validated once. */
export function createInProcessClient({ schema, createContext, readExtensions, maxDocuments = 2000 }: InProcessClientOptions): SubgraphClient {
  const documents = createBoundedCache<DocumentNode>(maxDocuments);
  return {
    async execute(request, call): Promise<SubgraphAnswer> {
      let document = documents.get(request.documentId);
      if (!document) {
        const read = readDocument(schema, request);
        if (read instanceof GraphQLError) return { errors: [read] } as SubgraphAnswer;
        document = read;
        documents.set(request.documentId, document);
      }
      const made = createContext(call);
      const context = isPromise(made) ? await made : made;
      const result = await execute({
        schema,
        document,
        // A subscription executed like a query: its root field's resolver finds the event as its source.
        rootValue: request.event,
        contextValue: context,
        variableValues: request.variables ?? null,
        operationName: request.operationName ?? null,
      });
      const extensions = readExtensions?.(context);
      // GraphQLError is the formatted error and more (its cause), which the gateway's log wants.
      return (extensions ? { ...result, extensions } : result) as SubgraphAnswer;
    },
  };
}

function isPromise(value: unknown): value is Promise<unknown> {
  return typeof (value as { then?: unknown } | null | undefined)?.then === 'function';
}

/**
 * A literal that a scalar of the subgraph refuses, with a code, is the caller's: the gateway knows custom scalars by name
 * only. Anything else that does not validate means that the supergraph and this schema have drifted apart.
 */
function readDocument(schema: GraphQLSchema, { query }: SubgraphRequest): DocumentNode | GraphQLError {
  const document = parse(query, { noLocation: true });
  const [error] = validate(schema, document);
  if (typeof error?.extensions['code'] === 'string') return error;
  if (error) throw new SubgraphFailure('UPSTREAM_MALFORMED', `The subgraph does not know what the plan asks: ${error.message}`);
  return document;
}
