import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { chownSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

/**
 * PostgreSQL refuses to run as root: root lends it the user "nobody", which exists everywhere. Where nobody cannot reach
 * the project (it lies under /root, say), Linux's setpriv lends the right to pass through folders as well.
 */
const NOBODY = 65_534;
const isRoot = process.getuid?.() === 0;

export interface UnprivilegedOptions {
  /** Folders the command must reach, besides itself. */
  readonly paths: readonly string[];
  /** In a process group of its own: Ctrl-C reaches us alone, and we stop the command when we are done with it. */
  readonly detached: boolean;
}

/** Starts a command as an ordinary user even when we are root. */
export function spawnUnprivileged(command: string, args: readonly string[], { paths, detached }: UnprivilegedOptions): ChildProcess {
  const options = { detached, stdio: ['ignore', 'pipe', 'pipe'] as ('ignore' | 'pipe')[] };
  if (!isRoot) return spawn(command, args, options);
  if ([command, ...paths].every(isReachable) || !hasSetpriv()) return spawn(command, args, { ...options, uid: NOBODY, gid: NOBODY });
  // initdb asks access(2) whether it may run postgres, which leaves lent rights out of account but for no_setuid_fixup.
  const rights = ['--inh-caps=+dac_override', '--ambient-caps=+dac_override', '--securebits=+no_setuid_fixup'];
  const lend = [`--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups', ...rights];
  return spawn('setpriv', [...lend, command, ...args], options);
}

/** Makes the ordinary user the owner of what it must write. */
export function giveAway(paths: readonly string[]): void {
  if (isRoot) for (const path of paths) chownSync(path, NOBODY, NOBODY);
}

const OTHERS_MAY_PASS = 0o001;

/** Whether every folder above lets others through; the folder itself is given away. */
function isReachable(path: string): boolean {
  for (let folder = dirname(resolve(path)); ; folder = dirname(folder)) {
    const { mode, uid } = statSync(folder);
    if (uid !== NOBODY && (mode & OTHERS_MAY_PASS) === 0) return false;
    if (folder === dirname(folder)) return true;
  }
}

const hasSetpriv = (): boolean => spawnSync('setpriv', ['--version']).status === 0;
