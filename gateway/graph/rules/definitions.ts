import { Kind, type ConstDirectiveNode, type DocumentNode, type FieldDefinitionNode, type TypeDefinitionNode, type TypeExtensionNode, type TypeNode } from 'graphql';

/** One type of the full supergraph, including what clients cannot see. */
export interface TypeFacts {
  readonly name: string;
  readonly kind: TypeDefinitionNode['kind'];
  readonly directives: readonly ConstDirectiveNode[];
  readonly fields: ReadonlyMap<string, FieldDefinitionNode>;
  readonly interfaces: readonly string[];
  /** Members of a union. */
  readonly members: readonly string[];
}

type Mutable<Type> = { -readonly [Key in keyof Type]: Type[Key] };

export type TypesByName = ReadonlyMap<string, TypeFacts>;

/** The types of a supergraph by name; what extensions add counts as theirs. */
export function indexTypes(supergraph: DocumentNode): TypesByName {
  const types = new Map<string, Mutable<TypeFacts>>();
  for (const definition of supergraph.definitions) {
    if (!isType(definition)) continue;
    const name = definition.name.value;
    const known = types.get(name);
    const fields = 'fields' in definition ? (definition.fields ?? []).flatMap((field) => (field.kind === Kind.FIELD_DEFINITION ? [field] : [])) : [];
    types.set(name, {
      name,
      kind: known?.kind ?? (definition.kind.replace('Extension', 'Definition') as TypeDefinitionNode['kind']),
      directives: [...(known?.directives ?? []), ...(definition.directives ?? [])],
      fields: new Map([...(known?.fields ?? []), ...fields.map((field) => [field.name.value, field] as const)]),
      interfaces: [...(known?.interfaces ?? []), ...('interfaces' in definition ? (definition.interfaces ?? []).map((one) => one.name.value) : [])],
      members: [...(known?.members ?? []), ...('types' in definition ? (definition.types ?? []).map((one) => one.name.value) : [])],
    });
  }
  return types;
}

const isType = (definition: DocumentNode['definitions'][number]): definition is TypeDefinitionNode | TypeExtensionNode =>
  /Type(Definition|Extension)$/.test(definition.kind);

/** Name of a type without its lists and exclamation marks. */
export function namedTypeOf(type: TypeNode): string {
  return type.kind === Kind.NAMED_TYPE ? type.name.value : namedTypeOf(type.type);
}

/** Object types behind an abstract one; itself when it is none. */
export function typesBehind(types: TypesByName, name: string): readonly TypeFacts[] {
  const type = types.get(name);
  if (!type) return [];
  if (type.kind === Kind.UNION_TYPE_DEFINITION) return type.members.flatMap((member) => types.get(member) ?? []);
  if (type.kind !== Kind.INTERFACE_TYPE_DEFINITION) return [type];
  return [...types.values()].filter(({ kind, interfaces }) => kind === Kind.OBJECT_TYPE_DEFINITION && interfaces.includes(name));
}
