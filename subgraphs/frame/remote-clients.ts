import { CLIENT_METHODS, type Clients } from '../../domain/clients.ts';
import { Failure, isFailureCode } from '../../domain/failure.ts';
import { createRpcClient, type RpcFailure } from '../../platform/rpc.ts';
import type { Signer } from '../../platform/signed.ts';

/** Statement that lets one subgraph call another's client port. */
export const RPC_HEADER = 'x-subgraph-call';

/** One subgraph's client port over HTTP. */
export const createRemoteClient = <Name extends keyof Clients>(name: Name, url: string, signer: Signer, timeoutMs: number): Clients[Name] =>
  createRpcClient<Clients[Name]>({
    baseUrl: new URL('/rpc', url).toString(),
    methods: CLIENT_METHODS[name],
    headers: () => ({ [RPC_HEADER]: signer.sign({ call: name }) }),
    timeoutMs,
    toError: (failure) => toFailure(name, failure),
  });

/** The other subgraphs over HTTP: the same ports as in process. */
export function createRemoteClients(urls: Readonly<Record<keyof Clients, string>>, signer: Signer, timeoutMs: number): Clients {
  const remote = <Name extends keyof Clients>(name: Name): Clients[Name] => createRemoteClient(name, urls[name], signer, timeoutMs);
  return { catalog: remote('catalog'), inventory: remote('inventory'), pricing: remote('pricing'), customer: remote('customer') };
}

function toFailure(system: string, failure: RpcFailure): Failure {
  if (failure.kind === 'silent') {
    const code = failure.timedOut ? 'UPSTREAM_TIMEOUT' : 'UPSTREAM_UNAVAILABLE';
    return new Failure(code, `the ${system} subgraph did not answer`, { system, cause: failure.cause });
  }
  const { code, message, field } = (failure.body ?? {}) as { code?: unknown; message?: string; field?: readonly string[] };
  if (isFailureCode(code)) return new Failure(code, message ?? code, { system, ...(field && { field }) });
  return new Failure('UPSTREAM_UNAVAILABLE', `the ${system} subgraph answered HTTP ${failure.status}`, { system });
}
