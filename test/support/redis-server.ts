import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync, truncateSync } from 'node:fs';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePorts } from './deployment.ts';

/** A Redis of the test's own, which may be killed. */
export interface RedisServer {
  readonly url: string;
  kill(): Promise<void>;
  start(): Promise<void>;
  /** After a kill: the last bytes it wrote are gone, as after a loss of power. */
  loseEnd(bytes: number): void;
  /** Kills it and deletes what it kept. */
  remove(): Promise<void>;
}

/** Says so where there is no redis-server to start. */
export function hasRedisServer(): boolean {
  const found = spawnSync('redis-server', ['--version']).status === 0;
  if (!found && process.env['CI'] === 'true') throw new Error('redis-server is not installed');
  if (!found) console.log('stories that stop Redis are left out: redis-server is not installed');
  return found;
}

export interface RedisServerOptions {
  /** Everything that was acknowledged is there again after a kill. */
  readonly keeps?: boolean;
}

export async function startRedisServer({ keeps = false }: RedisServerOptions = {}): Promise<RedisServer> {
  const [port] = (await freePorts(1)) as [number];
  const directory = keeps ? mkdtempSync(join(tmpdir(), 'ucg-redis-')) : null;
  const persistence = directory ? ['--appendonly', 'yes', '--appendfsync', 'always', '--dir', directory] : ['--appendonly', 'no'];
  let child: ChildProcess | null = null;
  const server: RedisServer = {
    url: `redis://127.0.0.1:${port}`,
    start: async () => {
      child = spawn('redis-server', ['--port', String(port), '--bind', '127.0.0.1', '--save', '', ...persistence], { stdio: 'ignore' });
      for (let attempt = 0; attempt < 100; attempt += 1) {
        if (await accepts(port)) return;
        await new Promise((done) => setTimeout(done, 50));
      }
      throw new Error('redis-server did not start');
    },
    kill: async () => {
      if (!child || child.exitCode !== null || child.signalCode !== null) return;
      const ended = new Promise((done) => child!.once('exit', done));
      child.kill('SIGKILL');
      await ended;
    },
    loseEnd: (bytes) => {
      const file = directory && readdirSync(join(directory, 'appendonlydir')).find((name) => name.endsWith('.incr.aof'));
      if (!file) throw new Error('this Redis keeps nothing it could lose the end of');
      const path = join(directory, 'appendonlydir', file);
      truncateSync(path, Math.max(0, statSync(path).size - bytes));
    },
    remove: async () => {
      await server.kill();
      if (directory) rmSync(directory, { recursive: true, force: true });
    },
  };
  await server.start();
  return server;
}

const accepts = (port: number): Promise<boolean> =>
  new Promise((done) => {
    const socket = createConnection({ port, host: '127.0.0.1' }, () => done(true)).on('error', () => done(false));
    socket.on('connect', () => socket.destroy());
  });
