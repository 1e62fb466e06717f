/**
 * Copy this file. A subscription that survives lost connections, restarts of the gateway and other nodes without losing
 * an event: for graphql-ws and graphql-sse alike. Both write the request anew for every connection they make, so moving
 * `after` in it with each event makes the next connection go on from there.
 */
export interface SubscriptionRequest {
  readonly query: string;
  readonly operationName: string;
  readonly variables: Record<string, unknown>;
  readonly extensions: Record<string, unknown>;
}

type Problem = { readonly message: string; readonly extensions?: { readonly code?: unknown; readonly retryable?: unknown; readonly resumeAfter?: unknown } | undefined };
interface Sink {
  next(result: { readonly data?: Record<string, unknown> | null | undefined; readonly errors?: readonly Problem[] | undefined }): void;
  error(error: unknown): void;
  complete(): void;
}

export interface Following<Data> {
  readonly onEvent: (data: Data) => void;
  /** Events were missed that nobody keeps any more: read again what you show. Events go on. */
  readonly onGap: () => void;
  /** It was refused and will not come back by itself: not signed in, not allowed, not a trusted document. */
  readonly onRefused: (error: unknown) => void;
}

const LONGEST_WAIT_MS = 10_000;

/**
 * Before the next attempt; graphql-ws and graphql-sse would double their waits without an end. Never all clients at
 * once: a node that stops sends them all away in the same moment.
 */
export const waitBeforeRetry = (attempt: number): Promise<void> => new Promise((done) => setTimeout(done, (0.5 + Math.random() / 2) * Math.min(LONGEST_WAIT_MS, 1_000 * 2 ** attempt)));

/** Options for createClient of graphql-ws: it never gives up; some sockets tell of a lost connection by an error, which it would take for final. */
export const LASTING = { retryAttempts: Number.POSITIVE_INFINITY, retryWait: waitBeforeRetry, shouldRetry: () => true };

/** @param documentId `sha256:<hex>` of a trusted document that selects `cursor` and takes $after. @returns stops following */
export function follow<Data>(client: { subscribe(request: SubscriptionRequest, sink: Sink): () => void }, { documentId, operationName }: { documentId: string; operationName: string }, variables: object, { onEvent, onGap, onRefused }: Following<Data>): () => void {
  const request: SubscriptionRequest = {
    // Both protocols want a text: the empty one, as the document is named by its hash.
    query: '', operationName, variables: { ...variables },
    extensions: { persistedQuery: { version: 1, sha256Hash: documentId.replace('sha256:', '') } },
  };
  let attempts = 0;
  let refused: readonly Problem[] | null = null;
  let stopped = false;
  let stop = (): void => undefined;
  const again = (): void => void waitBeforeRetry(attempts++).then(() => stopped || start());
  const end = (problems: readonly Problem[]): void => {
    const { resumeAfter = null, retryable } = problems[0]?.extensions ?? {};
    if (resumeAfter !== null) request.variables['after'] = resumeAfter;
    if (retryable === true || resumeAfter !== null) again();
    else onRefused(problems);
  };
  const start = (): void => {
    stop = client.subscribe(request, {
      next: ({ data, errors }) => {
        const isGap = errors?.[0]?.extensions?.code === 'LAGGED';
        refused = data == null && errors && !isGap ? errors : null;
        if (isGap) onGap();
        if (data == null) return;
        attempts = 0;
        onEvent(data as Data);
        const cursor = (Object.values(data)[0] as { cursor?: unknown } | null)?.cursor;
        if (typeof cursor === 'string') request.variables['after'] = cursor;
      },
      error: (error) => (Array.isArray(error) ? end(error as readonly Problem[]) : onRefused(error)),
      // Nothing we follow ever ends: the gateway is about to stop, or our token has expired.
      complete: () => (refused ? end(refused) : again()),
    });
  };
  start();
  return () => {
    stopped = true;
    stop();
  };
}
