import { composeServices } from '@apollo/composition';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { addResolversToSchema } from './monolith-schema.ts';
import { buildSchema, isInterfaceType, isObjectType, parse, printSchema, type GraphQLSchema } from 'graphql';
import { createInProcessClient } from '../../gateway/clients/transport/in-process-client.ts';
import type { SubgraphClient } from '../../gateway/execution/subgraph-client.ts';
import { loadSupergraph, type Supergraph } from '../../gateway/execution/planning/supergraph.ts';
import { createShopData } from './shop-data.ts';
import { createShopResolvers, findReferenced, type ShopResolvers } from './shop-resolvers.ts';
import { shopSchemas } from './shop-schemas.ts';

export interface Shop {
  readonly supergraph: Supergraph;
  readonly subgraphs: Readonly<Record<string, GraphQLSchema>>;
  readonly clients: Readonly<Record<string, SubgraphClient>>;
  /** The same records behind one schema without federation. */
  readonly monolith: GraphQLSchema;
}

let sdl: string | undefined;

function composeShop(): string {
  const services = Object.entries(shopSchemas).map(([name, text]) => ({ name, url: `http://${name}.test`, typeDefs: parse(text) }));
  const { supergraphSdl, errors } = composeServices(services);
  if (!supergraphSdl) throw new Error(errors?.map(({ message }) => message).join('\n'));
  return supergraphSdl;
}

/** A shop with data of its own. */
export function createShop(): Shop {
  const data = createShopData();
  const resolvers = createShopResolvers(data);
  sdl ??= composeShop();
  const supergraph = loadSupergraph(sdl);
  const subgraphs = Object.fromEntries(
    Object.entries(shopSchemas).map(([name, text]) => {
      const typeDefs = parse(text);
      const bare = buildSubgraphSchema([{ typeDefs }]);
      const reference = (typename: string) => (value: Record<string, unknown>) => findReferenced(data, typename, value);
      return [name, buildSubgraphSchema([{ typeDefs, resolvers: selectResolvers(bare, resolvers, reference) }] as never)];
    }),
  );
  const clients = Object.fromEntries(
    Object.entries(subgraphs).map(([name, schema]) => [name, createInProcessClient({ schema, createContext: ({ context }) => context })]),
  );
  const monolith = addResolversToSchema(buildSchema(printSchema(supergraph.apiSchema)), resolvers);
  return { supergraph, subgraphs, clients, monolith };
}

/** The resolvers a subgraph's own fields need, and how its keys are resolved. */
function selectResolvers(schema: GraphQLSchema, resolvers: ShopResolvers, reference: (typename: string) => unknown): Record<string, unknown> {
  const selected: Record<string, unknown> = {};
  for (const type of Object.values(schema.getTypeMap())) {
    if (type.name.startsWith('_')) continue;
    if (isInterfaceType(type) || !isObjectType(type)) {
      if (isInterfaceType(type) && type.name === 'Media') selected[type.name] = { __resolveReference: reference(type.name) };
      continue;
    }
    const own = Object.entries(resolvers[type.name] ?? {}).filter(([field]) => field in type.getFields());
    const keyed = !['Query', 'Mutation', 'Subscription'].includes(type.name);
    selected[type.name] = { ...Object.fromEntries(own), ...(keyed ? { __resolveReference: reference(type.name) } : {}) };
  }
  return selected;
}
