import { setTimeout as pause } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { credentials } from '../support/access.ts';
import { startContenders, type Contender } from './deployments.ts';
import { runLoad, type LoadResult } from './load.ts';
import { readBackendCpuMs, readCpuMs, readMemoryMiB } from './processes.ts';
import { findFullProducts, PRODUCT_PAGE, type Ask } from './product-page-operation.ts';
import { median, printTable, type BenchOptions, type Outcome } from './report.ts';

const PRODUCTS = 100;
const CONNECTIONS = 32;
const SETTLE_MS = 60_000;
const RETRY_MS = 2_000;
const headers = credentials('services');

interface Round extends LoadResult {
  readonly cpuMsPerRequest: number;
  readonly backendCpuMsPerRequest: number;
}

/** Requests/s of one product page over three hostings of the same code on the same data. */
export async function run({ roundMs, rounds }: BenchOptions): Promise<Outcome> {
  const contenders = await startContenders();
  try {
    const [embedded] = contenders.all as [Contender, ...Contender[]];
    const handles = await findFullProducts(askOf(embedded), PRODUCTS);
    const failures = await compareAnswers(contenders.all, handles);
    if (failures.length > 0) return { failures };
    const bodies = handles.map((handle) => JSON.stringify({ query: PRODUCT_PAGE, variables: { handle } }));
    const results = await measureAll(contenders.all, bodies, { roundMs, rounds });
    report(contenders.all, results);
    console.log(method(roundMs, rounds, handles.length));
    const wrong = [...results.values()].flat().reduce((sum, round) => sum + round.wrong, 0);
    return { failures: wrong === 0 ? [] : [`${wrong} answers under load were not a product page`] };
  } finally {
    await contenders.stop();
  }
}

const askOf = ({ url }: Contender): Ask => async (query, variables) => {
  const answer = await fetch(`${url}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify({ query, variables }) });
  return (await answer.json()) as Awaited<ReturnType<Ask>>;
};

const askAll = (contenders: readonly Contender[], handle: string) => Promise.all(contenders.map((contender) => askOf(contender)(PRODUCT_PAGE, { handle })));

const areAlike = (answers: Awaited<ReturnType<typeof askAll>>): boolean =>
  answers.every(({ errors, data }) => !errors && isFull(data) && isDeepStrictEqual(data, answers[0]!.data));

async function compareAnswers(contenders: readonly Contender[], handles: readonly string[]): Promise<readonly string[]> {
  const failures: string[] = [];
  // Houses that started one after the other have read their sources at different times; they agree before long.
  const patientUntil = performance.now() + SETTLE_MS;
  for (const handle of handles) {
    let answers = await askAll(contenders, handle);
    while (!areAlike(answers) && performance.now() < patientUntil) {
      await pause(RETRY_MS);
      answers = await askAll(contenders, handle);
    }
    if (!areAlike(answers)) failures.push(`${handle} is answered differently: ${JSON.stringify(answers)}`);
  }
  console.log(`  same answers: ${handles.length - failures.length} of ${handles.length}${contenders.length === 1 ? ' (A alone)' : ''}`);
  return failures;
}

interface Page {
  readonly product: { readonly variants: readonly { readonly price: unknown; readonly availability: unknown }[] } | null;
}

/** An answer of nulls would be quick and equal everywhere. */
const isFull = (data: unknown): boolean =>
  (data as Page | null)?.product?.variants.every(({ price, availability }) => price !== null && availability !== null) === true;

type Rounds = ReadonlyMap<Contender, readonly Round[]>;

async function measureAll(contenders: readonly Contender[], bodies: readonly string[], { roundMs, rounds }: Pick<BenchOptions, 'roundMs' | 'rounds'>): Promise<Rounds> {
  const results = new Map(contenders.map((contender) => [contender, [] as Round[]]));
  for (const contender of contenders) await measure(contender, bodies, roundMs);
  for (let round = 0; round < rounds; round++) for (const [contender, measured] of results) measured.push(await measure(contender, bodies, roundMs));
  return results;
}

async function measure(contender: Contender, bodies: readonly string[], durationMs: number): Promise<Round> {
  const pids = contender.processes.map(({ pid }) => pid);
  const before = { cpuMs: readCpuMs(pids), backends: await readBackends(contender) };
  const result = await runLoad({ url: contender.url, headers, bodies, connections: CONNECTIONS, durationMs });
  const after = { cpuMs: readCpuMs(pids), backends: await readBackends(contender) };
  return {
    ...result,
    cpuMsPerRequest: before.cpuMs === null || after.cpuMs === null ? Number.NaN : (after.cpuMs - before.cpuMs) / result.requests,
    backendCpuMsPerRequest: after.backends.size === 0 ? Number.NaN : addedMs(before.backends, after.backends) / result.requests,
  };
}

/** Pools open and close connections as they need them: those of the contender's database, now. */
async function readBackends({ database: { database } }: Contender): Promise<ReadonlyMap<number, number>> {
  const rows = await database.query<{ pid: number }>('select pid from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()');
  return readBackendCpuMs(rows.map(({ pid }) => pid));
}

const addedMs = (before: ReadonlyMap<number, number>, after: ReadonlyMap<number, number>): number =>
  [...after].reduce((sum, [pid, ms]) => sum + ms - (before.get(pid) ?? 0), 0);

function report(contenders: readonly Contender[], results: Rounds): void {
  const middle = (contender: Contender, value: (round: Round) => number): number => median(results.get(contender)!.map(value));
  const plain = contenders.find(({ name }) => name.startsWith('B'));
  const ratio = (contender: Contender, value: (round: Round) => number): string => (plain ? `${(middle(contender, value) / middle(plain, value)).toFixed(2)}x` : '-');
  printTable(
    ['', 'requests/s', 'to B', 'p50 ms', 'p99 ms', 'CPU ms/request', 'to B', 'PostgreSQL CPU ms/request', 'memory MiB', 'processes'],
    contenders.map((contender) => [
      contender.name,
      middle(contender, (round) => round.requestsPerSecond).toFixed(0), ratio(contender, (round) => round.requestsPerSecond),
      middle(contender, (round) => round.p50Ms).toFixed(0), middle(contender, (round) => round.p99Ms).toFixed(0),
      middle(contender, (round) => round.cpuMsPerRequest).toFixed(2), ratio(contender, (round) => round.cpuMsPerRequest),
      middle(contender, (round) => round.backendCpuMsPerRequest).toFixed(2),
      contender.processes.reduce((sum, { pid }) => sum + readMemoryMiB(pid, 'VmRSS'), 0).toFixed(0), String(contender.processes.length),
    ]),
  );
}

const method = (roundMs: number, rounds: number, products: number): string => `
  A is our gateway with the five subgraphs in its process; B is ApolloServer + @apollo/gateway, C our gateway, both over
  HTTP to the same five subgraph services. All on PostgreSQL; services also on Redis; one sandbox, sample data.
  ${CONNECTIONS} connections in a closed loop over ${products} products, the load made by this process on the same machine. After one
  warm-up round each, ${rounds} alternating rounds (A B C A B C) of ${roundMs / 1000} s; medians of rounds. CPU is user + system time of all
  processes of the contender, without PostgreSQL, whose sessions are counted apart; memory is resident, after the load.`;
