import { fork, type ChildProcess } from 'node:child_process';
import type { Testimony } from './witness.ts';

const ended = (child: ChildProcess): Promise<void> =>
  new Promise((done) => {
    if (child.exitCode !== null || child.signalCode !== null) done();
    else child.once('exit', () => done());
  });

/** A gateway that may be killed, and comes back at the same address. */
export interface ProofNode {
  readonly url: string;
  /** SIGKILL, or SIGTERM for one that drains; then it starts again. */
  restart(signal: 'SIGKILL' | 'SIGTERM', downMs: number): Promise<void>;
  stop(): Promise<void>;
}

export interface NodeOptions {
  readonly port: number;
  readonly redis: string;
  readonly truth: string;
  readonly capacity: number;
  /** Path of the program. */
  readonly program: string;
}

export async function startNode({ port, redis, truth, capacity, program }: NodeOptions): Promise<ProofNode> {
  const start = (): Promise<ChildProcess> =>
    new Promise((done, fail) => {
      const child = fork(program, [String(port), redis, truth, String(capacity)]);
      child.once('message', () => done(child)).once('exit', (code) => fail(new Error(`a node ended with ${code}`)));
    });
  let child = await start();
  return {
    url: `http://127.0.0.1:${port}`,
    restart: async (signal, downMs) => {
      child.kill(signal);
      await ended(child);
      await new Promise((done) => setTimeout(done, downMs));
      child = await startAgain(start);
    },
    stop: async () => {
      child.kill('SIGKILL');
      await ended(child);
    },
  };
}

/** While Redis is away a node does not start: its supervisor tries again. */
async function startAgain(start: () => Promise<ChildProcess>): Promise<ChildProcess> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await start();
    } catch (error) {
      if (attempt === 5) throw error;
    }
  }
}

export interface Clients {
  testify(): Promise<readonly Testimony[]>;
  stop(): Promise<void>;
}

export interface ClientOptions {
  readonly program: string;
  readonly count: number;
  /** Number of the first: it says which node each begins with, and which SKUs it follows. */
  readonly first: number;
  readonly leavesAfterMs: number;
  readonly skus: readonly string[];
  readonly urls: readonly string[];
}

export function startClients({ program, count, first, leavesAfterMs, skus, urls }: ClientOptions): Clients {
  const child = fork(program, [String(count), String(first), String(leavesAfterMs), skus.join(','), ...urls]);
  return {
    testify: () =>
      new Promise((done, fail) => {
        const onExit = (code: number | null): void => fail(new Error(`the clients ended with ${code}`));
        child.once('exit', onExit).once('message', (told) => {
          child.off('exit', onExit);
          done(told as Testimony[]);
        });
        child.send('testify');
      }),
    stop: async () => {
      child.kill('SIGKILL');
      await ended(child);
    },
  };
}
