import {
  getNamedType, isCompositeType, isInterfaceType, isObjectType, Kind, type DocumentNode, type GraphQLCompositeType, type GraphQLNamedType,
  type GraphQLSchema, type OperationDefinitionNode, type SelectionSetNode,
} from 'graphql';
import { fragmentsOf } from '../limits/operation-facts.ts';

type OnField = (parent: GraphQLCompositeType, name: string, type: GraphQLNamedType | null) => void;

/** Visits every field an operation asks for, through its fragments; each fragment once. The document must be valid. */
export function walkFields(schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode, onField: OnField): void {
  const fragments = fragmentsOf(document);
  const visited = new Set<string>();
  const typeNamed = (name: string, otherwise: GraphQLCompositeType): GraphQLCompositeType => {
    const type = schema.getType(name);
    return isCompositeType(type) ? type : otherwise;
  };
  const walk = (parent: GraphQLCompositeType, { selections }: SelectionSetNode): void => {
    for (const selection of selections) {
      if (selection.kind === Kind.INLINE_FRAGMENT) {
        walk(selection.typeCondition ? typeNamed(selection.typeCondition.name.value, parent) : parent, selection.selectionSet);
      } else if (selection.kind === Kind.FRAGMENT_SPREAD) {
        const fragment = fragments.get(selection.name.value);
        if (!fragment || visited.has(selection.name.value)) continue;
        visited.add(selection.name.value);
        walk(typeNamed(fragment.typeCondition.name.value, parent), fragment.selectionSet);
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
