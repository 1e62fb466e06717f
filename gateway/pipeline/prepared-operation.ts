import type { DocumentNode, OperationDefinitionNode } from 'graphql';
import type { RequestScope } from '../../subgraphs/frame/module.ts';
import type { Graph } from '../graph/graph.ts';
import type { Caller } from './caller.ts';

/** What a client sends, whatever the transport: a text, or the name of one that is known. */
export interface OperationRequest {
  readonly query?: string | null | undefined;
  readonly documentId?: string | null | undefined;
  readonly operationName?: string | null | undefined;
  readonly variables?: Readonly<Record<string, unknown>> | null | undefined;
  readonly extensions?: Readonly<Record<string, unknown>> | null | undefined;
}

/** A valid operation that its caller may ask for. */
export interface PreparedOperation {
  readonly source: string;
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly scope: RequestScope;
  readonly caller: Caller;
  /** The graph it was prepared for, and is answered by. */
  readonly graph: Graph;
  /** How many objects its answer may hold, as estimated. */
  readonly cost: number;
  /** Name of a trusted document's operation, "other" for all else: for metrics. */
  readonly label: string;
}
