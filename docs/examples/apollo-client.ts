import { ApolloClient, ApolloLink, HttpLink, InMemoryCache, Observable } from '@apollo/client';
import { PersistedQueryLink } from '@apollo/client/link/persisted-queries';
import { OperationTypeNode, type DocumentNode } from 'graphql';
import { createClient } from 'graphql-ws';
import { ProductListDocument, StockChangedDocument } from '../../schema/client/documents.ts';
import { follow, LASTING } from './resuming-subscription.ts';

/** Apollo Client 4 on trusted documents: ids instead of texts, queries by GET so that a CDN can answer, events that resume. */
export function createShopClient({ url, headers }: { readonly url: string; readonly headers: Record<string, string> }) {
  const socket = createClient({ url: `${url.replace(/^http/, 'ws')}/graphql`, connectionParams: headers, ...LASTING });
  const asked = new PersistedQueryLink({ generateHash: idOf, useGETForHashedQueries: true }).concat(new HttpLink({ uri: `${url}/graphql`, headers }));
  const followed = new ApolloLink(({ query, operationName = '', variables }) => new Observable((sink) => follow<Record<string, unknown>>(socket, { documentId: idOf(query), operationName }, variables, {
    onEvent: (data) => sink.next({ data }),
    onGap: () => void client.refetchObservableQueries(),
    onRefused: (error) => sink.error(error),
  })));
  const client: ApolloClient = new ApolloClient({
    // A variant is known by its SKU wherever it is selected.
    cache: new InMemoryCache({ typePolicies: { ProductVariant: { keyFields: ['sku'] } } }),
    link: ApolloLink.split(({ operationType }) => operationType === OperationTypeNode.SUBSCRIPTION, followed, asked),
  });
  return { client, close: () => void socket.dispose() };
}

/** The generated documents carry the id they are trusted under. */
function idOf(document: DocumentNode): string {
  const { __meta__ } = document as { readonly __meta__?: { readonly id: string } };
  if (!__meta__) throw new Error('not a trusted document: take it from the generated documents.ts');
  return __meta__.id;
}

// GATEWAY_URL=http://127.0.0.1:4000 API_KEY=... node docs/examples/apollo-client.ts
if (import.meta.main) {
  const { GATEWAY_URL: url = 'http://127.0.0.1:4000', API_KEY } = process.env;
  const { client } = createShopClient({ url, headers: API_KEY ? { 'x-api-key': API_KEY } : {} });
  const { data } = await client.query({ query: ProductListDocument, variables: { sort: 'NAME_ASC', first: 5, wholeListing: false } });
  console.log(data?.products.nodes.map(({ name, priceRange }) => `${name} from ${priceRange?.min.amount} ${priceRange?.min.currencyCode}`));
  client.subscribe({ query: StockChangedDocument, variables: { skus: process.argv.slice(2) } }).subscribe(({ data: event }) => console.log(event?.stockChanged));
}
