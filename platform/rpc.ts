/**
 * Calls between services of this house: one method, one JSON argument, one JSON answer, over HTTP. Used for the client
 * ports by which subgraphs ask each other; authentication is the header the caller supplies.
 */
export interface RpcClientOptions {
  readonly baseUrl: string;
  readonly methods: readonly string[];
  readonly headers: () => Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  /** Turns a refusal or silence into what the caller's language of failures says. */
  readonly toError: (failure: RpcFailure) => Error;
}

export type RpcFailure =
  | { readonly kind: 'refused'; readonly body: unknown; readonly status: number }
  | { readonly kind: 'silent'; readonly timedOut: boolean; readonly cause: unknown };

/** A remote object whose methods take and give plain JSON. */
export function createRpcClient<T extends object>({ baseUrl, methods, headers, timeoutMs, toError }: RpcClientOptions): T {
  const call = async (method: string, argument: unknown): Promise<unknown> => {
    let response: Response;
    try {
      response = await fetch(`${baseUrl}/${method}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers() },
        body: JSON.stringify(argument),
        signal: AbortSignal.timeout(timeoutMs),
      });
    } catch (cause) {
      throw toError({ kind: 'silent', timedOut: (cause as Error).name === 'TimeoutError', cause });
    }
    const body: unknown = await response.json().catch(() => null);
    if (!response.ok) throw toError({ kind: 'refused', body, status: response.status });
    return (body as { result: unknown }).result;
  };
  return Object.fromEntries(methods.map((method) => [method, (argument: unknown) => call(method, argument)])) as T;
}

/** The serving side: calls `target[method](argument)` when the method is on the list. Undefined = no such method. */
export async function serveRpc(target: object, methods: readonly string[], method: string, argument: unknown): Promise<{ result: unknown } | undefined> {
  if (!methods.includes(method)) return undefined;
  const operation = (target as Record<string, (argument: unknown) => Promise<unknown>>)[method]!;
  return { result: (await operation.call(target, argument)) ?? null };
}
