import {
  GraphQLIncludeDirective,
  GraphQLSkipDirective,
  Kind,
  getDirectiveValues,
  isAbstractType,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLInterfaceType,
  type GraphQLSchema,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';

/** One operation under one set of @skip/@include values. */
export interface SelectionScope {
  readonly schema: GraphQLSchema;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  /** Values of the variables that steer @skip and @include. */
  readonly conditions: Readonly<Record<string, unknown>>;
  /** The client's response key for a key of the tree. */
  restore(key: string): string;
}

/** Fields of `type` by response key in the order graphql-js would answer them, fragments spread, skipped ones left out. */
export function collectFields(
  scope: SelectionScope,
  type: GraphQLCompositeType,
  selectionSets: readonly (SelectionSetNode | undefined)[],
): Map<string, FieldNode[]> {
  const fields = new Map<string, FieldNode[]>();
  const spread = new Set<string>();
  const visit = (selections: readonly SelectionNode[]): void => {
    for (const selection of selections) {
      if (!isIncluded(scope, selection)) continue;
      if (selection.kind === Kind.FIELD) {
        const key = (selection.alias ?? selection.name).value;
        const nodes = fields.get(key);
        if (nodes) nodes.push(selection);
        else fields.set(key, [selection]);
        continue;
      }
      const fragment = selection.kind === Kind.INLINE_FRAGMENT ? selection : openFragment(scope, spread, selection.name.value);
      if (fragment && applies(scope, fragment.typeCondition?.name.value, type)) visit(fragment.selectionSet.selections);
    }
  };
  for (const selectionSet of selectionSets) visit(selectionSet?.selections ?? []);
  return fields;
}

/**
 * Whether the answer differs between the types of an interface. An object from an @interfaceObject whose concrete type
 * could not be fetched can be answered only where it does not.
 */
export function dependsOnType(
  scope: SelectionScope,
  type: GraphQLInterfaceType,
  selectionSets: readonly (SelectionSetNode | undefined)[],
): boolean {
  const fields = collectFields(scope, type, selectionSets);
  const keys = [...fields.keys()].join();
  if ([...fields.values()].some(([field]) => field?.name.value === '__typename')) return true;
  return scope.schema
    .getPossibleTypes(type)
    .some((possible) => [...collectFields(scope, possible, selectionSets).keys()].join() !== keys);
}

/** A named fragment adds its fields once per selection, which also ends on a cycle. */
function openFragment(scope: SelectionScope, spread: Set<string>, name: string): FragmentDefinitionNode | undefined {
  if (spread.has(name)) return undefined;
  spread.add(name);
  return scope.fragments.get(name);
}

/** Also removes what a condition without variables rules out. */
export function isIncluded(scope: SelectionScope, selection: SelectionNode): boolean {
  if (!selection.directives?.length) return true;
  if (getDirectiveValues(GraphQLSkipDirective, selection, scope.conditions)?.['if'] === true) return false;
  return getDirectiveValues(GraphQLIncludeDirective, selection, scope.conditions)?.['if'] !== false;
}

function applies(scope: SelectionScope, condition: string | undefined, type: GraphQLCompositeType): boolean {
  if (condition === undefined || condition === type.name) return true;
  const conditionType = scope.schema.getType(condition);
  if (!isAbstractType(conditionType) || !('getInterfaces' in type)) return false;
  return scope.schema.isSubType(conditionType, type);
}
