import { isInterfaceType, isUnionType, type Schema } from '@apollo/federation-internals';

/** Answers "is a `typename` also a `condition`?" without walking a schema per object. */
export interface TypeRelations {
  isSubtype(typename: string, condition: string): boolean;
  /** True for interfaces and unions: a value carrying such a `__typename` came from an @interfaceObject. */
  isAbstract(typename: string): boolean;
}

export function readTypeRelations(schema: Schema): TypeRelations {
  const members = new Map<string, Set<string>>();
  for (const type of schema.types()) {
    if (isInterfaceType(type)) members.set(type.name, new Set(type.allImplementations().map(({ name }) => name)));
    if (isUnionType(type)) members.set(type.name, new Set(type.types().map(({ name }) => name)));
  }
  return {
    isSubtype: (typename, condition) => typename === condition || members.get(condition)?.has(typename) === true,
    isAbstract: (typename) => members.has(typename),
  };
}

/** Names of the interfaces that at least one subgraph declares as an object type with @interfaceObject. */
export function readInterfaceObjects(schema: Schema): ReadonlySet<string> {
  const names = new Set<string>();
  for (const type of schema.interfaceTypes()) {
    const joins = type.appliedDirectivesOf('join__type');
    if (joins.some((join) => join.arguments()['isInterfaceObject'] === true)) names.add(type.name);
  }
  return names;
}
