import { ApolloServer, type ApolloServerOptionsWithGateway, type ApolloServerPlugin, type GraphQLResponse } from '@apollo/server';
import { ApolloServerPluginLandingPageDisabled } from '@apollo/server/plugin/disabled';
import { GraphQLError } from 'graphql';
import type { Log } from '../../platform/log.ts';
import type { Kv } from '../../platform/stores/kv.ts';
import type { RequestScope } from '../../subgraphs/frame/module.ts';
import { invalid } from '../graph/documents.ts';
import type { GraphSource } from '../graph/graph-source.ts';
import type { Limits } from '../limits/limits.ts';
import type { Caller } from '../pipeline/caller.ts';
import type { Pipeline } from '../pipeline/pipeline.ts';
import type { PreparedOperation } from '../pipeline/prepared-operation.ts';
import type { PresentError } from '../pipeline/presented-errors.ts';
import type { TrustedDocuments } from '../trusted-documents/trusted-documents.ts';
import { chooseMediaType } from './hot/media-type.ts';
import { statusOfRefusal } from './request-errors.ts';

type GatewayInterface = ApolloServerOptionsWithGateway<GatewayContext>['gateway'];
type GatewayExecutor = NonNullable<Awaited<ReturnType<GatewayInterface['load']>>['executor']>;

export interface GatewayContext {
  readonly scope: RequestScope;
  readonly caller: Caller;
  /** Set once the operation is valid and admitted. */
  prepared: PreparedOperation | null;
  /** Set with the answer: what it wants said in headers. */
  headers: Readonly<Record<string, string>>;
}

export interface ApolloOptions {
  readonly graphs: GraphSource;
  readonly pipeline: Pipeline;
  /** Known by their hashes without anybody having registered them in the cache. */
  readonly trusted: Pick<TrustedDocuments, 'find'>;
  readonly limits: Limits;
  readonly kv: Kv;
  readonly present: PresentError;
  readonly log: Log;
}

const APQ_TTL_SECONDS = 86_400;
/** Apollo's own, before each hash. */
const APQ_PREFIX = 'apq:';

/**
 * Apollo Server for whatever is not hot: GraphQL over HTTP in all its forms, persisted queries, CSRF prevention. Operations
 * go through the pipeline like those of every other transport.
 */
export async function startApollo({ graphs, pipeline, trusted, limits, kv, present, log }: ApolloOptions): Promise<ApolloServer<GatewayContext>> {
  const apollo = new ApolloServer<GatewayContext>({
    gateway: gatewayOf(graphs, pipeline),
    // Who may introspect is decided per principal (limits.ts), not per process.
    introspection: true,
    csrfPrevention: true,
    allowBatchedHttpRequests: false,
    includeStacktraceInErrorResponses: false,
    parseOptions: { maxTokens: limits.maxTokens },
    // Apollo would validate before anything can be weighed; `admission` weighs and then validates every document.
    dangerouslyDisableValidation: true,
    persistedQueries: { cache: apqCache(kv, limits.maxDocumentBytes, trusted), ttl: APQ_TTL_SECONDS },
    stopOnTerminationSignals: false,
    logger: { debug: () => undefined, info: () => undefined, warn: (m) => log.warn({}, String(m)), error: (m) => log.error({}, String(m)) },
    formatError: (formatted, error) => present(isCallersMistake(error) ? { ...formatted, extensions: { ...formatted.extensions, code: 'INVALID_INPUT' } } : formatted),
    plugins: [ApolloServerPluginLandingPageDisabled(), admission(pipeline), journaling(pipeline)],
  });
  await apollo.start();
  return apollo;
}

/** Apollo has no code for some of what it refuses, a text under the hash of another say, but a status. */
const isCallersMistake = (error: unknown): boolean =>
  error instanceof GraphQLError && error.extensions['code'] === undefined && (error.extensions['http'] as { readonly status?: number } | undefined)?.status === 400;

function gatewayOf(graphs: GraphSource, pipeline: Pipeline): GatewayInterface {
  return {
    load: async () => ({
      executor: async ({ context: given }) => {
        const context = given as GatewayContext;
        const { result, headers } = await pipeline.execute(context.prepared!);
        context.headers = headers;
        return result as Awaited<ReturnType<GatewayExecutor>>;
      },
    }),
    onSchemaLoadOrUpdate: (callback) => {
      const tell = (): void => callback({ apiSchema: graphs.current.schema, coreSupergraphSdl: graphs.current.sdl });
      tell();
      return graphs.onReplaced(tell);
    },
    stop: async () => undefined,
  };
}

/** Weighing, validation, limits, introspection and access, before anything is planned. */
function admission(pipeline: Pipeline): ApolloServerPlugin<GatewayContext> {
  return {
    requestDidStart: async () => ({
      didResolveOperation: async ({ source, document, operation, request, contextValue }) => {
        if (operation?.operation === 'subscription') throw subscriptionOverHttp();
        contextValue.prepared = pipeline.admit({ source, document, operation, variables: request.variables }, contextValue.scope, contextValue.caller);
      },
    }),
  };
}

const subscriptionOverHttp = (): GraphQLError => invalid('A subscription is answered as an event stream: ask with accept: text/event-stream, or over graphql-transport-ws.');

function journaling(pipeline: Pipeline): ApolloServerPlugin<GatewayContext> {
  return {
    requestDidStart: async ({ contextValue }) => {
      const tell = pipeline.begin(contextValue.caller);
      return {
        willSendResponse: async ({ operation, errors: thrown, request, response: { body, http } }) => {
          const mediaType = chooseMediaType(request.http?.headers.get('accept'));
          if (thrown && mediaType !== null && isMissing(body)) http.status = statusOfRefusal(thrown, mediaType, http.status ?? 400);
          for (const [name, value] of Object.entries(contextValue.headers)) http.headers.set(name, value);
          const errors = body?.kind === 'single' ? (body.singleResult.errors as readonly GraphQLError[] | undefined) : undefined;
          tell(contextValue.prepared ?? (operation ? { operation } : null), errors);
        },
      };
    },
  };
}

const isMissing = (body: GraphQLResponse['body']): boolean => body.kind === 'single' && body.singleResult.data === undefined;

/** Whoever may ask may register; texts that could not be served are not kept. */
function apqCache(kv: Kv, maxBytes: number, trusted: Pick<TrustedDocuments, 'find'>) {
  return {
    get: async (key: string) => trusted.find(key.slice(APQ_PREFIX.length)) ?? (await kv.get(key)) ?? undefined,
    set: async (key: string, value: string, options?: { ttl?: number | null }) => {
      if (Buffer.byteLength(value) <= maxBytes) await kv.set(key, value, (options?.ttl ?? APQ_TTL_SECONDS) * 1000);
    },
    delete: async (key: string) => kv.delete(key),
  };
}
