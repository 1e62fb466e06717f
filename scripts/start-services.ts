import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { requireConfig, serviceEnvironment } from '../platform/config.ts';
import { onStopSignal } from '../platform/teardown.ts';
import { readSubgraphUrls } from '../subgraphs/addresses.ts';
import { SUBGRAPH_NAMES } from '../subgraphs/frame/module.ts';

/**
 * npm run start:services: the shape of production on one machine, without docker: gateway and five subgraphs as
 * processes over HTTP, on REDIS_URL and DATABASE_URL; a sandbox where no CONNECTIONS_FILE is given.
 */
const settings = serviceEnvironment({ subgraphSecret: randomBytes(32).toString('hex') });
const config = requireConfig(settings);
const children: { readonly name: string; readonly process: ChildProcess }[] = [];
let stopping = false;

function start(name: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): void {
  const child = spawn(process.execPath, ['--import', 'tsx', ...args], { env: { ...settings, ...env }, stdio: ['ignore', 'pipe', 'inherit'], detached: true });
  child.stdout!.on('data', (chunk: Buffer) => {
    for (const line of String(chunk).trimEnd().split('\n')) process.stdout.write(`${name.padEnd(10)} ${line}\n`);
  });
  child.on('exit', (code) => {
    if (stopping) return;
    process.stderr.write(`${name} ended with ${code}; stopping the rest\n`);
    void stop().then(() => process.exit(1));
  });
  children.push({ name, process: child });
}

/** Gateway first, so that nothing new comes in; then the others; waits for each to drain. */
async function stop(): Promise<void> {
  stopping = true;
  for (const { process: child } of [...children].reverse()) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    const ended = new Promise((done) => child.once('exit', done));
    child.kill('SIGTERM');
    await ended;
  }
}

async function waitFor(name: string, url: string): Promise<void> {
  for (let attempt = 0; attempt < 240; attempt += 1) {
    const ok = await fetch(url).then((response) => response.ok, () => false);
    if (ok) return;
    await new Promise((done) => setTimeout(done, 250));
  }
  throw new Error(`${name} did not become ready at ${url}`);
}

onStopSignal(stop);
try {
  const needsSandbox = !config.CONNECTIONS_FILE && !config.SANDBOX_URL;
  const sandboxUrl = needsSandbox ? `http://127.0.0.1:${config.sandboxPort}` : config.SANDBOX_URL;
  if (needsSandbox) {
    start('sandbox', ['sandbox/main.ts', '--port', String(config.sandboxPort), '--data-dir', config.DATA_DIR, '--seed', 'sample']);
    await waitFor('sandbox', `${sandboxUrl}/sandbox/state`);
  }
  const forSubgraphs: Record<string, string> = sandboxUrl ? { SANDBOX_URL: sandboxUrl } : {};
  for (const name of SUBGRAPH_NAMES) start(name, ['subgraphs/main.ts', name], forSubgraphs);
  const urls = readSubgraphUrls(config.SUBGRAPH_URLS);
  await Promise.all(SUBGRAPH_NAMES.map((name) => waitFor(name, new URL('/health/ready', urls[name]).toString())));
  start('gateway', ['gateway/main.ts']);
  await waitFor('gateway', `http://${config.HOST}:${config.PORT}/health/ready`);
  process.stdout.write(`all ready: http://${config.HOST}:${config.PORT}/graphql\n`);
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  await stop();
  process.exit(1);
}
