import {
  GraphQLError,
  getNamedType,
  isAbstractType,
  isCompositeType,
  Kind,
  type DirectiveNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLSchema,
  type InlineFragmentNode,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import { isIncluded, type SelectionScope } from '../shaping/selection-fields.ts';

/** Fragments in fragments double at each level; the planner would take the process down with them. */
const MAX_SELECTIONS = 50_000;
const TOO_LARGE = `The operation selects more than ${MAX_SELECTIONS} fields once its fragments are spread.`;

const TYPENAME: FieldNode = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: '__typename' } };

export interface NarrowingOptions {
  readonly scope: SelectionScope;
  readonly operation: OperationDefinitionNode;
  readonly root: GraphQLCompositeType;
  /** Interfaces that some subgraph knows as an @interfaceObject. */
  readonly interfaceObjects: ReadonlySet<string>;
}

/**
 * The operation as the planner gets it: what @skip and @include leave out is gone, fragments are inlined. Planning per
 * set of conditions asks subgraphs for nothing that is skipped, and keeps clear of two faults of the planner (2.14):
 * it drops a field whose sub-selections contradict a condition further up, and it has no plan for a fragment on
 * another interface of an @interfaceObject, so that such a fragment is spelt out by concrete type.
 */
export function narrowOperation({ scope, operation, root, interfaceObjects }: NarrowingOptions): OperationDefinitionNode {
  const inliner = createInliner(scope, interfaceObjects);
  const { directives: _unused, ...bare } = operation;
  return { ...bare, selectionSet: inliner(operation.selectionSet, root) };
}

type Inline = (set: SelectionSetNode, parent: GraphQLCompositeType) => SelectionSetNode;
type Fragment = InlineFragmentNode | FragmentDefinitionNode;

function createInliner(scope: SelectionScope, interfaceObjects: ReadonlySet<string>): Inline {
  const { schema } = scope;
  let count = 0;

  const inline: Inline = (set, parent) => {
    const included = set.selections.filter((selection) => isIncluded(scope, selection));
    const selections = included.flatMap((selection) => rewrite(selection, parent));
    count += selections.length;
    if (count > MAX_SELECTIONS) throw new GraphQLError(TOO_LARGE);
    return { kind: Kind.SELECTION_SET, selections: selections.length > 0 ? selections : [TYPENAME] };
  };

  const rewrite = (selection: SelectionNode, parent: GraphQLCompositeType): SelectionNode[] => {
    if (selection.kind === Kind.FIELD) return [rewriteField(selection, parent)];
    const fragment = selection.kind === Kind.INLINE_FRAGMENT ? selection : scope.fragments.get(selection.name.value);
    return fragment ? rewriteFragment(fragment, parent) : [];
  };

  const rewriteField = (original: FieldNode, parent: GraphQLCompositeType): FieldNode => {
    const field = { ...original, directives: keepDirectives(original) };
    if (!field.selectionSet || !('getFields' in parent)) return field;
    const type = getNamedType(parent.getFields()[field.name.value]?.type);
    return isCompositeType(type) ? { ...field, selectionSet: inline(field.selectionSet, type) } : field;
  };

  const rewriteFragment = (fragment: Fragment, parent: GraphQLCompositeType): SelectionNode[] => {
    const condition = fragment.typeCondition ? schema.getType(fragment.typeCondition.name.value) : parent;
    if (!isCompositeType(condition)) return [];
    return narrowCondition(schema, interfaceObjects, parent, condition).map((type) => ({
      kind: Kind.INLINE_FRAGMENT,
      typeCondition: { kind: Kind.NAMED_TYPE, name: { kind: Kind.NAME, value: type.name } },
      directives: keepDirectives(fragment),
      selectionSet: inline(fragment.selectionSet, type),
    }));
  };
  return inline;
}

/** Answered by planning itself; @defer and @stream are allowed to be ignored. Others are the subgraphs' own. */
const ANSWERED = new Set(['skip', 'include', 'defer', 'stream']);

const keepDirectives = ({ directives = [] }: { readonly directives?: readonly DirectiveNode[] | undefined }): readonly DirectiveNode[] =>
  directives.length === 0 ? directives : directives.filter(({ name }) => !ANSWERED.has(name.value));

/** The types under which a fragment says something about the parent. */
function narrowCondition(
  schema: GraphQLSchema,
  interfaceObjects: ReadonlySet<string>,
  parent: GraphQLCompositeType,
  condition: GraphQLCompositeType,
): readonly GraphQLCompositeType[] {
  if (condition === parent) return [condition];
  if (!isAbstractType(parent)) return isAbstractType(condition) && schema.isSubType(condition, parent) ? [parent] : [];
  if (!isAbstractType(condition) || !interfaceObjects.has(parent.name)) return [condition];
  return schema.getPossibleTypes(parent).filter((type) => schema.isSubType(condition, type));
}
