import type { PlanNode, QueryPlan } from '@apollo/query-planner';
import { Kind, OperationTypeNode, type DocumentNode, type FieldNode, type SelectionSetNode } from 'graphql';

/**
 * The planner puts neighbouring mutations of one subgraph into one request and fetches what they need from others when
 * all have run: the first would be answered with what the second has changed. Such an operation is planned field by
 * field; one that needs nothing from others keeps its single request.
 */
export function planInOrder(document: DocumentNode, plan: (document: DocumentNode) => QueryPlan): QueryPlan {
  const whole = plan(document);
  const [operation] = document.definitions;
  if (operation?.kind !== Kind.OPERATION_DEFINITION || operation.operation !== OperationTypeNode.MUTATION) return whole;
  const fields = [...gatherFields(operation.selectionSet).values()];
  if (fields.length < 2 || !whole.node || whole.node.kind === 'Subscription' || !hasLaterFetch(whole.node)) return whole;
  const nodes = fields.map((selections) => {
    const single = { ...operation, selectionSet: { kind: Kind.SELECTION_SET as const, selections } };
    return plan({ kind: Kind.DOCUMENT, definitions: [single] }).node as PlanNode | undefined;
  });
  return { ...whole, node: { kind: 'Sequence', nodes: nodes.filter((node) => node !== undefined) } };
}

/** By response key, in the order of execution. Expects fragments inlined. */
function gatherFields(set: SelectionSetNode, fields = new Map<string, FieldNode[]>()): Map<string, FieldNode[]> {
  for (const selection of set.selections) {
    if (selection.kind === Kind.INLINE_FRAGMENT) gatherFields(selection.selectionSet, fields);
    if (selection.kind !== Kind.FIELD) continue;
    const key = (selection.alias ?? selection.name).value;
    fields.set(key, [...(fields.get(key) ?? []), selection]);
  }
  return fields;
}

function hasLaterFetch(node: PlanNode): boolean {
  return node.kind === 'Sequence' || node.kind === 'Parallel' ? node.nodes.some(hasLaterFetch) : node.kind !== 'Fetch';
}
