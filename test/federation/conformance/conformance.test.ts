import { composeServices } from '@apollo/composition';
import { ApolloGateway, LocalGraphQLDataSource } from '@apollo/gateway';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { getOperationAST, parse, type ExecutionResult, type GraphQLSchema } from 'graphql';
import { afterAll, describe, expect, test } from 'vitest';
import { createExecutor } from '../../../gateway/execution/executor.ts';
import { createInProcessClient } from '../../../gateway/clients/transport/in-process-client.ts';
import type { SubgraphClient } from '../../../gateway/execution/subgraph-client.ts';
import { loadSupergraph } from '../../../gateway/execution/planning/supergraph.ts';
import type { Feature, FeatureQuestion } from './feature.ts';
import * as abstractTypes from './features/abstract-types.ts';
import * as execution from './features/execution.ts';
import * as keys from './features/keys.ts';
import * as requires from './features/requires.ts';
import * as sharing from './features/sharing.ts';

const features: readonly Feature[] = [keys, requires, sharing, abstractTypes, execution].flatMap((module): Feature[] => Object.values(module));

const LINK = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@requires", "@provides", "@external",
  "@shareable", "@override", "@interfaceObject", "@inaccessible", "@context", "@fromContext"])\n`;

function compose({ subgraphs }: Feature): string {
  const services = Object.entries(subgraphs).map(([name, { sdl }]) => ({ name, url: `http://${name}.test`, typeDefs: parse(LINK + sdl) }));
  const { supergraphSdl, errors } = composeServices(services);
  if (!supergraphSdl) throw new Error(errors?.map(({ message }) => message).join('\n'));
  return supergraphSdl;
}

function buildSchemas({ subgraphs }: Feature): Readonly<Record<string, GraphQLSchema>> {
  return Object.fromEntries(Object.entries(subgraphs).map(([name, { sdl, resolvers }]) => [name, buildSubgraphSchema([{ typeDefs: parse(LINK + sdl), resolvers }] as never)]));
}

/** The subgraphs, and what they were sent. */
function listen(schemas: Readonly<Record<string, GraphQLSchema>>) {
  const requests: Record<string, number> = {};
  const representations: Record<string, number> = {};
  const clients = Object.entries(schemas).map(([name, schema]): [string, SubgraphClient] => {
    const client = createInProcessClient({ schema, createContext: () => null });
    return [name, {
      execute(request, call) {
        requests[name] = (requests[name] ?? 0) + 1;
        for (const value of Object.values(request.variables ?? {})) if (isRepresentations(value)) representations[name] = (representations[name] ?? 0) + value.length;
        return client.execute(request, call);
      },
    }];
  });
  return { clients: Object.fromEntries(clients), requests, representations };
}

const isRepresentations = (value: unknown): value is readonly unknown[] =>
  Array.isArray(value) && value.every((element) => typeof (element as { __typename?: unknown } | null)?.__typename === 'string');

const asJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value ?? null));

const byStock = new Map<string, boolean>();

for (const feature of features) {
  describe(feature.name, () => {
    const sdl = compose(feature);
    const schemas = buildSchemas(feature);
    const executor = createExecutor({ supergraph: loadSupergraph(sdl), ...(feature.resolveLabel ? { resolveLabel: feature.resolveLabel } : {}) });
    const stock = loadStockGateway(sdl, schemas);
    for (const question of feature.questions) {
      test(question.source, async () => {
        const { clients, requests, representations } = listen(schemas);
        const { source, variables = {}, rolloutKey } = question;
        const result = await executor.execute({ source, variables, rolloutKey, clients });
        const errors = result.errors?.map(({ path, extensions }) => ({ path, code: extensions['code'] }));
        expect(errors, JSON.stringify(result.errors)).toEqual(question.errors);
        // Texts, because the order of fields is part of the answer.
        expect(JSON.stringify(result.data)).toBe(JSON.stringify(question.data));
        if (question.requests) expect(requests).toEqual(question.requests);
        if (question.representations) expect(representations).toMatchObject(question.representations);
        const passed = await passesStock(await stock, question);
        byStock.set(feature.name, passed && (byStock.get(feature.name) ?? true));
      });
    }
  });
}

afterAll(() => {
  const passed = [...byStock.values()].filter(Boolean).length;
  console.log(`@apollo/gateway, for information: answers ${passed} of ${byStock.size} features; not:\n${[...byStock].flatMap(([name, ok]) => (ok ? [] : [`  ${name}`])).join('\n')}`);
});

type StockExecutor = Awaited<ReturnType<ApolloGateway['load']>>['executor'];

async function loadStockGateway(supergraphSdl: string, schemas: Readonly<Record<string, GraphQLSchema>>): Promise<{ execute: StockExecutor; schema: GraphQLSchema } | null> {
  const logger = { debug() {}, info() {}, warn() {}, error() {} };
  const gateway = new ApolloGateway({ supergraphSdl, logger, buildService: ({ name }) => new LocalGraphQLDataSource(schemas[name] as never) });
  const loaded = await gateway.load().catch(() => null);
  return loaded && { execute: loaded.executor, schema: loaded.schema };
}

async function passesStock(stock: Awaited<ReturnType<typeof loadStockGateway>>, { source, variables = {}, data, errors }: FeatureQuestion): Promise<boolean> {
  if (!stock) return false;
  const document = parse(source);
  const result = (await stock.execute({
    source, document, request: { query: source, variables }, operation: getOperationAST(document), operationName: null, queryHash: source, context: {},
    cache: { get: async () => undefined, set: async () => {}, delete: async () => {} }, schema: stock.schema, metrics: {},
  } as never).catch(() => null)) as ExecutionResult | null;
  return JSON.stringify(asJson(result?.data)) === JSON.stringify(asJson(data)) && (result?.errors?.length ?? 0) === (errors?.length ?? 0);
}
