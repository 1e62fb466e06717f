import { getOperationAST } from 'graphql';
import type { RequestScope } from '../../subgraphs/frame/module.ts';
import type { Graph } from '../graph/graph.ts';

export interface Question {
  readonly source: string;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly deadlineMs: number;
}

/** A query of the gateway's own, with the rights of whom it asks for. @throws Error for what is refused or answered with errors */
export async function askGraph(graph: Graph, scope: RequestScope, { source, variables, deadlineMs }: Question): Promise<Readonly<Record<string, unknown>>> {
  const document = graph.documents.read(source);
  const operation = getOperationAST(document)!;
  const signal = AbortSignal.timeout(deadlineMs);
  graph.admit({ document, operation, variables, scope });
  const { data, errors } = await graph.executor.execute({ source, document, variables, clients: graph.clients, signal, deadlineAtMs: null, context: { ...scope, signal } });
  if (errors?.length || !data) throw new Error(errors?.[0]?.message ?? 'no data');
  return data;
}
