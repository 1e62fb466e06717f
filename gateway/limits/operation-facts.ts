import { Kind, type DocumentNode, type FieldNode, type FragmentDefinitionNode, type OperationDefinitionNode, type SelectionSetNode } from 'graphql';

/** What an operation weighs before any variable is known. Fragments are counted as often as they are spread. */
export interface OperationFacts {
  readonly depth: number;
  readonly fields: number;
  readonly aliases: number;
  readonly rootFields: number;
  readonly introspects: boolean;
}

/** Counting stops here: a bomb is refused long before it is measured. */
const ENOUGH = 100_000;

const cache = new WeakMap<OperationDefinitionNode, OperationFacts>();

export function measureOperation(document: DocumentNode, operation: OperationDefinitionNode): OperationFacts {
  const known = cache.get(operation);
  if (known) return known;
  const facts = count(document, operation);
  cache.set(operation, facts);
  return facts;
}

function count(document: DocumentNode, operation: OperationDefinitionNode): OperationFacts {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  const facts = { depth: 0, fields: 0, aliases: 0, rootFields: 0, introspects: false };
  const open = new Set<string>();

  const visitField = (field: FieldNode, depth: number): void => {
    facts.fields += 1;
    facts.depth = Math.max(facts.depth, depth);
    if (field.alias) facts.aliases += 1;
    if (depth === 1) facts.rootFields += 1;
    if (field.name.value === '__schema' || field.name.value === '__type') facts.introspects = true;
    if (field.selectionSet) visit(field.selectionSet, depth + 1);
  };
  const visit = ({ selections }: SelectionSetNode, depth: number): void => {
    for (const selection of selections) {
      if (facts.fields > ENOUGH) return;
      if (selection.kind === Kind.FIELD) visitField(selection, depth);
      else if (selection.kind === Kind.INLINE_FRAGMENT) visit(selection.selectionSet, depth);
      else {
        const name = selection.name.value;
        const fragment = fragments.get(name);
        // A cycle is refused by validation; here it only must not hang us.
        if (!fragment || open.has(name)) continue;
        open.add(name);
        visit(fragment.selectionSet, depth);
        open.delete(name);
      }
    }
  };
  visit(operation.selectionSet, 1);
  return facts;
}
