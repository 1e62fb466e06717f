import {
  getArgumentValues, getNamedType, isCompositeType, isListType, isNonNullType, Kind, type DocumentNode, type FieldNode,
  type GraphQLField, type GraphQLOutputType, type GraphQLSchema, type OperationDefinitionNode, type SelectionSetNode, isObjectType, isInterfaceType,
} from 'graphql';
import { fragmentsOf } from './operation-facts.ts';

/** Lists without a slicing argument are taken to be this long. */
const ASSUMED_LIST_SIZE = 10;
/** A default says how long a list may get at most (100 variants), not how long one expects it to be. */
const ASSUMED_DEFAULT_SIZE = 25;
/** Arguments that say how long a list may get. */
const SLICING = ['first', 'days'];

/**
 * How many objects the answer may hold: each object is 1, a list multiplies what is below it by its slicing argument.
 * Stops counting at `enough`.
 */
export function estimateCost(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>>,
  enough: number,
): number {
  const fragments = fragmentsOf(document);
  let total = 0;

  const visit = (typeName: string, { selections }: SelectionSetNode, factor: number): void => {
    const type = schema.getType(typeName);
    const fields = isObjectType(type) || isInterfaceType(type) ? type.getFields() : {};
    for (const selection of selections) {
      if (total > enough) return;
      if (selection.kind === Kind.FIELD) {
        const field = fields[selection.name.value];
        if (field) visitField(field, selection, factor);
      } else if (selection.kind === Kind.INLINE_FRAGMENT) {
        visit(selection.typeCondition?.name.value ?? typeName, selection.selectionSet, factor);
      } else {
        const fragment = fragments.get(selection.name.value);
        if (fragment) visit(fragment.typeCondition.name.value, fragment.selectionSet, factor);
      }
    }
  };
  const visitField = (field: GraphQLField<unknown, unknown>, node: FieldNode, factor: number): void => {
    const named = getNamedType(field.type);
    if (!isCompositeType(named) || !node.selectionSet) return;
    const size = listSize(field, node, variables);
    const below = factor * size;
    // Connections carry their length in the argument; their own `edges` and `nodes` do not multiply again.
    total += below;
    visit(named.name, node.selectionSet, below);
  };
  const root = schema.getRootType(operation.operation);
  if (root) visit(root.name, operation.selectionSet, 1);
  return total;
}

function listSize(field: GraphQLField<unknown, unknown>, node: FieldNode, variables: Readonly<Record<string, unknown>>): number {
  const slicing = field.args.find((argument) => SLICING.includes(argument.name));
  if (slicing) {
    const size = safeArguments(field, node, variables)[slicing.name];
    if (typeof size !== 'number' || size <= 0) return ASSUMED_LIST_SIZE;
    const asked = node.arguments?.some((argument) => argument.name.value === slicing.name) ?? false;
    return asked ? size : Math.min(size, ASSUMED_DEFAULT_SIZE);
  }
  if (field.name === 'edges' || field.name === 'nodes') return 1;
  return isList(field.type) ? ASSUMED_LIST_SIZE : 1;
}

const isList = (type: GraphQLOutputType): boolean => isListType(isNonNullType(type) ? type.ofType : type);

/** Arguments that do not coerce are refused elsewhere, with a better message than ours would be. */
function safeArguments(field: GraphQLField<unknown, unknown>, node: FieldNode, variables: Readonly<Record<string, unknown>>): Record<string, unknown> {
  try {
    return getArgumentValues(field, node, variables as Record<string, unknown>);
  } catch {
    return {};
  }
}
