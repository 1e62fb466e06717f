import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { createConnection } from 'node:net';
import { freePorts } from './deployment.ts';

/** A Redis of the test's own, which may be killed. */
export interface RedisServer {
  readonly url: string;
  kill(): Promise<void>;
  start(): Promise<void>;
}

/** Says so where there is no redis-server to start. */
export function hasRedisServer(): boolean {
  const found = spawnSync('redis-server', ['--version']).status === 0;
  if (!found && process.env['CI'] === 'true') throw new Error('redis-server is not installed');
  if (!found) console.log('stories that stop Redis are left out: redis-server is not installed');
  return found;
}

export async function startRedisServer(): Promise<RedisServer> {
  const [port] = (await freePorts(1)) as [number];
  let child: ChildProcess | null = null;
  const server: RedisServer = {
    url: `redis://127.0.0.1:${port}`,
    start: async () => {
      child = spawn('redis-server', ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'], { stdio: 'ignore' });
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
  };
  await server.start();
  return server;
}

const accepts = (port: number): Promise<boolean> =>
  new Promise((done) => {
    const socket = createConnection({ port, host: '127.0.0.1' }, () => done(true)).on('error', () => done(false));
    socket.on('connect', () => socket.destroy());
  });
