import { ApolloServer, type ApolloServerOptionsWithGateway, type ApolloServerPlugin } from '@apollo/server';
import { ApolloServerPluginLandingPageDisabled } from '@apollo/server/plugin/disabled';
import type { GraphQLError, GraphQLFormattedError } from 'graphql';
import type { Log } from '../platform/log.ts';
import type { Kv } from '../platform/stores/kv.ts';
import type { RequestScope } from '../subgraphs/frame/module.ts';
import type { Limits } from './limits/limits.ts';
import type { GatewayMetrics } from './metrics.ts';
import type { SupergraphServer } from './supergraph-server.ts';

type GatewayInterface = ApolloServerOptionsWithGateway<GatewayContext>['gateway'];

export interface GatewayContext {
  readonly scope: RequestScope;
}

export interface ApolloOptions {
  readonly server: SupergraphServer;
  readonly limits: Limits;
  readonly kv: Kv;
  readonly metrics: GatewayMetrics;
  readonly log: Log;
}

const APQ_TTL_SECONDS = 86_400;

/** Apollo Server in front of our executor: GraphQL over HTTP, validation, persisted queries, CSRF prevention. */
export async function startApollo({ server, limits, kv, metrics, log }: ApolloOptions): Promise<ApolloServer<GatewayContext>> {
  const apollo = new ApolloServer<GatewayContext>({
    gateway: gatewayOf(server),
    // Who may introspect is decided per principal (limits.ts), not per process.
    introspection: true,
    csrfPrevention: true,
    allowBatchedHttpRequests: false,
    includeStacktraceInErrorResponses: false,
    parseOptions: { maxTokens: limits.maxTokens },
    persistedQueries: { cache: apqCache(kv), ttl: APQ_TTL_SECONDS },
    stopOnTerminationSignals: false,
    logger: { debug: () => undefined, info: () => undefined, warn: (m) => log.warn({}, String(m)), error: (m) => log.error({}, String(m)) },
    formatError: (formatted) => withFailureCode(formatted),
    plugins: [ApolloServerPluginLandingPageDisabled(), admission(server), measuring(metrics)],
  });
  await apollo.start();
  return apollo;
}

/** Apollo's own codes for unusable requests, in the words of our failure table. */
const CODES: Readonly<Record<string, string>> = {
  GRAPHQL_PARSE_FAILED: 'INVALID_INPUT',
  GRAPHQL_VALIDATION_FAILED: 'INVALID_INPUT',
  BAD_USER_INPUT: 'INVALID_INPUT',
  BAD_REQUEST: 'INVALID_INPUT',
  OPERATION_RESOLUTION_FAILURE: 'INVALID_INPUT',
  INTERNAL_SERVER_ERROR: 'INTERNAL',
};

export function withFailureCode(formatted: GraphQLFormattedError): GraphQLFormattedError {
  const code = formatted.extensions?.['code'];
  const mapped = typeof code === 'string' ? CODES[code] : 'INTERNAL';
  return mapped ? { ...formatted, extensions: { ...formatted.extensions, code: mapped } } : formatted;
}

function gatewayOf(server: SupergraphServer): GatewayInterface {
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

/** Limits, introspection and access: after validation, before anything is planned. */
function admission(server: SupergraphServer): ApolloServerPlugin<GatewayContext> {
  return {
    requestDidStart: async () => ({
      didResolveOperation: async ({ document, operation, request, contextValue }) => {
        if (!operation || operation.operation === 'subscription') return;
        server.admit({ document, operation, variables: request.variables ?? {}, scope: contextValue.scope });
      },
    }),
  };
}

function measuring(metrics: GatewayMetrics): ApolloServerPlugin<GatewayContext> {
  return {
    requestDidStart: async () => {
      const stop = metrics.startOperation();
      return {
        willSendResponse: async ({ operation, errors }) =>
          stop(operation?.operation ?? 'unknown', (errors as readonly GraphQLError[] | undefined)?.[0]?.extensions?.['code'] as string | undefined),
      };
    },
  };
}

function apqCache(kv: Kv) {
  return {
    get: async (key: string) => (await kv.get(key)) ?? undefined,
    set: (key: string, value: string, options?: { ttl?: number | null }) => kv.set(key, value, (options?.ttl ?? APQ_TTL_SECONDS) * 1000),
    delete: async (key: string) => kv.delete(key),
  };
}
