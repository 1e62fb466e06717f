import { ApolloServer, type ApolloServerOptionsWithGateway, type ApolloServerPlugin } from '@apollo/server';
import { ApolloServerPluginLandingPageDisabled } from '@apollo/server/plugin/disabled';
import type { GraphQLError } from 'graphql';
import type { Log } from '../../platform/log.ts';
import type { Kv } from '../../platform/stores/kv.ts';
import type { RequestScope } from '../../subgraphs/frame/module.ts';
import { invalid, type Documents } from '../graph/documents.ts';
import type { Journal } from '../pipeline/journal.ts';
import type { Limits } from '../limits/limits.ts';
import { noSuchOperation } from '../pipeline/prepared-operation.ts';
import type { PresentError } from '../pipeline/presented-errors.ts';
import type { Graph } from '../graph/graph.ts';

type GatewayInterface = ApolloServerOptionsWithGateway<GatewayContext>['gateway'];

export interface GatewayContext {
  readonly scope: RequestScope;
  readonly requestId: string;
}

export interface ApolloOptions {
  readonly server: Graph;
  readonly documents: Documents;
  readonly limits: Limits;
  readonly kv: Kv;
  readonly journal: Journal;
  readonly present: PresentError;
  readonly log: Log;
}

const APQ_TTL_SECONDS = 86_400;

/** Apollo Server in front of our executor: GraphQL over HTTP, persisted queries, CSRF prevention. */
export async function startApollo({ server, documents, limits, kv, journal, present, log }: ApolloOptions): Promise<ApolloServer<GatewayContext>> {
  const apollo = new ApolloServer<GatewayContext>({
    gateway: gatewayOf(server),
    // Who may introspect is decided per principal (limits.ts), not per process.
    introspection: true,
    csrfPrevention: true,
    allowBatchedHttpRequests: false,
    includeStacktraceInErrorResponses: false,
    parseOptions: { maxTokens: limits.maxTokens },
    // Apollo would validate before anything can be weighed; `admission` weighs and then validates every document.
    dangerouslyDisableValidation: true,
    persistedQueries: { cache: apqCache(kv, limits.maxDocumentBytes), ttl: APQ_TTL_SECONDS },
    stopOnTerminationSignals: false,
    logger: { debug: () => undefined, info: () => undefined, warn: (m) => log.warn({}, String(m)), error: (m) => log.error({}, String(m)) },
    formatError: (formatted) => present(formatted),
    plugins: [ApolloServerPluginLandingPageDisabled(), admission(server, documents), journaling(journal)],
  });
  await apollo.start();
  return apollo;
}

function gatewayOf(server: Graph): GatewayInterface {
  return {
    load: async () => ({
      executor: async ({ source, document, operation, request, context }) =>
        server.execute({ source, document, operation: operation!, variables: request.variables ?? {}, scope: (context as GatewayContext).scope }),
    }),
    onSchemaLoadOrUpdate: (callback) => {
      callback({ apiSchema: server.schema, coreSupergraphSdl: server.sdl });
      return () => undefined;
    },
    stop: async () => undefined,
  };
}

/** Weighing, validation, limits, introspection and access, before anything is planned. */
function admission(server: Graph, documents: Documents): ApolloServerPlugin<GatewayContext> {
  return {
    requestDidStart: async () => ({
      didResolveOperation: async ({ source, document, operation, request, contextValue }) => {
        documents.check(source, document);
        if (!operation) throw noSuchOperation();
        if (operation.operation === 'subscription') throw invalid('A subscription is answered as an event stream: ask with accept: text/event-stream, or over graphql-transport-ws.');
        server.admit({ document, operation, variables: request.variables ?? {}, scope: contextValue.scope });
      },
    }),
  };
}

function journaling(journal: Journal): ApolloServerPlugin<GatewayContext> {
  return {
    requestDidStart: async ({ contextValue: { scope, requestId } }) => {
      const end = journal.begin();
      return {
        willSendResponse: async ({ operation, response: { body } }) => {
          const errors = body?.kind === 'single' ? (body.singleResult.errors as readonly GraphQLError[] | undefined) : undefined;
          end({ transport: 'http', kind: operation?.operation ?? 'unknown', operationName: operation?.name?.value ?? null, subject: scope.principal.subject, requestId, errors });
        },
      };
    },
  };
}

/** Whoever may ask may register; texts that could not be served are not kept. */
function apqCache(kv: Kv, maxBytes: number) {
  return {
    get: async (key: string) => (await kv.get(key)) ?? undefined,
    set: async (key: string, value: string, options?: { ttl?: number | null }) => {
      if (Buffer.byteLength(value) <= maxBytes) await kv.set(key, value, (options?.ttl ?? APQ_TTL_SECONDS) * 1000);
    },
    delete: async (key: string) => kv.delete(key),
  };
}
