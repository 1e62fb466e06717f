import { createHash } from 'node:crypto';
import {
  getArgumentValues,
  getNamedType,
  isEnumType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  parse,
  type FieldNode,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';

/** An object of the computed world: what it is and where; all its fields follow from that. */
export interface Row {
  readonly __typename: string;
  /** `Item0-2`, or the place of a value. */
  readonly at: string;
  /** What a subgraph was told of it, where it came as a representation. */
  readonly reference?: Readonly<Record<string, unknown>>;
  /** Fields that the field it came from provides. */
  readonly provided?: string;
}

type Args = Readonly<Record<string, unknown>>;

export const ROWS = 3;

/** The same everywhere: no subgraph can know a value differently. */
const hash = (...parts: unknown[]): number => createHash('md5').update(JSON.stringify(parts)).digest().readUInt32BE(0);

/** Arguments in one order, so that defaults and order of writing make no difference. */
const canonical = (args: Args): unknown => Object.entries(args).sort(([one], [other]) => (one < other ? -1 : 1));

/** The value of any field but computed ones. `schema` tells which types an abstract one has. */
export function computeField(schema: GraphQLSchema, row: Row, field: string, type: GraphQLOutputType, args: Args): unknown {
  const key = keyField(row, field);
  if (key !== undefined) return key;
  return computeValue(schema, `${row.at}.${field}(${JSON.stringify(canonical(args))})`, type);
}

function keyField({ at }: Row, field: string): unknown {
  if (field === 'id') return at;
  if (field === 'code') return `code:${at}`;
  if (field === 'sku') return `sku:${at}`;
  return field === 'region' ? { __typename: 'Region', at: `code:${at}` } : undefined;
}

/** The place an entity has, whichever of its keys it is known by. */
export function locateReference(reference: Readonly<Record<string, any>>): string {
  const key: unknown = reference['id'] ?? reference['code'] ?? reference['sku'];
  return String(key).replace(/^(code|sku):/, '');
}

function computeValue(schema: GraphQLSchema, place: string, type: GraphQLOutputType): unknown {
  if (isNonNullType(type)) return computePresent(schema, place, type.ofType as GraphQLOutputType);
  return hash(place, 'null') % 5 === 0 ? null : computePresent(schema, place, type);
}

function computePresent(schema: GraphQLSchema, place: string, type: GraphQLOutputType): unknown {
  if (isListType(type)) {
    return Array.from({ length: hash(place, 'length') % 4 }, (_, index) => computeValue(schema, `${place}[${index}]`, type.ofType as GraphQLOutputType));
  }
  const named = getNamedType(type);
  const number = hash(place);
  if (isEnumType(named)) return named.getValues()[number % named.getValues().length]!.name;
  if (named.name === 'Int') return number % 100;
  if (named.name === 'Boolean') return number % 2 === 0;
  if (!('getFields' in named) && !('getTypes' in named)) return `${place}=${number % 1000}`;
  const types = isObjectType(named) ? [named] : schema.getPossibleTypes(named as never).toSorted((one, other) => (one.name < other.name ? -1 : 1));
  const { name } = types[number % types.length]!;
  return name.startsWith('Item') ? { __typename: name, at: `${name}-${number % ROWS}` } : { __typename: name, at: place };
}

export function readFieldSet(text: string): SelectionSetNode {
  return (parse(`{ ${text} }`).definitions[0] as OperationDefinitionNode).selectionSet;
}

/** What a field set selects of a row, computed; the whole graph's way to know what a subgraph must have been told. */
export function computeRequired(schema: GraphQLSchema, row: Row, set: SelectionSetNode): unknown {
  const type = schema.getType(row.__typename) as GraphQLObjectType;
  return set.selections.map((selection) => {
    const node = selection as FieldNode;
    const field = type.getFields()[node.name.value]!;
    const value = computeField(schema, row, field.name, field.type, getArgumentValues(field, node));
    return [field.name, node.selectionSet ? mapValue(value, (inner) => computeRequired(schema, inner as Row, node.selectionSet!)) : value];
  });
}

/** The same of a representation. */
export function pickRequired(reference: Readonly<Record<string, unknown>>, set: SelectionSetNode): unknown {
  return set.selections.map((selection) => {
    if (selection.kind !== Kind.FIELD) throw new Error('Only fields are required in these graphs.');
    const value = reference[selection.name.value];
    if (value === undefined) throw new Error(`The representation lacks ${selection.name.value}.`);
    return [selection.name.value, selection.selectionSet ? mapValue(value, (inner) => pickRequired(inner as Record<string, unknown>, selection.selectionSet!)) : value];
  });
}

function mapValue(value: unknown, map: (value: unknown) => unknown): unknown {
  if (Array.isArray(value)) return value.map((element) => mapValue(element, map));
  return value === null ? null : map(value);
}
