import { Kind, parse, type FieldDefinitionNode, type SelectionSetNode } from 'graphql';
import { argumentOf, textOf } from './links.ts';
import { namedTypeOf, typesBehind, type TypeFacts, type TypesByName } from './definitions.ts';

/**
 * Coordinates whose values a field is computed from: what its `@requires` and `@fromContext` select, and what those fields
 * are computed from in turn.
 * Composition since 2.12 demands that such a field declares the rules of what it reads; supergraphs composed earlier carry
 * fields that hand a protected value to everybody.
 */
export function createRequiredFields(types: TypesByName): (type: TypeFacts, field: FieldDefinitionNode) => ReadonlySet<string> {
  const known = new Map<string, ReadonlySet<string>>();
  const requiredBy = (type: TypeFacts, field: FieldDefinitionNode, open: ReadonlySet<string>): ReadonlySet<string> => {
    const place = `${type.name}.${field.name.value}`;
    const found = known.get(place);
    if (found) return found;
    const places = new Set<string>();
    if (open.has(place)) return places;
    const within = new Set([...open, place]);
    for (const text of requiresOf(field)) collect(type, parseSelections(text), places, within);
    for (const { context, selection } of contextsOf(field)) {
      for (const source of types.values()) if (isContext(source, context)) collect(source, parseSelections(selection), places.add(source.name), within);
    }
    // Inside a cycle only its first field has seen all of it.
    if (open.size === 0) known.set(place, places);
    return places;
  };
  const collect = (type: TypeFacts, { selections }: SelectionSetNode, places: Set<string>, open: ReadonlySet<string>): void => {
    for (const selection of selections) {
      if (selection.kind === Kind.FRAGMENT_SPREAD) continue;
      if (selection.kind === Kind.INLINE_FRAGMENT) {
        const condition = types.get(selection.typeCondition?.name.value ?? type.name);
        if (condition) collect(condition, selection.selectionSet, places.add(condition.name), open);
        continue;
      }
      for (const owner of [type, ...typesBehind(types, type.name)]) {
        const field = owner.fields.get(selection.name.value);
        if (!field) continue;
        const result = types.get(namedTypeOf(field.type));
        places.add(owner.name).add(`${owner.name}.${field.name.value}`);
        for (const place of requiredBy(owner, field, open)) places.add(place);
        if (!result) continue;
        places.add(result.name);
        if (selection.selectionSet) collect(result, selection.selectionSet, places, open);
      }
    }
  };
  return (type, field) => requiredBy(type, field, new Set());
}

const requiresOf = ({ directives = [] }: FieldDefinitionNode): readonly string[] =>
  directives.flatMap((directive) => (directive.name.value === 'join__field' ? textOf(argumentOf(directive, 'requires')) || [] : []));

/** Arguments that `@fromContext` fills: a selection on whatever type sets the context. */
function contextsOf({ directives = [] }: FieldDefinitionNode): readonly { readonly context: string; readonly selection: string }[] {
  const filled = directives.map((directive) => (directive.name.value === 'join__field' ? argumentOf(directive, 'contextArguments') : undefined));
  return filled.flatMap((list) => (list?.kind === Kind.LIST ? list.values : [])).flatMap((value) => {
    if (value.kind !== Kind.OBJECT) return [];
    const member = (name: string): string => textOf(value.fields.find((one) => one.name.value === name)?.value);
    return [{ context: member('context'), selection: member('selection') }];
  });
}

const isContext = ({ directives }: TypeFacts, context: string): boolean => directives.some((directive) => /^context(__|$)/.test(directive.name.value) && textOf(argumentOf(directive, 'name')) === context);

function parseSelections(text: string): SelectionSetNode {
  const [operation] = parse(text.trimStart().startsWith('{') ? text : `{ ${text} }`, { noLocation: true }).definitions;
  return (operation as { readonly selectionSet: SelectionSetNode }).selectionSet;
}
