import { cacheExchange, Client, fetchExchange, getOperationName, subscriptionExchange } from '@urql/core';
import { persistedExchange } from '@urql/exchange-persisted';
import { createClient } from 'graphql-ws';
import type { DocumentNode } from 'graphql';
import { ProductListDocument, StockChangedDocument } from '../../schema/client/documents.ts';
import { follow, LASTING } from './resuming-subscription.ts';

/** urql on trusted documents: ids instead of texts, queries by GET so that a CDN can answer, events that resume. */
export function createShopClient({ url, headers }: { readonly url: string; readonly headers: Record<string, string> }) {
  const socket = createClient({ url: `${url.replace(/^http/, 'ws')}/graphql`, connectionParams: headers, ...LASTING });
  const gaps = new Set<() => void>();
  const client = new Client({
    url: `${url}/graphql`,
    fetchOptions: { headers },
    preferGetMethod: false,
    exchanges: [
      cacheExchange,
      // enforce: the text is never sent, also where the gateway does not know the id.
      persistedExchange({ enforcePersistedQueries: true, preferGetForPersistedQueries: true, generateHash: async (_text, document) => idOf(document as DocumentNode) }),
      fetchExchange,
      subscriptionExchange({
        forwardSubscription: (_body, { query, variables }) => ({
          subscribe: (sink) => ({
            unsubscribe: follow<Record<string, unknown>>(socket, { documentId: idOf(query as DocumentNode), operationName: getOperationName(query) ?? '' }, variables as object, {
              onEvent: (data) => sink.next({ data }),
              onGap: () => gaps.forEach((tell) => tell()),
              onRefused: (error) => sink.error(error),
            }),
          }),
        }),
      }),
    ],
  });
  /** Calls back where events were missed: execute again what you show, with requestPolicy 'network-only'. */
  const onGap = (tell: () => void): (() => void) => {
    gaps.add(tell);
    return () => gaps.delete(tell);
  };
  return { client, onGap, close: () => void socket.dispose() };
}

/** The generated documents carry the id they are trusted under. */
function idOf(document: DocumentNode): string {
  const { __meta__ } = document as { readonly __meta__?: { readonly id: string } };
  if (!__meta__) throw new Error('not a trusted document: take it from the generated documents.ts');
  return __meta__.id;
}

// GATEWAY_URL=http://127.0.0.1:4000 API_KEY=... node docs/examples/urql.ts SKU...
if (import.meta.main) {
  const { GATEWAY_URL: url = 'http://127.0.0.1:4000', API_KEY } = process.env;
  const { client } = createShopClient({ url, headers: API_KEY ? { 'x-api-key': API_KEY } : {} });
  const { data, error } = await client.query(ProductListDocument, { sort: 'NAME_ASC', first: 5, wholeListing: false });
  console.log(error ?? data?.products.nodes.map(({ name, priceRange }) => `${name} from ${priceRange?.min.amount} ${priceRange?.min.currencyCode}`));
  client.subscription(StockChangedDocument, { skus: process.argv.slice(2) }).subscribe(({ data: event }) => console.log(event?.stockChanged));
}
