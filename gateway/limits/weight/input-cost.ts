import { getNamedType, getNullableType, isInputObjectType, isListType, type GraphQLInputType } from 'graphql';
import type { GraphRules } from '../../graph/rules/graph-rules.ts';
import { settled, typesOf, type Amount, type ArgumentReader, type AskedField, type Variables } from './asked-field.ts';

type Costs = ReadonlyMap<string, number>;

/** What the arguments of one call weigh: `@cost` of each that is given, and of what is in it. */
export function compileInputCost({ schema, weights: { costs } }: GraphRules, asked: AskedField, read: ArgumentReader): Amount {
  const { parent, field } = asked;
  if (costs.size === 0) return 0;
  const weighed = field.args.flatMap(({ name, type, defaultValue }) => {
    const own = typesOf(schema, parent).flatMap((one) => costs.get(`${one}.${field.name}(${name}:)`) ?? []);
    const cost = own.length > 0 ? Math.max(...own) : undefined;
    return cost !== undefined || mayWeigh(type, costs, new Set()) ? [{ name, type, defaultValue, cost }] : [];
  });
  if (weighed.length === 0) return 0;
  return settled(asked, (variables) => {
    let sum = 0;
    for (const { name, type, defaultValue, cost } of weighed) {
      const given = read(name, variables);
      sum += inputCost(given === undefined ? defaultValue : given, type, cost, costs);
    }
    return sum;
  });
}

/** `own` is the weight of the argument or field itself, which stands for the weight of a leaf's type. */
function inputCost(value: unknown, type: GraphQLInputType, own: number | undefined, costs: Costs): number {
  if (value === undefined || value === null) return 0;
  const bare = getNullableType(type);
  if (isListType(bare)) {
    const values: readonly unknown[] = Array.isArray(value) ? value : [value];
    return (own ?? 0) + values.reduce<number>((sum, one) => sum + inputCost(one, bare.ofType as GraphQLInputType, own === undefined ? undefined : 0, costs), 0);
  }
  if (!isInputObjectType(bare)) return own ?? costs.get(getNamedType(bare).name) ?? 0;
  if (typeof value !== 'object') return own ?? 0;
  const members = Object.entries(bare.getFields());
  return members.reduce((sum, [name, field]) => sum + inputCost((value as Variables)[name], field.type, costs.get(`${bare.name}.${name}`), costs), own ?? 0);
}

function mayWeigh(type: GraphQLInputType, costs: Costs, seen: Set<string>): boolean {
  const named = getNamedType(type);
  if (costs.has(named.name)) return true;
  if (!isInputObjectType(named) || seen.has(named.name)) return false;
  seen.add(named.name);
  return Object.values(named.getFields()).some((field) => costs.has(`${named.name}.${field.name}`) || mayWeigh(field.type as GraphQLInputType, costs, seen));
}
