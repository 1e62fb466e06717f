import { GraphQLError, isListType, isNonNullType, type GraphQLField, type GraphQLOutputType } from 'graphql';
import type { GraphRules } from '../../graph/rules/graph-rules.ts';
import type { ListSize } from '../../graph/rules/weights.ts';
import { settled, typesOf, type Amount, type ArgumentReader, type AskedField, type SizedAbove, type Variables } from './asked-field.ts';

/** Lists of which nothing is known are taken to be this long. */
const ASSUMED_LIST_SIZE = 10;
/** A default says how long a list may get at most (100 variants), not how long one expects it to be. */
const ASSUMED_DEFAULT_SIZE = 25;
/** Arguments that say how long a list may get, where no `@listSize` does. */
const SLICING = ['first', 'days'];

export interface CompiledSize {
  readonly size: Amount;
  /** Lengths for fields of the returned object. */
  readonly below: SizedAbove;
}

const NOTHING: SizedAbove = new Map();

/** How long the list of a field gets: by the field above, by `@listSize`, or by what its arguments are called. */
export function compileListSize(rules: GraphRules, asked: AskedField, read: ArgumentReader, above: SizedAbove): CompiledSize {
  const { field, parent } = asked;
  const { lists } = rules.weights;
  const place = lists.size === 0 ? undefined : typesOf(rules.schema, parent).map((type) => `${type}.${field.name}`).find((one) => lists.has(one));
  const inherited = above.get(field.name);
  if (place === undefined) return { size: inherited ?? undeclaredSize(asked, read), below: NOTHING };
  const declared = lists.get(place)!;
  const own = declaredSize(place, declared, asked, read);
  if (declared.sizedFields.length === 0) return { size: inherited ?? own, below: NOTHING };
  const below = new Map(declared.sizedFields.map((name) => [name, own]));
  // The length is checked where it is asked for, also when none of the sized fields is.
  const size: Amount = typeof own === 'number' ? (inherited ?? plainSize(field)) : (variables) => (own(variables), typeof inherited === 'function' ? inherited(variables) : (inherited ?? plainSize(field)));
  return { size, below };
}

const plainSize = (field: GraphQLField<unknown, unknown>): number => (isList(field.type) ? ASSUMED_LIST_SIZE : 1);

function declaredSize(place: string, { assumed, slicing, requireOne }: ListSize, asked: AskedField, read: ArgumentReader): Amount {
  const { field } = asked;
  const defaults = slicing.map(([name, ...path]) => follow(field.args.find((argument) => argument.name === name)?.defaultValue, path));
  if (slicing.length === 0) return assumed ?? ASSUMED_LIST_SIZE;
  return settled(asked, (variables) => {
    const given = slicing.map(([name, ...path]) => follow(read(name!, variables), path));
    if (requireOne) requireExactlyOne(place, slicing, given, defaults);
    const lengths = given.map((value, index) => lengthOf(value === undefined ? defaults[index] : value)).filter((length) => length !== null);
    return lengths.length > 0 ? Math.max(...lengths) : (assumed ?? ASSUMED_LIST_SIZE);
  });
}

/** A default bounds the list as well as the caller does, so that only what nothing bounds, or two say differently, is refused. */
function requireExactlyOne(place: string, slicing: ListSize['slicing'], given: readonly unknown[], defaults: readonly unknown[]): void {
  const asked = given.filter((value) => value != null).length;
  if (asked === 1 || (asked === 0 && given.some((value, index) => value === undefined && defaults[index] != null))) return;
  const names = slicing.map((path) => path.join('.')).join(', ');
  throw new GraphQLError(`${place} needs exactly one of these arguments to say how long its list gets: ${names}.`, {
    extensions: { code: 'INVALID_INPUT', http: { status: 400 }, limit: 'list size', field: slicing[0] },
  });
}

function follow(value: unknown, path: readonly string[]): unknown {
  let found = value;
  for (const name of path) found = typeof found === 'object' && found !== null ? (found as Variables)[name] : undefined;
  return found;
}

/** A list given as a slicing argument, say of ids, is as long as what it brings. Null = no length at all. */
function lengthOf(value: unknown): number | null {
  if (Array.isArray(value)) return value.length;
  return typeof value === 'number' && value > 0 ? value : null;
}

function undeclaredSize(asked: AskedField, read: ArgumentReader): Amount {
  const { field, node } = asked;
  const slicing = field.args.find((argument) => SLICING.includes(argument.name));
  if (slicing) {
    const unasked = Math.min(lengthOf(slicing.defaultValue) ?? ASSUMED_LIST_SIZE, ASSUMED_DEFAULT_SIZE);
    if (!node.arguments?.some((argument) => argument.name.value === slicing.name)) return unasked;
    return settled(asked, (variables) => {
      const value = read(slicing.name, variables);
      return value === undefined ? unasked : (lengthOf(value) ?? ASSUMED_LIST_SIZE);
    });
  }
  // Connections carry their length in the argument; their own `edges` and `nodes` do not multiply again.
  return field.name === 'edges' || field.name === 'nodes' ? 1 : plainSize(field);
}

const isList = (type: GraphQLOutputType): boolean => isListType(isNonNullType(type) ? type.ofType : type);
