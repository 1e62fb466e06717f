import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ExecutionArgs } from 'graphql';
import { createHandler } from 'graphql-sse/lib/use/fastify';
import type { Clock } from '../../platform/clock.ts';
import type { Door } from '../identity/door.ts';
import type { PreparedOperation, PrepareOperation } from '../prepare-operation.ts';
import type { SubscriptionHub } from '../subscriptions/hub.ts';
import type { SupergraphServer } from '../supergraph-server.ts';
import { asGraphQLError, formatResult } from './errors.ts';
import { scopeOfRequest } from './request.ts';

export interface SseOptions {
  readonly server: SupergraphServer;
  readonly hub: SubscriptionHub;
  readonly prepare: PrepareOperation;
  readonly door: Door;
  readonly clock: Clock;
  readonly deadlineMs: number;
}

const preparedOf = (args: ExecutionArgs): PreparedOperation => args.contextValue as PreparedOperation;

/** GraphQL over server-sent events, "distinct connections" mode: one stream an operation. */
export function createSseHandler(options: SseOptions): (request: FastifyRequest, reply: FastifyReply) => Promise<void> {
  return createHandler({
    schema: options.server.schema,
    onSubscribe: async (request, { query, operationName, variables }) => {
      try {
        const scope = await scopeOfRequest(options, request.raw.raw);
        const prepared = options.prepare({ query, operationName, variables }, scope);
        return {
          schema: options.server.schema,
          document: prepared.document,
          operationName: prepared.operation.name?.value ?? null,
          variableValues: { ...prepared.variables },
          contextValue: prepared,
        };
      } catch (error) {
        return { errors: [asGraphQLError(error)] };
      }
    },
    execute: (args) => options.server.execute(preparedOf(args as ExecutionArgs)) as never,
    subscribe: async (args) => {
      try {
        return (await options.hub.open(preparedOf(args as ExecutionArgs))) as never;
      } catch (error) {
        return { errors: [asGraphQLError(error)] };
      }
    },
    onNext: (_context, _request, result) => formatResult(result as never) as never,
  });
}

/** True for a request that wants its answer as an event stream. */
export const wantsEventStream = (request: FastifyRequest): boolean => request.headers.accept?.includes('text/event-stream') ?? false;
