import { Kind, print, type FieldNode, type SelectionSetNode } from 'graphql';

/**
 * Whether a response key means different things depending on a type further up, as in
 * `... on A { x { f(a: 1) } } ... on B { x { f(a: 2) } }`. A plan that joins both at the path `x` mixes them up.
 * Expects fragments inlined.
 */
export function hasTypeDependentKeys(selectionSet: SelectionSetNode): boolean {
  return differs([selectionSet]);
}

function differs(selectionSets: readonly SelectionSetNode[]): boolean {
  const fields = new Map<string, FieldNode[]>();
  for (const selectionSet of selectionSets) gather(selectionSet, fields);
  for (const [first, ...others] of fields.values()) {
    if (!first) continue;
    const call = others.length > 0 ? printCall(first) : '';
    if (others.some((other) => printCall(other) !== call)) return true;
    const inner = [first, ...others].flatMap((field) => field.selectionSet ?? []);
    if (inner.length > 0 && differs(inner)) return true;
  }
  return false;
}

function gather({ selections }: SelectionSetNode, fields: Map<string, FieldNode[]>): void {
  for (const selection of selections) {
    if (selection.kind === Kind.INLINE_FRAGMENT) gather(selection.selectionSet, fields);
    if (selection.kind !== Kind.FIELD) continue;
    const key = (selection.alias ?? selection.name).value;
    const nodes = fields.get(key);
    if (nodes) nodes.push(selection);
    else fields.set(key, [selection]);
  }
}

function printCall(field: FieldNode): string {
  return `${field.name.value}(${(field.arguments ?? []).map(print).sort().join()})`;
}
