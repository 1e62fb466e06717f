import { createHash } from 'node:crypto';
import type { FetchNode } from '@apollo/query-planner';
import type { Entity } from './response-path.ts';
import type { Run } from './run.ts';
import type { SubgraphAnswer, SubgraphRequest } from '../subgraph-client.ts';
import { malformed } from './subgraph-errors.ts';

/** A request with everything that does not depend on the values of one execution. */
export interface CompiledRequest {
  readonly service: string;
  readonly fixed: Omit<SubgraphRequest, 'variables' | 'event'>;
  /** The client's variables it uses. */
  readonly variableNames: readonly string[];
}

type RequestParts = Pick<FetchNode, 'serviceName' | 'operation' | 'operationName' | 'operationKind' | 'variableUsages'>;

export function compileRequest(node: RequestParts): CompiledRequest {
  return {
    service: node.serviceName,
    fixed: {
      query: node.operation,
      ...(node.operationName === undefined ? {} : { operationName: node.operationName }),
      operationKind: node.operationKind,
      documentId: createHash('sha256').update(node.operation).digest('base64url'),
    },
    variableNames: node.variableUsages ?? [],
  };
}

/** Sends a request with the client's variables added to `variables`. Rejects when there is no answer. */
export async function send(
  { service, fixed, variableNames }: CompiledRequest,
  run: Run,
  variables: Record<string, unknown>,
): Promise<SubgraphAnswer> {
  const client = run.clients[service];
  if (!client) throw new Error(`No client for subgraph "${service}".`);
  if (run.aborted && run.call.signal.aborted) return run.aborted;
  for (const name of variableNames) {
    if (Object.hasOwn(run.variables, name)) variables[name] = run.variables[name];
  }
  const onAsked = (): void => void run.subrequests.set(service, (run.subrequests.get(service) ?? 0) + 1);
  const event = fixed.operationKind === 'subscription' ? { event: run.event } : null;
  const request = { ...fixed, variables, ...event };
  if (!run.cache) onAsked();
  const answer = run.cache ? run.cache.execute({ service, client, request, call: run.call, onAsked }) : client.execute(request, run.call);
  return run.aborted ? Promise.race([answer, run.aborted]) : answer;
}

/** Null data with errors is an answer; no data and no errors is not. */
export function readData(answer: SubgraphAnswer, service: string): Entity | null {
  const { data } = answer;
  if (data !== null && typeof data === 'object' && !Array.isArray(data)) return data as Entity;
  if (answer.errors?.length && (data === null || data === undefined)) return null;
  throw malformed(service, 'without data and without errors');
}
