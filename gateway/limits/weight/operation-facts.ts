import { Kind, type DocumentNode, type FieldNode, type FragmentDefinitionNode, type OperationDefinitionNode, type SelectionNode, type SelectionSetNode } from 'graphql';

/** What a selection weighs before any variable is known. Fragments are counted as often as they are spread. */
export interface OperationFacts {
  readonly depth: number;
  /** Selection sets within each other, those of fragments too: who descends by calls has a stack to lose. */
  readonly nesting: number;
  readonly fields: number;
  readonly aliases: number;
  readonly rootFields: number;
  /** Selections of any kind, spreads too: fragments that only spread each other double with each level and hold no field. */
  readonly selections: number;
  readonly introspects: boolean;
}

const NOTHING: OperationFacts = { depth: 0, nesting: 0, fields: 0, aliases: 0, rootFields: 0, selections: 0, introspects: false };

const cache = new WeakMap<OperationDefinitionNode | FragmentDefinitionNode, OperationFacts>();

/**
 * Needs no valid document: it runs before validation, whose own work a bomb would multiply. Each fragment is measured once and
 * its figures are added wherever it is spread, so that measuring is linear in the text whatever the text expands to.
 */
export function measureOperation(document: DocumentNode, operation: OperationDefinitionNode | FragmentDefinitionNode): OperationFacts {
  const known = cache.get(operation);
  if (known) return known;
  const fragments = fragmentsOf(document);
  // A cycle is refused by validation; here it only must not hang us.
  const open = new Set<FragmentDefinitionNode>();
  const measureFragment = (name: string): OperationFacts => {
    const fragment = fragments.get(name);
    if (!fragment || open.has(fragment)) return NOTHING;
    let facts = cache.get(fragment);
    if (!facts) {
      open.add(fragment);
      cache.set(fragment, (facts = measure(fragment.selectionSet)));
      open.delete(fragment);
    }
    return facts;
  };
  const measureOne = (selection: SelectionNode): OperationFacts => {
    if (selection.kind === Kind.FIELD) return asField(selection, selection.selectionSet ? measure(selection.selectionSet) : NOTHING);
    return selection.kind === Kind.INLINE_FRAGMENT ? measure(selection.selectionSet) : measureFragment(selection.name.value);
  };
  const measure = ({ selections }: SelectionSetNode): OperationFacts => {
    const facts = { ...NOTHING, selections: selections.length };
    for (const selection of selections) addTo(facts, measureOne(selection));
    facts.nesting += 1;
    return facts;
  };
  const facts = measure(operation.selectionSet);
  cache.set(operation, facts);
  return facts;
}

function asField({ alias, name: { value: name } }: FieldNode, below: OperationFacts): OperationFacts {
  return {
    depth: below.depth + 1,
    nesting: below.nesting,
    fields: below.fields + 1,
    aliases: below.aliases + (alias ? 1 : 0),
    rootFields: 1,
    selections: below.selections,
    introspects: below.introspects || name === '__schema' || name === '__type',
  };
}

function addTo(facts: { -readonly [Key in keyof OperationFacts]: OperationFacts[Key] }, more: OperationFacts): void {
  facts.depth = Math.max(facts.depth, more.depth);
  facts.nesting = Math.max(facts.nesting, more.nesting);
  facts.fields += more.fields;
  facts.aliases += more.aliases;
  facts.rootFields += more.rootFields;
  facts.selections += more.selections;
  facts.introspects ||= more.introspects;
}

export function fragmentsOf(document: DocumentNode): Map<string, FragmentDefinitionNode> {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  return fragments;
}
