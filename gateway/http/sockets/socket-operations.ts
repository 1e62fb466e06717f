import { GraphQLError, type ExecutionArgs, type ExecutionResult } from 'graphql';
import type { Context } from 'graphql-ws';
import { Failure } from '../../../domain/failure.ts';
import type { Clock } from '../../../platform/clock.ts';
import { invalid } from '../../graph/documents.ts';
import type { Door } from '../../identity/door.ts';
import type { Pipeline } from '../../pipeline/pipeline.ts';
import type { OperationRequest, PreparedOperation } from '../../pipeline/prepared-operation.ts';
import { asGraphQLError } from '../../pipeline/presented-errors.ts';
import { openScope, readShopping } from '../../pipeline/request-scope.ts';
import type { SubscriptionHub } from '../../subscriptions/hub.ts';
import type { TextOfResult } from '../../subscriptions/result-texts.ts';
import { traceparentOf } from '../request.ts';
import type { RunningWork } from './running-work.ts';
import { CLOSE, type SocketConnection } from './socket-connection.ts';
import { pumpToSocket } from './subscription-pump.ts';

export type ConnectionParams = Record<string, unknown> | undefined;
export type SocketExtra = { readonly connection: SocketConnection } & Record<PropertyKey, unknown>;
export type SocketContext = Context<ConnectionParams, SocketExtra>;

export interface SocketOperationsOptions {
  readonly pipeline: Pipeline;
  readonly hub: SubscriptionHub;
  readonly door: Door;
  readonly clock: Clock;
  readonly deadlineMs: number;
  readonly work: RunningWork;
  readonly textOf: TextOfResult;
}

/** What graphql-ws asks of us at each step of a connection. */
export interface SocketOperations {
  /** Answers whether the caller is let in. */
  identify(context: SocketContext): Promise<boolean>;
  prepare(context: SocketContext, id: string, request: OperationRequest): Promise<ExecutionArgs | readonly GraphQLError[]>;
  execute(args: ExecutionArgs): Promise<ExecutionResult>;
  subscribe(args: ExecutionArgs): Promise<AsyncIterableIterator<never>>;
}

/** What an execution is handed through graphql-ws. */
interface Execution {
  readonly prepared: PreparedOperation;
  readonly connection: SocketConnection;
  readonly id: string;
}

const MAX_OPERATIONS_PER_SOCKET = 64;

export function createSocketOperations(options: SocketOperationsOptions): SocketOperations {
  return {
    identify: (context) => identify(options, context),
    prepare: (context, id, request) => prepare(options, context, id, request),
    execute: (args) => options.work.track(execute(options.pipeline, executionOf(args))),
    subscribe: (args) => subscribe(options, executionOf(args)),
  };
}

async function identify({ door }: SocketOperationsOptions, context: SocketContext): Promise<boolean> {
  const { connection } = context.extra;
  const { headers, address } = connection;
  const given = (name: string): string | undefined => param(context.connectionParams, name);
  const identity = await door({ authorization: given('authorization') ?? headers.authorization, apiKey: given('x-api-key') ?? headers.apiKey, address }).catch((error: unknown) => error as Error);
  if (identity instanceof Error) {
    // Closed as forbidden, clients throw away credentials that may be good.
    if (identity instanceof Failure && identity.retryable) connection.close(CLOSE.TRY_AGAIN_LATER, identity.code === 'RATE_LIMITED' ? 'Too many wrong credentials came from this address' : 'Credentials cannot be verified at present');
    return false;
  }
  const caller = { identity, address, requestId: headers.requestId, transport: 'websocket' } as const;
  const refused = connection.stream.identify(caller, (reason) => connection.close(CLOSE.FORBIDDEN, reason === 'EXPIRED' ? 'Token expired' : 'Credentials revoked'));
  if (refused) {
    connection.close(CLOSE.TRY_AGAIN_LATER, 'Too many connections of yours are open');
    return false;
  }
  connection.caller = caller;
  return true;
}

/** Header names are case-insensitive; connection parameters are treated alike. */
function param(params: ConnectionParams, name: string): string | undefined {
  const entry = Object.entries(params ?? {}).find(([key]) => key.toLowerCase() === name);
  return typeof entry?.[1] === 'string' ? entry[1] : undefined;
}

/** Completing an operation early frees its id, not its work: both are counted. */
const isBusy = ({ subscriptions, extra: { connection } }: SocketContext): boolean =>
  Object.keys(subscriptions).length > MAX_OPERATIONS_PER_SOCKET || connection.running >= MAX_OPERATIONS_PER_SOCKET;

async function prepare({ pipeline, clock, deadlineMs }: SocketOperationsOptions, context: SocketContext, id: string, request: OperationRequest): Promise<ExecutionArgs | readonly GraphQLError[]> {
  const { connectionParams, extra: { connection } } = context;
  const caller = connection.caller!;
  const { principal } = caller.identity;
  const tell = pipeline.begin(caller);
  const isRefused = isBusy(context);
  // Counted here and not where it runs: a burst of messages is taken before the first of them does.
  connection.running += 1;
  try {
    if (isRefused) throw invalid(`A connection may have ${MAX_OPERATIONS_PER_SOCKET} operations open.`, { limit: 'operations' });
    if (!connection.stream.mayHear()) throw new GraphQLError('Your proof of identity has ended.', { extensions: { code: 'UNAUTHENTICATED' } });
    const shopping = readShopping((name) => param(connectionParams, name), principal);
    const traceparent = traceparentOf(param(connectionParams, 'traceparent'));
    const scope = openScope({ principal, shopping, left: connection.left.signal, nowMs: clock.now(), deadlineMs, traceparent });
    const prepared = await pipeline.prepare(request, scope, caller);
    const { document, operation, variables, graph } = prepared;
    const execution: Execution = { prepared, connection, id };
    return { schema: graph.schema, document, operationName: operation.name?.value ?? null, variableValues: { ...variables }, contextValue: execution };
  } catch (error) {
    connection.running -= 1;
    const errors = [asGraphQLError(error)];
    tell(null, errors);
    return errors;
  }
}

const executionOf = (args: ExecutionArgs): Execution => args.contextValue as Execution;

async function execute(pipeline: Pipeline, { prepared, connection }: Execution): Promise<ExecutionResult> {
  const tell = pipeline.begin(prepared.caller);
  const { result } = await pipeline.execute(prepared);
  connection.running -= 1;
  tell(prepared, result.errors);
  return result;
}

async function subscribe({ pipeline, hub, work, textOf }: SocketOperationsOptions, { prepared, connection, id }: Execution): Promise<AsyncIterableIterator<never>> {
  const tell = pipeline.begin(prepared.caller);
  try {
    const pass = await pipeline.pass(prepared);
    try {
      const { results, ended } = pumpToSocket({ hub, textOf, connection, id, stream: await hub.open(prepared) });
      // Until it has been told what waits for it a drain waits for it.
      void work.track(ended);
      return results;
    } finally {
      pass.leave?.();
    }
  } catch (error) {
    const refused = asGraphQLError(error);
    tell(prepared, [refused]);
    return failWith(refused);
  } finally {
    connection.running -= 1;
  }
}

/** Told as an "error", which ends the operation; a result with errors would be an event. */
function failWith(error: GraphQLError): AsyncIterableIterator<never> {
  const fail = async (): Promise<never> => {
    throw error;
  };
  const done = async (): Promise<IteratorResult<never>> => ({ value: undefined, done: true });
  const results: AsyncIterableIterator<never> = { next: fail, return: done, throw: fail, [Symbol.asyncIterator]: () => results };
  return results;
}
