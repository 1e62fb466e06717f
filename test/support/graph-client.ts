import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';

export interface GraphAnswer<T = Record<string, unknown>> {
  readonly status: number;
  readonly data: T | null | undefined;
  readonly errors: readonly { readonly message: string; readonly path?: readonly (string | number)[]; readonly extensions?: Record<string, unknown> }[];
}

/** A plain HTTP client of the graph. */
export function createGraph(url: string, headers: Readonly<Record<string, string>> = {}) {
  // Answers are read as the caller knows them; the test asserts on what is there.
  return async <T = never>(query: string, variables: object = {}, more: Readonly<Record<string, string>> = {}): Promise<GraphAnswer<T>> => {
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers, ...more },
      body: JSON.stringify({ query, variables }),
    });
    const { data, errors = [] } = (await response.json()) as { data?: T; errors?: GraphAnswer['errors'] };
    return { status: response.status, data, errors };
  };
}

export interface Watch<T> {
  readonly events: readonly T[];
  /** The first event, past or future, that fits. Rejects after the time limit, showing what came instead. */
  until(fits: (event: T) => boolean): Promise<T>;
  stop(): void;
}

const PATIENCE_MS = 20_000;

function createWatch<T>(stop: () => void): { watch: Watch<T>; push: (event: T) => void } {
  const events: T[] = [];
  const waiting = new Set<() => void>();
  return {
    push: (event) => {
      events.push(event);
      for (const check of waiting) check();
    },
    watch: {
      events,
      stop,
      until: (fits) =>
        new Promise((resolve, reject) => {
          const give = (): void => {
            waiting.delete(check);
            reject(new Error(`no fitting event came; these did: ${JSON.stringify(events)}`));
          };
          const timer = setTimeout(give, PATIENCE_MS);
          const check = (): void => {
            const found = events.find(fits);
            if (found === undefined) return;
            clearTimeout(timer);
            waiting.delete(check);
            resolve(found);
          };
          waiting.add(check);
          check();
        }),
    },
  };
}

/** Subscribes over graphql-transport-ws. Resolves when the connection has been acknowledged. */
export async function watchWebSocket<T>(url: string, query: string, variables: object, connectionParams: Record<string, unknown> = {}): Promise<Watch<T>> {
  const client = createClient({ url: `${url.replace('http', 'ws')}/graphql`, webSocketImpl: WebSocket, connectionParams, lazy: false, retryAttempts: 0, onNonLazyError: () => undefined });
  const { watch, push } = createWatch<T>(() => void client.dispose());
  await new Promise<void>((done, fail) => {
    client.on('connected', () => done());
    client.on('closed', (event) => fail(new Error(`closed before it was acknowledged: ${JSON.stringify(event)}`)));
  });
  client.subscribe({ query, variables: variables as Record<string, unknown> }, { next: (value) => push(value as T), error: (error) => push({ errors: error } as T), complete: () => undefined });
  await settle();
  return watch;
}

/** Subscribes over server-sent events, one stream for the operation. */
export async function watchEventStream<T>(url: string, query: string, variables: object, headers: Readonly<Record<string, string>> = {}): Promise<Watch<T>> {
  const controller = new AbortController();
  const { watch, push } = createWatch<T>(() => controller.abort());
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream', ...headers },
    body: JSON.stringify({ query, variables }),
    signal: controller.signal,
  });
  void readEvents(response, push).catch(() => undefined);
  await settle();
  return watch;
}

async function readEvents<T>(response: Response, push: (event: T) => void): Promise<void> {
  let text = '';
  const decoder = new TextDecoder();
  for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
    text += decoder.decode(chunk, { stream: true });
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
      const event = text.slice(0, end);
      text = text.slice(end + 2);
      const data = /^data: (.*)$/m.exec(event)?.[1];
      if (/^event: next$/m.test(event) && data) push(JSON.parse(data) as T);
    }
  }
}

/** The subscribe message is on its way; what a test does next must come after it has been taken. */
const settle = (): Promise<void> => new Promise((done) => setTimeout(done, 1_000));
