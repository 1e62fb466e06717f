import { createClient } from 'graphql-ws';
import { ProductList, StockChanged, type TrustedOperation } from '../../schema/client/operations.ts';
import type { StockChangedSubscription } from '../../schema/client/types.ts';
import { follow, LASTING } from './resuming-subscription.ts';

export interface Shop {
  readonly url: string;
  readonly headers: Record<string, string>;
}

/** What the graph refused, or could not answer at all. */
export class GraphRefusal extends Error {
  readonly code: string;
  /** True: the same request may succeed later. Reads can be sent again; writes with the same idempotencyKey. */
  readonly retryable: boolean;

  constructor(message: string, code: string, retryable: boolean) {
    super(message);
    this.code = code;
    this.retryable = retryable;
  }
}

interface Answer<Data> {
  readonly data?: Data | null;
  readonly errors?: readonly { readonly message: string; readonly path?: readonly (string | number)[]; readonly extensions?: { readonly code?: string; readonly retryable?: boolean } }[];
}

/**
 * A trusted operation by its id. Queries go by GET, so that browsers and CDNs can answer them again; mutations by POST.
 * What could not be answered in part is null in `data` and told in `errors`.
 */
export async function ask<Result, Variables>({ url, headers }: Shop, { documentId, operationName, kind }: TrustedOperation<Result, Variables>, variables: Variables) {
  const target = new URL('/graphql', url);
  const byGet = kind === 'query';
  if (byGet) target.search = new URLSearchParams({ documentId, operationName, variables: JSON.stringify(variables) }).toString();
  const response = await fetch(target, {
    method: byGet ? 'GET' : 'POST',
    headers: { accept: 'application/graphql-response+json, application/json', ...(!byGet && { 'content-type': 'application/json' }), ...headers },
    body: byGet ? null : JSON.stringify({ documentId, operationName, variables }),
    signal: AbortSignal.timeout(15_000),
  });
  const { data, errors = [] } = ((await response.json().catch(() => null)) ?? {}) as Answer<Result>;
  if (data != null) return { data, errors };
  const { code = `HTTP_${response.status}`, retryable = response.status >= 500 } = errors[0]?.extensions ?? {};
  throw new GraphRefusal(errors[0]?.message ?? `the gateway answered HTTP ${response.status}`, code, retryable);
}

/** One socket for all subscriptions of a page. */
export const openSocket = ({ url, headers }: Shop) => createClient({ url: `${url.replace(/^http/, 'ws')}/graphql`, connectionParams: headers, ...LASTING });

// GATEWAY_URL=http://127.0.0.1:4000 API_KEY=... node docs/examples/fetch.ts SKU...
if (import.meta.main) {
  const { GATEWAY_URL: url = 'http://127.0.0.1:4000', API_KEY } = process.env;
  const shop: Shop = { url, headers: API_KEY ? { 'x-api-key': API_KEY } : {} };
  const { data } = await ask(shop, ProductList, { sort: 'NAME_ASC', first: 5, wholeListing: false });
  console.log(data.products.nodes.map(({ name, priceRange }) => `${name} from ${priceRange?.min.amount} ${priceRange?.min.currencyCode}`));
  follow<StockChangedSubscription>(openSocket(shop), StockChanged, { skus: process.argv.slice(2) }, {
    onEvent: ({ stockChanged }) => console.log(stockChanged),
    onGap: () => console.log('events were missed: read the stock again'),
    onRefused: (error) => console.error('refused', error),
  });
}
