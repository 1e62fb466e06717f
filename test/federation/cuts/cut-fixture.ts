import { composeServices } from '@apollo/composition';
import { buildSubgraphSchema } from '@apollo/subgraph';
import {
  buildSchema,
  GraphQLError,
  isInterfaceType,
  isObjectType,
  parse,
  printSchema,
  type GraphQLFieldResolver,
  type GraphQLSchema,
} from 'graphql';
import { createInProcessClient } from '../../../gateway/clients/transport/in-process-client.ts';
import type { SubgraphClient } from '../../../gateway/execution/subgraph-client.ts';
import { loadSupergraph, type Supergraph } from '../../../gateway/execution/planning/supergraph.ts';
import { computeField, computeRequired, locateReference, pickRequired, readFieldSet, ROWS, type Row } from './computed-data.ts';
import type { Cut, SubgraphCut } from './random-cut.ts';

/** A cut graph, ready to be asked, and the same graph in one piece. */
export interface CutGraph {
  readonly supergraph: Supergraph;
  readonly clients: Readonly<Record<string, SubgraphClient>>;
  readonly monolith: GraphQLSchema;
}

/** Null when the cut does not compose: then there is nothing to serve. */
export function composeCut(cut: Cut): string | null {
  const services = cut.subgraphs.map(({ name, sdl }) => ({ name, url: `http://${name}.test`, typeDefs: parse(sdl) }));
  return composeServices(services).supergraphSdl ?? null;
}

export function createCutGraph(cut: Cut, sdl: string): CutGraph {
  const supergraph = loadSupergraph(sdl);
  const monolith = attach(buildSchema(printSchema(supergraph.apiSchema)), createResolver(cut, supergraph.apiSchema, null));
  const clients = cut.subgraphs.map((subgraph): [string, SubgraphClient] => {
    const typeDefs = parse(subgraph.sdl);
    const references = Object.fromEntries([...entityTypes(buildSubgraphSchema([{ typeDefs }]))].map((name) => [name, resolveReferencesOf(name)]));
    const schema = buildSubgraphSchema([{ typeDefs, resolvers: references }] as never);
    return [subgraph.name, createInProcessClient({ schema: attach(schema, createResolver(cut, supergraph.apiSchema, subgraph)), createContext: () => null })];
  });
  return { supergraph, clients: Object.fromEntries(clients), monolith };
}

function entityTypes(schema: GraphQLSchema): readonly string[] {
  return Object.values(schema.getTypeMap())
    .filter((type) => (isObjectType(type) || isInterfaceType(type)) && 'id' in type.getFields())
    .map(({ name }) => name);
}

function resolveReferencesOf(name: string): object {
  const __resolveReference = (reference: Record<string, unknown>): Row => {
    const at = locateReference(reference);
    return { __typename: name.startsWith('Item') ? name : at.slice(0, at.indexOf('-')), at, reference };
  };
  return { __resolveReference };
}

function attach(schema: GraphQLSchema, resolve: GraphQLFieldResolver<unknown, unknown>): GraphQLSchema {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('_')) continue;
    for (const field of Object.values(type.getFields())) if (!field.name.startsWith('_')) field.resolve = resolve;
  }
  return schema;
}

/** `subgraph`: null for the graph in one piece. A subgraph that is asked for what it cannot know fails loudly. */
function createResolver({ requires, provides }: Cut, whole: GraphQLSchema, subgraph: SubgraphCut | null): GraphQLFieldResolver<unknown, unknown> {
  return (source, args, _context, { parentType, fieldName, returnType }) => {
    if (parentType.name === 'Query') return resolveRoot(whole, fieldName, returnType, args);
    const row = source as Row;
    const name = `${parentType.name}.${fieldName}`;
    const required = requires.get(name);
    if (required !== undefined) {
      const set = readFieldSet(required);
      if (!subgraph) return `${fieldName}<${JSON.stringify(computeRequired(whole, row, set))}>`;
      if (!row.reference) throw new GraphQLError(`${subgraph.name} was asked for ${name} without a representation.`);
      return `${fieldName}<${JSON.stringify(pickRequired(row.reference, set))}>`;
    }
    if (subgraph?.external.has(name) && row.provided !== fieldName) throw new GraphQLError(`${subgraph.name} was asked for the external ${name}.`);
    // By the whole graph's type: a subgraph may know less of an interface, or the interface as an object.
    const value = computeField(whole, row, fieldName, typeInWhole(whole, row, fieldName), args as Record<string, unknown>);
    return markProvided(value, subgraph && provides.get(`${name}@${subgraph.name}`));
  };
}

/** A place tells the type where a subgraph knows only the interface. */
function typeInWhole(whole: GraphQLSchema, { __typename, at }: Row, field: string) {
  const type = whole.getType(/^(Item\d)-\d$/.exec(at)?.[1] ?? __typename);
  return (isObjectType(type) ? type.getFields()[field]!.type : undefined)!;
}

function resolveRoot(whole: GraphQLSchema, field: string, type: Parameters<typeof computeField>[3], args: Record<string, any>): unknown {
  const single = /^(item\d)$/.exec(field);
  if (single) {
    const at = String(args['id']);
    const name = single[1]!.replace('i', 'I');
    return new RegExp(`^${name}-[0-${ROWS - 1}]$`).test(at) ? { __typename: name, at } : null;
  }
  return computeField(whole, { __typename: 'Query', at: '' }, field, whole.getQueryType()!.getFields()[field]?.type ?? type, args);
}

function markProvided(value: unknown, provided: string | null | undefined): unknown {
  if (!provided || value === null || typeof value !== 'object') return value;
  return Array.isArray(value) ? value.map((element) => markProvided(element, provided)) : { ...value, provided };
}
