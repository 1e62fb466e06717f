import { getNamedType, isAbstractType, isCompositeType, isInterfaceType, isObjectType, Kind, parse, type DocumentNode, type GraphQLCompositeType, type GraphQLSchema, type SelectionSetNode } from 'graphql';
import { readFieldDefinitions, readText } from './field-definitions.ts';

/** Counting stops here: the planner would be at it for minutes. */
const ENOUGH = 1_000_000;

/**
 * How much a planner has to look at, as a number that can be counted beforehand: a selection weighs as many as there are
 * subgraphs that could answer it, and multiplies what is below it. A value of an abstract type that several subgraphs know
 * multiplies by its types as well, because each of them may have to be asked elsewhere: there the planner's work grows with
 * the power of the depth, whatever the size of the text.
 * @returns the weight of a document whose fragments are inlined
 */
export function createPlanWeigher(sdl: string, schema: GraphQLSchema): (document: DocumentNode) => number {
  const subgraphsOf = createSubgraphCounter(sdl);
  const fanOf = (parent: string, name: string, type: GraphQLCompositeType | null): number => {
    const options = subgraphsOf(parent, name);
    if (!type || !isAbstractType(type)) return options;
    return subgraphsOf(type.name, null) > 1 ? options * Math.max(1, schema.getPossibleTypes(type).length) : options;
  };
  const weigh = (parent: GraphQLCompositeType, { selections }: SelectionSetNode, factor: number): number => {
    let sum = 0;
    for (const selection of selections) {
      if (sum >= ENOUGH) break;
      if (selection.kind === Kind.FRAGMENT_SPREAD) continue;
      if (selection.kind === Kind.INLINE_FRAGMENT) {
        const condition = selection.typeCondition ? schema.getType(selection.typeCondition.name.value) : parent;
        if (isCompositeType(condition)) sum += weigh(condition, selection.selectionSet, factor);
        continue;
      }
      const field = isObjectType(parent) || isInterfaceType(parent) ? parent.getFields()[selection.name.value] : undefined;
      const named = field ? getNamedType(field.type) : null;
      const type = isCompositeType(named) ? named : null;
      const fan = factor * fanOf(parent.name, selection.name.value, type);
      sum += fan;
      if (type && selection.selectionSet) sum += weigh(type, selection.selectionSet, fan);
    }
    return sum;
  };
  return ({ definitions }) => {
    let sum = 0;
    for (const definition of definitions) {
      const root = definition.kind === Kind.OPERATION_DEFINITION ? schema.getRootType(definition.operation) : null;
      if (root) sum += weigh(root, (definition as { readonly selectionSet: SelectionSetNode }).selectionSet, 1);
    }
    return Math.min(sum, ENOUGH);
  };
}

/** How many subgraphs can answer a field, or know a type (field null). Unknown ones, such as `__typename`: 1. */
function createSubgraphCounter(sdl: string): (type: string, field: string | null) => number {
  const document = parse(sdl, { noLocation: true });
  const { find } = readFieldDefinitions(document);
  const byType = new Map<string, number>();
  for (const definition of document.definitions) {
    if (!('name' in definition) || !definition.name || !('directives' in definition)) continue;
    byType.set(definition.name.value, new Set(definition.directives?.flatMap((directive) => (directive.name.value === 'join__type' ? (readText(directive as never, 'graph') ?? []) : []))).size);
  }
  return (type, field) => {
    if (field === null) return byType.get(type) ?? 1;
    const definition = find(type, field);
    const joins = definition?.directives?.filter(({ name }) => name.value === 'join__field') ?? [];
    if (joins.length === 0) return definition ? Math.max(1, byType.get(type) ?? 1) : 1;
    const external = (join: (typeof joins)[number]): boolean => join.arguments?.some(({ name, value }) => name.value === 'external' && value.kind === Kind.BOOLEAN && value.value) ?? false;
    return Math.max(1, joins.filter((join) => !external(join)).length);
  };
}
