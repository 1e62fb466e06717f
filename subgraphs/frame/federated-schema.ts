import 'reflect-metadata';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { getDocumentNodeFromSchema } from '@graphql-tools/utils';
import { Kind, parse, type DocumentNode, type GraphQLSchema } from 'graphql';
import { buildSchema, createResolversMap, type BuildSchemaOptions, type NonEmptyArray } from 'type-graphql';

/** Resolves an entity by its key; the batch-friendly way to join a graph. */
export type ReferenceResolver<Context> = (reference: never, context: Context) => unknown;

export interface FederatedSchemaOptions<Context> {
  readonly resolvers: NonEmptyArray<BuildSchemaOptions['resolvers'][number]>;
  /** Types reachable only through entities of other subgraphs. */
  readonly orphanedTypes: readonly (abstract new () => object)[];
  /** `__resolveReference` by type name. */
  readonly references: Readonly<Record<string, ReferenceResolver<Context>>>;
}

const FEDERATION_LINK = parse(`extend schema @link(url: "https://specs.apollo.dev/federation/v2.12",
  import: ["@key", "@shareable", "@external", "@requires", "@provides", "@inaccessible", "@requiresScopes", "@authenticated", "@tag", "@composeDirective", "@cacheTag", "@cost"])
  @link(url: "https://specs.unified-commerce-graph.example/cacheControl/v0.1", import: ["@cacheControl"])
  @composeDirective(name: "@cacheControl")
  directive @cacheControl(maxAge: Int, scope: CacheControlScope, inheritMaxAge: Boolean) on FIELD_DEFINITION | OBJECT | INTERFACE | UNION
  """Who may be given again what was answered: everybody in the same channel, or the one who asked."""
  enum CacheControlScope { PUBLIC PRIVATE }`);

/**
 * type-graphql wants a pub/sub for subscription fields. Ours are fed by the gateway from the event log, one event at a
 * time: a subgraph only resolves the event it is handed.
 */
const gatewayFeedsEvents = {
  publish: () => undefined,
  subscribe: () => {
    throw new Error('subscriptions are opened at the gateway, not in a subgraph');
  },
};

/** Builds the executable subgraph schema from type-graphql classes. */
export async function buildFederatedSchema<Context>({ resolvers, orphanedTypes, references }: FederatedSchemaOptions<Context>): Promise<GraphQLSchema> {
  const schema = await buildSchema({
    resolvers,
    orphanedTypes: [...orphanedTypes] as NonNullable<BuildSchemaOptions['orphanedTypes']>,
    // Federation's directives and queryless subgraphs are no plain GraphQL; buildSubgraphSchema checks what matters.
    skipCheck: true,
    validate: false,
    pubSub: gatewayFeedsEvents,
    emitSchemaFile: false,
  } as unknown as BuildSchemaOptions);
  const resolverMap = createResolversMap(schema) as Record<string, Record<string, unknown>>;
  for (const [typeName, resolveReference] of Object.entries(references)) {
    resolverMap[typeName] = { ...resolverMap[typeName], __resolveReference: resolveReference };
  }
  return buildSubgraphSchema([{ typeDefs: withFederationLink(getDocumentNodeFromSchema(schema)), resolvers: resolverMap as never }]);
}

function withFederationLink(document: DocumentNode): DocumentNode {
  const definitions = document.definitions.filter((definition) => definition.kind !== Kind.SCHEMA_DEFINITION);
  return { kind: Kind.DOCUMENT, definitions: [...FEDERATION_LINK.definitions, ...definitions] };
}
