import { Kind, type ConstDirectiveNode, type ConstValueNode, type DocumentNode, type FieldDefinitionNode, type TypeNode } from 'graphql';
import { unenforced } from './access.ts';
import { namedTypeOf, type TypesByName } from './definitions.ts';
import { argumentOf, textOf, type RuleDirective } from './links.ts';

/** `@listSize` of one field. */
export interface ListSize {
  /** Used where no slicing argument says more; null = not declared. */
  readonly assumed: number | null;
  /** Arguments that say how long the list is, each a path ("input.first"). Those of the whole supergraph. */
  readonly slicing: readonly (readonly string[])[];
  /** Fields of the returned object that are the list, as for a connection: ["nodes", "edges"]. Empty = the field itself. */
  readonly sizedFields: readonly string[];
  /** An operation must bound the list by exactly one of the slicing arguments. */
  readonly requireOne: boolean;
}

/** What `@cost` and `@listSize` declare, by coordinate: "Type", "Type.field", "Type.field(argument:)", "Input.field". */
export interface Weights {
  readonly costs: ReadonlyMap<string, number>;
  readonly lists: ReadonlyMap<string, ListSize>;
}

/** @throws Error naming the coordinate of a declaration that could not be followed */
export function readWeights(supergraph: DocumentNode, types: TypesByName, names: ReadonlyMap<string, RuleDirective>): Weights {
  const costs = new Map<string, number>();
  const lists = new Map<string, ListSize>();
  const addCost = (place: string, directives: readonly ConstDirectiveNode[] = []): void => {
    for (const directive of directives) if (names.get(directive.name.value) === 'cost') costs.set(place, readWeight(place, directive));
  };
  for (const { name, kind, directives, fields } of types.values()) {
    if (kind === Kind.INTERFACE_TYPE_DEFINITION || kind === Kind.UNION_TYPE_DEFINITION) refuseCost(name, directives, names);
    addCost(name, directives);
    for (const field of fields.values()) {
      const place = `${name}.${field.name.value}`;
      addCost(place, field.directives);
      for (const argument of field.arguments ?? []) addCost(`${place}(${argument.name.value}:)`, argument.directives);
      for (const directive of field.directives ?? []) if (names.get(directive.name.value) === 'listSize') lists.set(place, readListSize(place, directive, field, types));
    }
  }
  for (const input of supergraph.definitions) {
    if (input.kind !== Kind.INPUT_OBJECT_TYPE_DEFINITION) continue;
    refuseCost(input.name.value, input.directives ?? [], names);
    for (const field of input.fields ?? []) addCost(`${input.name.value}.${field.name.value}`, field.directives);
  }
  return { costs, lists };
}

function refuseCost(place: string, directives: readonly ConstDirectiveNode[], names: ReadonlyMap<string, RuleDirective>): void {
  if (directives.some(({ name }) => names.get(name.value) === 'cost')) throw unenforced(place, '@cost is weighed on fields, arguments, object types, scalars, enums and fields of inputs');
}

/** A whole number, or the same as text as in IBM's cost specification. */
function readWeight(place: string, directive: ConstDirectiveNode): number {
  const value = argumentOf(directive, 'weight');
  const weight = value?.kind === Kind.INT || value?.kind === Kind.FLOAT || value?.kind === Kind.STRING ? Number(value.value || Number.NaN) : Number.NaN;
  if (!Number.isFinite(weight)) throw unenforced(place, 'the weight of its @cost is no number');
  return weight;
}

function readListSize(place: string, directive: ConstDirectiveNode, field: FieldDefinitionNode, types: TypesByName): ListSize {
  const assumed = argumentOf(directive, 'assumedSize');
  const require = argumentOf(directive, 'requireOneSlicingArgument');
  const declared = textsOf(argumentOf(directive, 'slicingArguments'));
  const slicing = declared.map((path) => path.split('.')).filter(([name]) => field.arguments?.some((argument) => argument.name.value === name));
  const sizedFields = textsOf(argumentOf(directive, 'sizedFields'));
  const returned = types.get(namedTypeOf(field.type));
  // Composition keeps the union of the declared arguments, but only arguments that all subgraphs have.
  if (declared.length > 0 && slicing.length === 0 && assumed?.kind !== Kind.INT) throw unenforced(place, `its @listSize names no argument of the field: ${declared.join(', ')}`);
  for (const name of sizedFields) {
    const sized = returned?.fields.get(name);
    if (!sized || !isList(sized.type)) throw unenforced(place, `its @listSize names ${returned?.name ?? 'a type'}.${name}, which is no list`);
  }
  if (sizedFields.length === 0 && !isList(field.type)) throw unenforced(place, 'its @listSize stands on a field that is no list and names no sizedFields');
  return {
    assumed: assumed?.kind === Kind.INT ? Number(assumed.value) : null,
    slicing,
    sizedFields,
    requireOne: slicing.length > 0 && !(require?.kind === Kind.BOOLEAN && !require.value),
  };
}

const textsOf = (value: ConstValueNode | undefined): readonly string[] => (value?.kind === Kind.LIST ? value.values.map(textOf) : value ? [textOf(value)] : []);

const isList = (type: TypeNode): boolean => (type.kind === Kind.NON_NULL_TYPE ? isList(type.type) : type.kind === Kind.LIST_TYPE);

