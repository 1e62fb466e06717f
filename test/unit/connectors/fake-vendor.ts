import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { CallContext } from '../../../domain/connector.ts';

export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: unknown;
}

export interface FakeAnswer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** A string goes out as it is, anything else as JSON. */
  readonly body: unknown;
}

export interface FakeVendor {
  readonly url: string;
  readonly seen: SeenRequest[];
  close(): Promise<void>;
}

/** An HTTP server that answers what the test says and remembers what it was asked. */
export async function startFakeVendor(answer: (request: SeenRequest, count: number) => FakeAnswer): Promise<FakeVendor> {
  const seen: SeenRequest[] = [];
  const server = createServer((incoming, outgoing) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const text = Buffer.concat(chunks).toString('utf8');
      const request = { method: incoming.method ?? '', path: incoming.url ?? '', headers: incoming.headers, body: text === '' ? null : (JSON.parse(text) as unknown) };
      seen.push(request);
      const { status = 200, headers = {}, body } = answer(request, seen.length);
      outgoing.writeHead(status, { 'content-type': 'application/json', ...headers });
      outgoing.end(typeof body === 'string' ? body : JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    close: () => new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    }),
  };
}

export const call = (): CallContext => ({ signal: new AbortController().signal, deadlineAtMs: Date.now() + 10_000 });
