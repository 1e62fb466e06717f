import { getOperationAST, GraphQLError } from 'graphql';
import type { RequestScope } from '../../subgraphs/frame/module.ts';
import type { Graph } from '../graph/graph.ts';
import { DEVELOPMENT } from '../identity/door.ts';
import { measureOperation } from '../limits/weight/operation-facts.ts';
import type { TrustedDocument } from './trusted-documents.ts';

/** What a graph says of one document. */
export interface CheckedDocument {
  readonly id: string;
  readonly name: string;
  /** Why it cannot be answered; null = it can. */
  readonly problem: string | null;
  /** As the limits weigh it while no variable is known; 0 with a problem. */
  readonly cost: number;
  readonly depth: number;
}

/** Who may send a document is asked when it is sent. Here it is everybody. */
const SCOPE: RequestScope = {
  principal: DEVELOPMENT,
  shopping: { locale: null, channel: null, currencyCode: null, companyLocation: null },
  signal: new AbortController().signal,
  deadlineAtMs: Number.MAX_SAFE_INTEGER,
  traceparent: null,
};

/** Holds documents to a graph, its limits and its planner: what each node would do, before any does. */
export const checkDocuments = (graph: Graph, documents: readonly TrustedDocument[]): readonly CheckedDocument[] => documents.map((document) => check(graph, document));

function check(graph: Graph, { id, name, body }: TrustedDocument): CheckedDocument {
  try {
    const document = graph.documents.read(body);
    const operation = getOperationAST(document, name)!;
    const cost = graph.admit({ document, operation, variables: null, scope: SCOPE });
    graph.executor.plan({ source: body, document, operationName: name });
    return { id, name, problem: null, cost, depth: measureOperation(document, operation).depth };
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    return { id, name, problem: error.message, cost: 0, depth: 0 };
  }
}
