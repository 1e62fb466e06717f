import {
  BREAK,
  executeSync,
  Kind,
  visit,
  type DocumentNode,
  type FieldNode,
  type OperationDefinitionNode,
} from 'graphql';
import type { Entity } from '../fetching/response-path.ts';
import { collectFields, type SelectionScope } from './selection-fields.ts';

const isIntrospection = ({ name }: FieldNode): boolean => name.value === '__schema' || name.value === '__type';

export function usesIntrospection(document: DocumentNode): boolean {
  let found = false;
  visit(document, {
    Field(field) {
      found = isIntrospection(field);
      return found ? BREAK : undefined;
    },
  });
  return found;
}

/** Answers the `__schema` and `__type` fields of an operation from the client's schema; other fields are left out. */
export function introspect(
  scope: SelectionScope,
  operation: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>>,
): Entity {
  const { schema } = scope;
  const root = schema.getQueryType();
  if (!root) return {};
  const selections = [...collectFields(scope, root, [operation.selectionSet]).values()].flat().filter(isIntrospection);
  if (selections.length === 0) return {};
  const narrowed: OperationDefinitionNode = { ...operation, selectionSet: { kind: Kind.SELECTION_SET, selections } };
  const document: DocumentNode = { kind: Kind.DOCUMENT, definitions: [narrowed, ...scope.fragments.values()] };
  return executeSync({ schema, document, variableValues: variables }).data ?? {};
}
