import { getOperationAST, type DocumentNode, type ExecutionResult, type OperationDefinitionNode } from 'graphql';
import type { RequestScope } from '../../subgraphs/frame/module.ts';
import { invalid } from '../graph/documents.ts';
import type { GraphSource } from '../graph/graph-source.ts';
import type { Apq } from '../trusted-documents/apq.ts';
import { resolveOperationText, resolveText } from '../trusted-documents/resolve.ts';
import type { TrustedDocuments } from '../trusted-documents/trusted-documents.ts';
import type { MistakeLimit } from '../limits/rate/mistake-limit.ts';
import type { Caller } from './caller.ts';
import { passAll, type Checkpoint, type Pass } from './checkpoint.ts';
import type { Journal, Telling } from './journal.ts';
import type { OperationRequest, PreparedOperation } from './prepared-operation.ts';
import { asGraphQLError, presentResult, type PresentError } from './presented-errors.ts';

/** The way of every operation, whatever transport it came by: prepare, pass the checkpoints, execute, present. */
export interface Pipeline {
  /** Text to document to valid, admitted operation. @throws GraphQLError or Failure: what refused it */
  prepare(request: OperationRequest, scope: RequestScope, caller: Caller): Promise<PreparedOperation>;
  /** Asked before somebody else parses a text: whether this caller may have one read that is not known here. @throws GraphQLError RATE_LIMITED */
  beforeReading(source: unknown, caller: Caller): void;
  /** The same for a document that somebody else parsed. @throws GraphQLError or Failure */
  admit(parsed: ParsedOperation, scope: RequestScope, caller: Caller): PreparedOperation;
  /** A query or mutation, through the checkpoints. Never rejects: a refusal is an answer. */
  execute(operation: PreparedOperation): Promise<Answer>;
  /** The checkpoints alone, for what is not executed at once: a subscription. @throws GraphQLError or Failure */
  pass(operation: PreparedOperation): Promise<Pass>;
  /** `prepare` and `execute` in one, with a line in the journal: errors are presented, it never rejects. */
  answer(request: OperationRequest, scope: RequestScope, caller: Caller): Promise<Answer>;
  /** Starts the journal's line of an operation. */
  begin(caller: Caller | null): Telling;
  present(result: ExecutionResult): ExecutionResult;
}

export interface ParsedOperation {
  readonly source: string;
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode | null | undefined;
  readonly variables: Readonly<Record<string, unknown>> | null | undefined;
}

export interface Answer {
  readonly result: ExecutionResult;
  /** For transports that have them. */
  readonly headers: Readonly<Record<string, string>>;
  /** Null: it was refused before there was one. */
  readonly operation: PreparedOperation | null;
}

export interface PipelineOptions {
  readonly graphs: GraphSource;
  readonly trusted: Pick<TrustedDocuments, 'find' | 'idOf'>;
  readonly apq: Apq;
  readonly checkpoints: readonly Checkpoint[];
  readonly mistakes?: MistakeLimit;
  readonly journal: Journal;
  readonly present: PresentError;
}

const NO_HEADERS: Readonly<Record<string, string>> = {};
/** Strangers make up names; a label may not. */
const UNNAMED = 'other';
const NO_VARIABLES: Readonly<Record<string, unknown>> = {};

export function createPipeline({ graphs, trusted, apq, checkpoints, mistakes, journal, present }: PipelineOptions): Pipeline {
  const beforeReading: Pipeline['beforeReading'] = (source, caller) => {
    if (mistakes && typeof source === 'string' && !graphs.current.documents.knows(source)) mistakes.check(caller);
  };
  const begin: Pipeline['begin'] = (caller) => counted(journal.begin(caller), caller, mistakes);
  const admit: Pipeline['admit'] = ({ source, document, operation, variables }, scope, caller) => {
    if (!operation) throw noSuchOperation();
    const graph = graphs.current;
    graph.documents.check(source, document);
    const label = resolveText(source, trusted, caller.identity.documents ?? 'ANY').trusted ? (operation.name?.value ?? UNNAMED) : UNNAMED;
    const asked = { source, document, operation, variables: variables ?? NO_VARIABLES, scope, caller, graph, label };
    return { ...asked, cost: graph.admit(asked) };
  };
  const prepare: Pipeline['prepare'] = async (request, scope, caller) => {
    const { source, keep } = await resolveOperationText(request, { trusted, apq, policy: caller.identity.documents ?? 'ANY' });
    beforeReading(source, caller);
    const document = graphs.current.documents.read(source);
    const prepared = admit({ source, document, operation: getOperationAST(document, request.operationName), variables: request.variables }, scope, caller);
    await keep?.();
    return prepared;
  };
  const execute: Pipeline['execute'] = async (operation) => {
    let pass: Pass | null = null;
    try {
      pass = await passAll(checkpoints, operation);
      const { result } = await operation.graph.execute(operation, pass);
      return { result, headers: pass.headers ?? NO_HEADERS, operation };
    } catch (error) {
      return refusal(error, operation, pass);
    } finally {
      pass?.leave?.();
    }
  };
  return {
    prepare,
    beforeReading,
    admit,
    execute,
    pass: (operation) => passAll(checkpoints, operation),
    answer: async (request, scope, caller) => {
      const tell = begin(caller);
      const answer = await prepare(request, scope, caller).then(execute, (error: unknown) => refusal(error, null, null));
      tell(answer.operation, answer.result.errors);
      return { ...answer, result: presentResult(answer.result, present) };
    },
    begin,
    present: (result) => presentResult(result, present),
  };
}

const noSuchOperation = () => invalid('Name one of the operations of the document in operationName.');

const UNUSABLE: readonly unknown[] = ['INVALID_INPUT', 'GRAPHQL_PARSE_FAILED', 'GRAPHQL_VALIDATION_FAILED'];

function counted(tell: Telling, caller: Caller | null, mistakes: MistakeLimit | undefined): Telling {
  if (!mistakes || !caller) return tell;
  return (operation, errors) => {
    if (isMistake(operation, errors)) mistakes.count(caller);
    tell(operation, errors);
  };
}

/** It never became an operation of its own because of what was sent. */
const isMistake = (operation: Parameters<Telling>[0], errors: Parameters<Telling>[1]): boolean =>
  (operation === null || operation.source === undefined) && UNUSABLE.includes(errors?.[0]?.extensions?.['code']);

function refusal(error: unknown, operation: PreparedOperation | null, pass: Pass | null): Answer {
  const refused = asGraphQLError(error);
  return { result: { errors: [refused] }, headers: { ...pass?.headers, ...headersOf(refused.extensions) }, operation };
}

/** What a refusal wants said beside its words, e.g. Retry-After. */
export function headersOf({ http }: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> {
  const { headers } = (http ?? {}) as { readonly headers?: Readonly<Record<string, string>> | ReadonlyMap<string, string> };
  return headers instanceof Map ? (Object.fromEntries(headers) as Record<string, string>) : ((headers ?? NO_HEADERS) as Record<string, string>);
}
