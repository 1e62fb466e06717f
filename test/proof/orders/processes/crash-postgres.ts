import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLog } from '../../../../platform/log.ts';
import { startEmbeddedPostgres } from '../../../../platform/stores/embedded-postgres.ts';
import { spawnUnprivileged } from '../../../../platform/stores/unprivileged.ts';

/** A PostgreSQL of the proof's own, with fsync on, that may be crashed and started again where it was. */
export interface CrashPostgres {
  readonly url: string;
  /** Ends every process of it at once, as a power cut would, and starts it again on the same port: it recovers from its log. */
  crash(): Promise<void>;
  stop(): Promise<void>;
}

export async function startCrashPostgres(): Promise<CrashPostgres> {
  const directory = mkdtempSync(join(tmpdir(), 'ucg-proof-'));
  const cluster = join(directory, 'cluster');
  const server = await startEmbeddedPostgres({ directory, log: silentLog });
  const pidOf = (): number => Number(readFileSync(join(cluster, 'postmaster.pid'), 'utf8').split('\n')[0]);
  return {
    url: server.url,
    crash: async () => {
      const pid = pidOf();
      // The command line it was started with: `"/…/postgres" "-D" "…" "-p" "…"`.
      const [command, ...args] = [...readFileSync(join(cluster, 'postmaster.opts'), 'utf8').matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare!);
      process.kill(pid, 'SIGQUIT');
      await gone(pid);
      const child = spawnUnprivileged(command!, args, { paths: [cluster], detached: true });
      await new Promise<void>((done) => child.stderr!.on('data', (words: Buffer) => void (String(words).includes('ready to accept connections') && done())));
    },
    stop: async () => {
      const pid = pidOf();
      process.kill(pid, 'SIGINT');
      await gone(pid);
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

async function gone(pid: number): Promise<void> {
  for (;;) {
    try {
      process.kill(pid, 0);
    } catch {
      return;
    }
    await new Promise((done) => setTimeout(done, 20));
  }
}
