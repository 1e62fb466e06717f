import autocannon, { type Client, type Request } from 'autocannon';

export interface Load {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Bodies, asked in turn; every connection starts at another one. */
  readonly bodies: readonly string[];
  /** How every right answer begins. */
  readonly prefix: string;
  readonly connections: number;
  readonly durationMs: number;
}

export interface LoadResult {
  readonly requests: number;
  readonly requestsPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Answers that were no 200 with data. */
  readonly wrong: number;
}

/** Closed loop: each connection asks again as soon as it is answered. */
export async function runLoad({ url, headers, bodies, prefix, connections, durationMs }: Load): Promise<LoadResult> {
  const requests: Request[] = bodies.map((body) => ({ method: 'POST', path: '/graphql', headers: { 'content-type': 'application/json', ...headers }, body }));
  let started = 0;
  const result = await autocannon({
    url,
    connections,
    duration: durationMs / 1000,
    requests,
    setupClient: (client: Client) => {
      const first = (started++ * 7) % requests.length;
      client.setRequests([...requests.slice(first), ...requests.slice(0, first)]);
    },
    verifyBody: (body) => String(body).startsWith(prefix),
  });
  return {
    requests: result.requests.total,
    requestsPerSecond: result.requests.total / result.duration,
    p50Ms: result.latency.p50,
    p99Ms: result.latency.p99,
    wrong: result.non2xx + result.errors + result.mismatches,
  };
}
