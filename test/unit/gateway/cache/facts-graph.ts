import { createHash } from 'node:crypto';
import type { CachedAsk } from '../../../../gateway/cache/facts.ts';
import type { SubgraphAnswer, SubgraphCall, SubgraphClient, SubgraphRequest } from '../../../../gateway/execution/subgraph-client.ts';
import { ANONYMOUS, type Principal } from '../../../../domain/principal.ts';
import type { RequestScope, ShoppingContext } from '../../../../subgraphs/frame/module.ts';

/** A supergraph of which the cache reads what it needs: one subgraph that says things of SKUs. */
export const FACTS_SDL = `
  enum join__Graph { FACTS @join__graph(name: "facts", url: "http://facts.test") OTHER @join__graph(name: "other", url: "http://other.test") }
  type Query {
    sum(sku: ID!, by: Int = 1): Int @cacheControl(maxAge: 60) @join__directive(graphs: [FACTS], name: "federation__cacheTag", args: { format: "Stock:{$args.sku}" })
    listing: [Thing!] @cacheControl(maxAge: 60) @join__directive(graphs: [FACTS], name: "federation__cacheTag", args: { format: "Catalog" })
    now: Int
  }
  type Thing @join__type(graph: FACTS, key: "sku") @join__type(graph: OTHER, key: "sku")
    @join__directive(graphs: [FACTS], name: "federation__cacheTag", args: { format: "Stock:{$key.sku}" }) {
    sku: ID!
    value: Int @cacheControl(maxAge: 60)
    short: Int @cacheControl(maxAge: 5)
    own: Int @cacheControl(maxAge: 60, scope: PRIVATE)
    never: Int
    part: Part @cacheControl(maxAge: 60)
    bare: Part
    kin: [Thing!] @cacheControl(inheritMaxAge: true)
    either: Either @cacheControl(maxAge: 60)
  }
  type Part @join__type(graph: FACTS) @cacheControl(inheritMaxAge: true) { name: String deeper: Part }
  union Either = Part | Thing
`;

const SHOPPING: ShoppingContext = { channel: null, locale: null, currencyCode: null, companyLocation: null };

export const scopeOf = (principal: Partial<Principal> = {}, shopping: Partial<ShoppingContext> = {}): RequestScope => ({
  principal: { ...ANONYMOUS, ...principal },
  shopping: { ...SHOPPING, ...shopping },
  signal: new AbortController().signal,
  deadlineAtMs: Number.MAX_SAFE_INTEGER,
  traceparent: null,
});

export const callOf = (context: unknown = null, signal = new AbortController().signal): SubgraphCall => ({ signal, deadlineAtMs: null, context });

export const requestOf = (query: string, variables: Record<string, unknown> = {}): SubgraphRequest => ({
  query, variables, operationKind: 'query', documentId: createHash('sha256').update(query).digest('base64url'),
});

export const entitiesOf = (skus: readonly string[], fields: string): SubgraphRequest =>
  requestOf(`query($representations:[_Any!]!){_entities(representations:$representations){...on Thing{${fields}}}}`, {
    representations: skus.map((sku) => ({ __typename: 'Thing', sku })),
  });

export const askOf = (client: SubgraphClient, request: SubgraphRequest, more: Partial<CachedAsk> = {}): CachedAsk => ({
  service: 'facts', client, request, call: callOf(), onAsked: () => undefined, ...more,
});

/** SKUs of each `_entities` of a request, in order. */
export const skusIn = ({ variables = {} }: SubgraphRequest): readonly string[] =>
  Object.values(variables).filter(Array.isArray).flatMap((list) => (list as { sku: string }[]).map(({ sku }) => sku));

/** Answers `_entities` of whatever fields with one value for each. */
export const answering = (valueOf: (sku: string, call: SubgraphCall) => unknown, requests: SubgraphRequest[] = []): SubgraphClient => ({
  execute: async (request, call): Promise<SubgraphAnswer> => {
    requests.push(request);
    return { data: { _entities: skusIn(request).map((sku) => valueOf(sku, call)) } };
  },
});

export const entitiesIn = ({ data }: SubgraphAnswer): readonly unknown[] => (data as { _entities: unknown[] })._entities;
