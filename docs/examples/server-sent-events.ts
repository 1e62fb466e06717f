import { EventSource } from 'eventsource';
import { createClient } from 'graphql-sse';
import { StockChanged, type TrustedOperation } from '../../schema/client/operations.ts';
import type { StockChangedSubscription } from '../../schema/client/types.ts';
import { follow, waitBeforeRetry, type Following } from './resuming-subscription.ts';

export interface Shop {
  readonly url: string;
  readonly headers: Record<string, string>;
}

/** graphql-sse: for networks where WebSockets do not pass. One request a subscription; use it with follow(). */
export const openEventStreams = ({ url, headers }: Shop) => createClient({ url: `${url}/graphql`, headers, retryAttempts: Number.POSITIVE_INFINITY, retry: waitBeforeRetry });

/**
 * The same without a library. EventSource reconnects by itself and gives the id of the last event it has, which is its
 * cursor: the gateway goes on from there. The browser's own sends no headers; with a key or token take this package.
 */
export function followByEventSource<Result, Variables>({ url, headers }: Shop, { documentId, operationName }: TrustedOperation<Result, Variables>, variables: Variables, { onEvent, onGap, onRefused }: Following<Result>): () => void {
  const target = new URL('/graphql', url);
  target.search = new URLSearchParams({ documentId, operationName, variables: JSON.stringify(variables) }).toString();
  const source = new EventSource(target, { fetch: (input, init) => fetch(input, { ...init, headers: { ...init.headers, ...headers } }) });
  let refused: unknown = null;
  source.addEventListener('next', ({ data: text }) => {
    const { data, errors } = JSON.parse(text) as { data?: Result | null; errors?: readonly { extensions?: { code?: string; retryable?: boolean } }[] };
    const { code, retryable } = errors?.[0]?.extensions ?? {};
    refused = data == null && errors && code !== 'LAGGED' && retryable !== true ? errors : null;
    if (code === 'LAGGED') onGap();
    if (data != null) onEvent(data);
  });
  // After "complete" the gateway closes and EventSource comes back to where it was, unless that was a refusal.
  source.addEventListener('complete', () => {
    if (refused === null) return;
    source.close();
    onRefused(refused);
  });
  source.addEventListener('error', ({ code, message }) => {
    // It reconnects after a lost connection, and gives up for good after an HTTP status that is no stream.
    if (source.readyState === EventSource.CLOSED) onRefused(new Error(`HTTP ${code}: ${message}`));
  });
  return () => source.close();
}

// GATEWAY_URL=http://127.0.0.1:4000 API_KEY=... node docs/examples/server-sent-events.ts SKU...
if (import.meta.main) {
  const { GATEWAY_URL: url = 'http://127.0.0.1:4000', API_KEY } = process.env;
  const shop: Shop = { url, headers: API_KEY ? { 'x-api-key': API_KEY } : {} };
  const told = (how: string): Following<StockChangedSubscription> => ({
    onEvent: ({ stockChanged }) => console.log(how, stockChanged),
    onGap: () => console.log(how, 'events were missed: read the stock again'),
    onRefused: (error) => console.error(how, 'refused', error),
  });
  follow(openEventStreams(shop), StockChanged, { skus: process.argv.slice(2) }, told('graphql-sse'));
  followByEventSource(shop, StockChanged, { skus: process.argv.slice(2) }, told('EventSource'));
}
