import { setTimeout as pause } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { credentials } from '../support/access.ts';
import { startContenders, type Contender } from './deployments.ts';
import { runLoad, type LoadResult } from './load.ts';
import { readBackendCpuMs, readCpuMs, readMemoryMiB } from './processes.ts';
import { findListings, isFullListing, LISTING } from './listing-operation.ts';
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

/** What all contenders are asked. */
interface Contest {
  readonly query: string;
  /** Of full answers; each is asked in turn. */
  readonly findVariables: (ask: Ask, count: number) => Promise<readonly Readonly<Record<string, unknown>>[]>;
  readonly isFull: (data: unknown) => boolean;
  /** How every right answer begins. */
  readonly prefix: string;
}

const PAGE: Contest = {
  query: PRODUCT_PAGE,
  findVariables: async (ask, count) => (await findFullProducts(ask, count)).map((handle) => ({ handle })),
  isFull: (data) => isFullPage(data),
  prefix: '{"data":{"product":{',
};
const SHELF: Contest = { query: LISTING, findVariables: async (ask, count) => (await findListings(ask, count)).map((one) => ({ ...one })), isFull: isFullListing, prefix: '{"data":{"products":{' };

/** Requests/s of a product page and of a listing over hostings of the same code on the same data. */
export async function run({ roundMs, rounds }: BenchOptions): Promise<Outcome> {
  const contenders = await startContenders();
  try {
    const failures: string[] = [];
    for (const [name, contest] of [['product page', PAGE], ['listing of 24', SHELF]] as const) {
      console.log(`  ${name}`);
      failures.push(...(await hold(contest, contenders.all, { roundMs, rounds })));
    }
    console.log(method(roundMs, rounds));
    return { failures };
  } finally {
    await contenders.stop();
  }
}

async function hold(contest: Contest, contenders: readonly Contender[], options: Pick<BenchOptions, 'roundMs' | 'rounds'>): Promise<readonly string[]> {
  const [first] = contenders as readonly [Contender, ...Contender[]];
  const variables = await contest.findVariables(askOf(first), PRODUCTS);
  const failures = await compareAnswers(contest, contenders, variables);
  if (failures.length > 0) return failures;
  const bodies = variables.map((one) => JSON.stringify({ query: contest.query, variables: one }));
  const results = await measureAll(contenders, { bodies, prefix: contest.prefix }, options);
  report(contenders, results);
  return [...results].flatMap(([{ name }, measured]) => {
    const wrong = measured.reduce((sum, round) => sum + round.wrong, 0);
    return wrong === 0 ? [] : [`${wrong} answers of ${name} under load were wrong`];
  });
}

const askOf = ({ url }: Contender): Ask => async (query, variables) => {
  const answer = await fetch(`${url}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify({ query, variables }) });
  return (await answer.json()) as Awaited<ReturnType<Ask>>;
};

type Answers = readonly Awaited<ReturnType<Ask>>[];

async function compareAnswers({ query, isFull }: Contest, contenders: readonly Contender[], variables: readonly Readonly<Record<string, unknown>>[]): Promise<readonly string[]> {
  const askAll = (one: Readonly<Record<string, unknown>>): Promise<Answers> => Promise.all(contenders.map((contender) => askOf(contender)(query, one)));
  const areAlike = (answers: Answers): boolean => answers.every(({ errors, data }) => !errors && isFull(data) && isDeepStrictEqual(data, answers[0]!.data));
  const failures: string[] = [];
  // Houses that started one after the other have read their sources at different times; they agree before long.
  const patientUntil = performance.now() + SETTLE_MS;
  for (const one of variables) {
    let answers = await askAll(one);
    while (!areAlike(answers) && performance.now() < patientUntil) {
      await pause(RETRY_MS);
      answers = await askAll(one);
    }
    if (!areAlike(answers)) failures.push(`${JSON.stringify(one)} is answered differently: ${JSON.stringify(answers).slice(0, 4_000)}`);
  }
  console.log(`  same answers: ${variables.length - failures.length} of ${variables.length} variable sets, ${contenders.length} contenders`);
  return failures;
}

interface Page {
  readonly product: { readonly variants: readonly { readonly price: unknown; readonly availability: unknown }[] } | null;
}

/** An answer of nulls would be quick and equal everywhere. */
const isFullPage = (data: unknown): boolean =>
  (data as Page | null)?.product?.variants.every(({ price, availability }) => price !== null && availability !== null) === true;

type Rounds = ReadonlyMap<Contender, readonly Round[]>;

interface Asked {
  readonly bodies: readonly string[];
  readonly prefix: string;
}

async function measureAll(contenders: readonly Contender[], asked: Asked, { roundMs, rounds }: Pick<BenchOptions, 'roundMs' | 'rounds'>): Promise<Rounds> {
  const results = new Map(contenders.map((contender) => [contender, [] as Round[]]));
  for (const contender of contenders) await measure(contender, asked, roundMs);
  for (let round = 0; round < rounds; round++) for (const [contender, measured] of results) measured.push(await measure(contender, asked, roundMs));
  return results;
}

async function measure(contender: Contender, { bodies, prefix }: Asked, durationMs: number): Promise<Round> {
  const pids = contender.processes.map(({ pid }) => pid);
  const before = { cpuMs: readCpuMs(pids), backends: await readBackends(contender) };
  const result = await runLoad({ url: contender.url, headers, bodies, prefix, connections: CONNECTIONS, durationMs });
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

const method = (roundMs: number, rounds: number): string => `
  A is our gateway with the five subgraphs in its process; B is ApolloServer + @apollo/gateway, C our gateway, both over
  HTTP to the same five subgraph services. All on PostgreSQL; services also on Redis; one sandbox, sample data. A and C run
  with authentication (API keys), rate limits, lanes and tracing (every tenth operation is sent to a collector) on, B with
  none of it. "cached" has the cache on, the others have it off.
  ${CONNECTIONS} connections in a closed loop over the variable sets, the load made by this process on the same machine. After one
  warm-up round each, ${rounds} alternating rounds of ${roundMs / 1000} s; medians of rounds. CPU is user + system time of all
  processes of the contender, without PostgreSQL, whose sessions are counted apart; memory is resident, after the load.`;
