import type { ExecutionResult, OperationDefinitionNode } from 'graphql';
import { startSpan } from '../platform/telemetry.ts';
import type { RequestScope } from '../subgraphs/frame/module.ts';
import type { SubgraphClient } from './execution/subgraph-client.ts';

type Errors = readonly { readonly extensions?: Readonly<Record<string, unknown>> | undefined }[] | undefined;

const codeOf = (errors: Errors): string | null => (errors?.length ? String(errors[0]!.extensions?.['code'] ?? 'INTERNAL') : null);

/** A span over an operation; what it asks subgraphs becomes its children. Off: the work, nothing else. */
export function tracedOperation<T extends ExecutionResult>(operation: OperationDefinitionNode, scope: RequestScope, work: (scope: RequestScope) => Promise<T>): Promise<T> {
  const name = operation.name?.value;
  const attributes = { 'graphql.operation.type': operation.operation, ...(name && { 'graphql.operation.name': name }) };
  const span = startSpan(name ? `${operation.operation} ${name}` : operation.operation, { kind: 'server', parent: scope.traceparent, attributes });
  if (!span) return work(scope);
  return work({ ...scope, traceparent: span.traceparent }).then(
    (result) => {
      span.end(codeOf(result.errors));
      return result;
    },
    (error: unknown) => {
      span.end('INTERNAL');
      throw error;
    },
  );
}

/** The same client with a span a request. Wrapped only while traces are collected. */
export function tracedClient(subgraph: string, client: SubgraphClient): SubgraphClient {
  return {
    execute: async (request, call) => {
      const scope = call.context as RequestScope;
      const span = startSpan(`subrequest ${subgraph}`, { kind: 'client', parent: scope.traceparent, attributes: { 'peer.service': subgraph } });
      if (!span) return client.execute(request, call);
      try {
        const answer = await client.execute(request, { ...call, context: { ...scope, traceparent: span.traceparent } });
        span.end(codeOf(answer.errors));
        return answer;
      } catch (error) {
        span.end(String((error as { code?: unknown }).code ?? 'INTERNAL'));
        throw error;
      }
    },
  };
}
