import {
  Kind,
  type ConstDirectiveNode,
  type DocumentNode,
  type FieldDefinitionNode,
  type InterfaceTypeDefinitionNode,
  type ObjectTypeDefinitionNode,
  type TypeNode,
} from 'graphql';

export type FieldedType = ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode;

/** The types with fields of a supergraph document. */
export interface FieldDefinitions {
  readonly types: ReadonlyMap<string, FieldedType>;
  /** Of all types, also of those clients cannot see. */
  readonly fieldNames: ReadonlySet<string>;
  find(type: string, field: string): FieldDefinitionNode | undefined;
  /** The type itself and, of an interface, everything that implements it. */
  withImplementations(type: string): readonly FieldedType[];
  /** Names of subgraphs by their values of the enum `join__Graph`. */
  readonly graphs: ReadonlyMap<string, string>;
  /** Types that set a context, by its name in the supergraph. */
  settersOf(context: string): readonly string[];
}

export function readFieldDefinitions({ definitions }: DocumentNode): FieldDefinitions {
  const types = new Map<string, FieldedType>();
  const setters = new Map<string, string[]>();
  for (const definition of definitions) {
    if (!('directives' in definition) || !('name' in definition) || !definition.name) continue;
    for (const directive of (definition.directives ?? []) as readonly ConstDirectiveNode[]) {
      if (directive.name.value !== 'context') continue;
      const context = readText(directive, 'name') ?? '';
      setters.set(context, [...(setters.get(context) ?? []), definition.name.value]);
    }
    if (definition.kind === Kind.OBJECT_TYPE_DEFINITION || definition.kind === Kind.INTERFACE_TYPE_DEFINITION) {
      types.set(definition.name.value, definition);
    }
  }
  const all = [...types.values()];
  return {
    types,
    graphs: readGraphs(definitions),
    fieldNames: new Set(all.flatMap(({ fields }) => fields?.map(({ name }) => name.value) ?? [])),
    find: (type, field) => types.get(type)?.fields?.find(({ name }) => name.value === field),
    withImplementations: (type) =>
      all.filter(({ name, interfaces }) => name.value === type || interfaces?.some((one) => one.name.value === type)),
    settersOf: (context) => setters.get(context) ?? [],
  };
}

function readGraphs(definitions: DocumentNode['definitions']): ReadonlyMap<string, string> {
  const graphs = new Map<string, string>();
  for (const definition of definitions) {
    if (definition.kind !== Kind.ENUM_TYPE_DEFINITION || definition.name.value !== 'join__Graph') continue;
    for (const { name, directives } of definition.values ?? []) {
      const join = directives?.find((directive) => directive.name.value === 'join__graph');
      graphs.set(name.value, (join && readText(join, 'name')) ?? name.value);
    }
  }
  return graphs;
}

export function namedTypeOf(type: TypeNode): string {
  return type.kind === Kind.NAMED_TYPE ? type.name.value : namedTypeOf(type.type);
}

/** The string or enum value an applied directive was given; undefined where it was given none. */
export function readText(directive: ConstDirectiveNode, argument: string): string | undefined {
  const value = directive.arguments?.find(({ name }) => name.value === argument)?.value;
  return value && 'value' in value && typeof value.value === 'string' ? value.value : undefined;
}
