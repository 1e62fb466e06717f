import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export interface Child {
  readonly process: ChildProcess;
  /** Resolves with the exit code, null when it was killed, once all it said has been read. */
  readonly ended: Promise<number | null>;
}

/** Starts a process of the proof; every line it prints is handed over, also the last before it is killed. */
export function startChild(file: string, args: readonly string[], onLine: (line: string) => void): Child {
  const child = spawn(process.execPath, ['--import', 'tsx', fileURLToPath(new URL(file, import.meta.url)), ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = new Promise<number | null>((done) => child.once('exit', done));
  const read = (async () => {
    for await (const line of createInterface({ input: child.stdout })) onLine(line);
  })();
  return { process: child, ended: read.then(() => exited) };
}
