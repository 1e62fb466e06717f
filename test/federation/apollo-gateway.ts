import { ApolloGateway, LocalGraphQLDataSource } from '@apollo/gateway';
import { getOperationAST, parse, type ExecutionResult } from 'graphql';
import type { Shop } from './shop-fixture.ts';

export type ApolloExecute = (source: string, variables: Record<string, unknown>) => Promise<ExecutionResult>;

/** The reference implementation over the same subgraphs, in process. */
export async function startApolloGateway(shop: Shop): Promise<ApolloExecute> {
  const quiet = { debug() {}, info() {}, warn() {}, error() {} };
  const gateway = new ApolloGateway({
    supergraphSdl: shop.supergraph.sdl,
    logger: quiet,
    buildService: ({ name }) => new LocalGraphQLDataSource(shop.subgraphs[name] as never),
  });
  const { executor } = await gateway.load();
  return async (source, variables) => {
    const document = parse(source);
    const operation = getOperationAST(document);
    const request = { query: source, variables };
    return (await executor?.({
      source, document, operation, operationName: operation?.name?.value ?? null, queryHash: source, request,
      context: {}, cache: { get: async () => undefined, set: async () => {}, delete: async () => {} }, schema: shop.monolith, logger: quiet, metrics: {},
    } as never)) as ExecutionResult;
  };
}
