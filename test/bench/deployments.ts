import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SUBGRAPH_NAMES } from '../../subgraphs/frame/module.ts';
import { access } from '../support/access.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { startCollector } from './collector.ts';
import { freePorts, isReachable, startNode, type NodeProcess } from './processes.ts';

/** One of the ways to serve the graph, running. */
export interface Contender {
  readonly name: string;
  readonly url: string;
  readonly processes: readonly NodeProcess[];
  readonly database: TestDatabase;
}

export interface Contenders {
  /** A embedded, B plain @apollo/gateway, C services, each of ours without and with the cache; B and C share the subgraph services. */
  readonly all: readonly Contender[];
  stop(): Promise<void>;
}

const DEFAULT_REDIS = 'redis://127.0.0.1:6379';
/** Gateways over the services. */
const FRONTS = 3;
const SECRET = 'bench-bench-bench-bench-bench-bench';

/** Feeds run while pages are measured, but rarely, and alike for everybody. */
const QUIET = { STOCK_POLL_MS: '30000', ORDER_POLL_MS: '30000', PRICE_POLL_MS: '30000', CONTENT_POLL_MS: '30000', STALE_AFTER_MS: '600000' };

/** Limits that are counted and never reached. */
const AMPLE = ['service', 'marketplace', 'checkout', 'operations', 'admin', 'address'].map((name) => `${name}=100000000/100000000`).join();

export async function startContenders(): Promise<Contenders> {
  const directory = mkdtempSync(join(tmpdir(), 'ucg-bench-'));
  const stops: (() => Promise<void>)[] = [async () => rmSync(directory, { recursive: true, force: true })];
  const stop = async (): Promise<void> => {
    for (let step = stops.pop(); step; step = stops.pop()) await step();
  };
  try {
    const [sandboxPort] = (await freePorts(1)) as [number];
    const sandboxUrl = `http://127.0.0.1:${sandboxPort}`;
    const sandbox = await startNode(['sandbox/main.ts', '--port', String(sandboxPort), '--data-dir', 'none'], {}, `${sandboxUrl}/sandbox/state`);
    stops.push(() => sandbox.stop());
    const collector = await startCollector();
    stops.push(() => collector.close());
    const guarded = { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, TRACE_SAMPLE_RATIO: '0.1', RATE_LIMITS: AMPLE, LANE_MAX_LAG_MS: '60000' };
    const settings = { ...QUIET, ...guarded, ...access('services'), HOST: '127.0.0.1', DATA_DIR: directory, SANDBOX_URL: sandboxUrl };
    const embedded = [await startEmbeddedHouse('A embedded', { ...settings, CACHE: 'off' }, stops), await startEmbeddedHouse('A cached', settings, stops)];
    const redis = process.env['REDIS_URL'] ?? DEFAULT_REDIS;
    if (await isReachable(redis)) return { all: [...embedded, ...(await startServices({ ...settings, REDIS_URL: redis }, stops))], stop };
    console.log(`  B and C skipped: no Redis at ${redis}; set REDIS_URL`);
    return { all: embedded, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

type Settings = Readonly<Record<string, string>>;
type Stops = (() => Promise<void>)[];

async function startEmbeddedHouse(name: string, settings: Settings, stops: Stops): Promise<Contender> {
  const database = await openDatabaseFor(stops);
  const [port] = (await freePorts(1)) as [number];
  const url = `http://127.0.0.1:${port}`;
  const house = await startNode(['gateway/main.ts'], { ...settings, HOSTING: 'embedded', DATA_DIR: join(settings['DATA_DIR']!, name.replaceAll(' ', '-')), PORT: String(port), DATABASE_URL: database.url }, `${url}/health/ready`);
  stops.push(() => house.stop());
  return { name, url, processes: [house], database };
}

async function startServices(settings: Settings, stops: Stops): Promise<readonly Contender[]> {
  const database = await openDatabaseFor(stops);
  const ports = await freePorts(FRONTS + SUBGRAPH_NAMES.length);
  const addresses = SUBGRAPH_NAMES.map((name, index) => [name, `http://127.0.0.1:${ports[index + FRONTS]}`] as const);
  const env = {
    ...settings, HOSTING: 'services', DATABASE_URL: database.url, SUBGRAPH_SECRET: SECRET,
    SUBGRAPH_URLS: addresses.map(([name, url]) => `${name}=${url}/graphql`).join(','),
  };
  const services = await Promise.all(addresses.map(([name, url]) => startNode(['subgraphs/main.ts', name], env, `${url}/health/ready`)));
  stops.push(async () => void (await Promise.all(services.map((service) => service.stop()))));
  const front = async (name: string, entry: string, port: number, readyPath: string, more: Settings = {}): Promise<Contender> => {
    const url = `http://127.0.0.1:${port}`;
    const gateway = await startNode([entry], { ...env, ...more, PORT: String(port) }, url + readyPath);
    stops.push(() => gateway.stop());
    return { name, url, processes: [gateway, ...services], database };
  };
  // Apollo's standalone server has no health path; a trivial query tells that it serves.
  const plain = await front('B plain @apollo/gateway', 'test/bench/plain-gateway.ts', ports[0]!, '/?query=%7B__typename%7D');
  const own = await front('C services', 'gateway/main.ts', ports[1]!, '/health/ready', { CACHE: 'off' });
  return [plain, own, await front('C cached', 'gateway/main.ts', ports[2]!, '/health/ready')];
}

/** A database of its own: on DATABASE_URL where given, else on an embedded PostgreSQL. */
async function openDatabaseFor(stops: Stops): Promise<TestDatabase> {
  const database = await createTestDatabase();
  stops.push(() => database.drop());
  return database;
}
