import { getNamedType, isCompositeType, isInterfaceType, isObjectType, isUnionType, type GraphQLNamedType, type GraphQLSchema } from 'graphql';

export type Fate =
  /** Refused by its text alone: `extensions.limit`. */
  | { readonly refused: string }
  /** Planned in the thread of its own. */
  | 'thread'
  | 'here';

export interface WorstDocument {
  readonly name: string;
  /** At most 10 kB. */
  readonly text: string;
  readonly fate: Fate;
}

const many = (count: number, text: (index: number) => string): string => Array.from({ length: count }, (_, index) => text(index)).join(' ');

/** Every field that needs no argument, breadth first as far as `budget` goes. */
function growSelection(schema: GraphQLSchema, type: GraphQLNamedType, depth: number, budget: { left: number }): string {
  if (isUnionType(type)) return `__typename ${type.getTypes().map((one) => `... on ${one.name} { ${growSelection(schema, one, depth, budget)} }`).join(' ')}`;
  if (!isObjectType(type) && !isInterfaceType(type)) return '__typename';
  let text = '__typename';
  for (const field of Object.values(type.getFields())) {
    if (budget.left <= 0) break;
    if (field.args.some(({ type: given, defaultValue }) => String(given).endsWith('!') && defaultValue === undefined)) continue;
    const named = getNamedType(field.type);
    if (isCompositeType(named) && depth <= 0) continue;
    budget.left -= 1;
    text += isCompositeType(named) ? ` ${field.name} { ${growSelection(schema, named, depth - 1, budget)} }` : ` ${field.name}`;
  }
  return text;
}

const whole = (schema: GraphQLSchema, depth: number, left: number): string => `{ ${growSelection(schema, schema.getQueryType()!, depth, { left })} }`;

/** What 10 kB can do to a graph of commerce, each to another stage. */
export const worstOfCommerce = (schema: GraphQLSchema): readonly WorstDocument[] => [
  { name: 'everything, three deep', text: whole(schema, 3, 400), fate: 'thread' },
  { name: 'everything, six deep', text: whole(schema, 6, 400), fate: 'thread' },
  { name: 'sixty pages of variants', text: `{ products { nodes { ${many(59, (index) => `a${index}: variants { sku price { unitPrice { amount } } availability { status } }`)} } } }`, fate: 'thread' },
  { name: 'twenty listings', text: `{ ${many(20, (index) => `a${index}: products { nodes { name variants { sku price { unitPrice { amount } } } } }`)} }`, fate: 'thread' },
  { name: 'fields to compare in pairs, just allowed', text: `{ products { nodes { ${many(70, () => 'variants { sku product { name } }')} } } }`, fate: 'thread' },
  { name: 'fields to compare in pairs', text: `{ products { nodes { ${many(200, () => 'variants { sku product { name } }')} } } }`, fate: { refused: 'field pairs' } },
  { name: 'fragments to compare in pairs', text: `{ products { nodes { ${many(98, (index) => `...F${index}`)} } } } ${many(98, (index) => `fragment F${index} on Product { variants { sku product { name } } }`)}`, fate: { refused: 'field pairs' } },
  { name: 'fragments that double', text: `{ products { nodes { ...F0 } } } ${many(9, (index) => `fragment F${index} on Product { variants { product { ...F${index + 1} ...F${index + 1} } } }`)} fragment F9 on Product { name }`, fate: { refused: 'selections' } },
  { name: 'fragments on each other\'s variants', text: `{ products { nodes { ...F0 } } } ${many(4, (index) => `fragment F${index} on Product { variants { product { ...F${index + 1} } sku } a${index}: variants { product { ...F${index + 1} } } }`)} fragment F4 on Product { name brand }`, fate: 'thread' },
  { name: 'the same field, just allowed', text: `{ products { nodes { ${'name '.repeat(140)} } } }`, fate: 'here' },
  { name: 'directives on every field', text: `{ products { nodes { ${'name @skip(if: false) '.repeat(300)} } } }`, fate: { refused: 'directives' } },
  { name: 'eight conditions', text: `query (${many(8, (index) => `$v${index}: Boolean!`)}) { products { nodes { ${many(8, (index) => `a${index}: variants @include(if: $v${index}) { sku price { unitPrice { amount } } availability { status } }`)} } } }`, fate: 'here' },
  { name: 'nine conditions', text: `query (${many(9, (index) => `$v${index}: Boolean!`)}) { products { nodes { ${many(9, (index) => `a${index}: name @include(if: $v${index})`)} } } }`, fate: { refused: 'conditions' } },
  { name: 'inline fragments within each other', text: `{ products { nodes { ${'... { '.repeat(1_000)} name ${'} '.repeat(1_000)} } } }`, fate: { refused: 'nesting' } },
  { name: 'inline fragments side by side', text: `{ products { nodes { ${'... { name } '.repeat(130)} } } }`, fate: 'here' },
  { name: 'a list value of thousands', text: `{ products(filter: { skus: [${many(1_500, () => '"a"')}] }) { nodes { name } } }`, fate: 'here' },
];

/** What a few bytes can do to a graph of many types that every subgraph knows; see wide-supergraph.ts. */
export const worstOfWide = (schema: GraphQLSchema): readonly WorstDocument[] => [
  { name: 'an interface in an interface', text: '{ node { r0 { name } } }', fate: 'thread' },
  { name: 'three interfaces', text: '{ node { r0 { r1 { name } } } }', fate: 'thread' },
  { name: 'each type of a union', text: `{ any { ${many(12, (index) => `... on T${index} { name f0 own0 own1 }`)} } }`, fate: 'thread' },
  { name: 'everything, two deep', text: whole(schema, 2, 300), fate: 'thread' },
  { name: 'one field', text: '{ node { id } }', fate: 'thread' },
  { name: 'a root field of ten names', text: `{ ${many(10, (index) => `a${index}: __typename`)} }`, fate: 'here' },
];
