import { isObjectType, type GraphQLSchema } from 'graphql';
import type { ShopResolvers } from './shop-resolvers.ts';

/** Attaches resolvers to a schema built from SDL. */
export function addResolversToSchema(schema: GraphQLSchema, resolvers: ShopResolvers): GraphQLSchema {
  for (const [name, fields] of Object.entries(resolvers)) {
    const type = schema.getType(name);
    if (!isObjectType(type)) continue;
    for (const [field, resolve] of Object.entries(fields)) {
      const definition = type.getFields()[field];
      if (definition) definition.resolve = resolve as NonNullable<typeof definition.resolve>;
    }
  }
  return schema;
}
