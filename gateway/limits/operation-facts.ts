import { Kind, type DocumentNode, type FieldNode, type FragmentDefinitionNode, type OperationDefinitionNode, type SelectionSetNode } from 'graphql';

/** What an operation weighs before any variable is known. Fragments are counted as often as they are spread. */
export interface OperationFacts {
  readonly depth: number;
  readonly fields: number;
  readonly aliases: number;
  readonly rootFields: number;
  /** Selections of any kind that were visited; `ENOUGH` or more = a bomb, not measured to its end. */
  readonly visits: number;
  readonly introspects: boolean;
}

/** Counting stops here: a bomb is refused long before it is measured. */
export const ENOUGH = 20_000;

const cache = new WeakMap<OperationDefinitionNode, OperationFacts>();

/** Needs no valid document: it runs before validation, whose own work a bomb would multiply. */
export function measureOperation(document: DocumentNode, operation: OperationDefinitionNode): OperationFacts {
  const known = cache.get(operation);
  if (known) return known;
  const facts = count(document, operation);
  cache.set(operation, facts);
  return facts;
}

export function fragmentsOf(document: DocumentNode): Map<string, FragmentDefinitionNode> {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  return fragments;
}

function count(document: DocumentNode, operation: OperationDefinitionNode): OperationFacts {
  const fragments = fragmentsOf(document);
  const facts = { depth: 0, fields: 0, aliases: 0, rootFields: 0, visits: 0, introspects: false };
  const open = new Set<string>();

  const visitField = (field: FieldNode, depth: number): void => {
    facts.fields += 1;
    facts.depth = Math.max(facts.depth, depth);
    if (field.alias) facts.aliases += 1;
    if (depth === 1) facts.rootFields += 1;
    if (field.name.value === '__schema' || field.name.value === '__type') facts.introspects = true;
    if (field.selectionSet) visit(field.selectionSet, depth + 1);
  };
  const visitSpread = (name: string, depth: number): void => {
    const fragment = fragments.get(name);
    // A cycle is refused by validation; here it only must not hang us.
    if (!fragment || open.has(name)) return;
    open.add(name);
    visit(fragment.selectionSet, depth);
    open.delete(name);
  };
  const visit = ({ selections }: SelectionSetNode, depth: number): void => {
    for (const selection of selections) {
      // Spreads count as well: fragments that only spread each other double with each level and hold no field.
      if (++facts.visits >= ENOUGH) return;
      if (selection.kind === Kind.FIELD) visitField(selection, depth);
      else if (selection.kind === Kind.INLINE_FRAGMENT) visit(selection.selectionSet, depth);
      else visitSpread(selection.name.value, depth);
    }
  };
  visit(operation.selectionSet, 1);
  return facts;
}
