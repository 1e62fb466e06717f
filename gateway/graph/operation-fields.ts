import {
  getNamedType, isAbstractType, isCompositeType, isInterfaceType, isObjectType, Kind, type DocumentNode, type GraphQLCompositeType, type GraphQLNamedType,
  type GraphQLSchema, type OperationDefinitionNode, type SelectionSetNode,
} from 'graphql';
import { fragmentsOf } from '../limits/weight/operation-facts.ts';

type OnField = (parent: GraphQLCompositeType, name: string, type: GraphQLNamedType | null) => void;

/**
 * Visits every field an operation asks for, through its fragments; each fragment once for each type it is spread on. Within
 * a fragment on an interface the parent stays the object type it is spread on: others cannot be met there. The document must be valid.
 */
export function walkFields(schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode, onField: OnField): void {
  const fragments = fragmentsOf(document);
  const visited = new Set<string>();
  const narrowed = (parent: GraphQLCompositeType, condition: string | undefined): GraphQLCompositeType => {
    const type = condition === undefined ? parent : schema.getType(condition);
    if (!isCompositeType(type)) return parent;
    return isAbstractType(type) && isObjectType(parent) && schema.isSubType(type, parent) ? parent : type;
  };
  const walk = (parent: GraphQLCompositeType, { selections }: SelectionSetNode): void => {
    for (const selection of selections) {
      if (selection.kind === Kind.INLINE_FRAGMENT) {
        walk(narrowed(parent, selection.typeCondition?.name.value), selection.selectionSet);
      } else if (selection.kind === Kind.FRAGMENT_SPREAD) {
        const fragment = fragments.get(selection.name.value);
        if (!fragment) continue;
        const type = narrowed(parent, fragment.typeCondition.name.value);
        // Neither name holds a space.
        const visit = `${selection.name.value} ${type.name}`;
        if (visited.has(visit)) continue;
        visited.add(visit);
        walk(type, fragment.selectionSet);
      } else {
        const field = isObjectType(parent) || isInterfaceType(parent) ? parent.getFields()[selection.name.value] : undefined;
        const type = field ? getNamedType(field.type) : null;
        onField(parent, selection.name.value, type);
        if (selection.selectionSet && isCompositeType(type)) walk(type, selection.selectionSet);
      }
    }
  };
  const root = schema.getRootType(operation.operation);
  if (root) walk(root, operation.selectionSet);
}
