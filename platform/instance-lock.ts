import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * One process per data folder: two would share one embedded PostgreSQL and stop it under each other. A lock left by a
 * process that is gone is taken over.
 * @throws Error naming the process that holds it.
 */
export function lockDataDirectory(directory: string): () => void {
  const file = join(directory, 'process.pid');
  mustWrite(directory, () => mkdirSync(directory, { recursive: true }));
  const holder = readHolder(file);
  if (holder !== null && holder !== process.pid && isAlive(holder)) {
    throw new Error(`${directory} is in use by process ${holder}; stop it, or give this one another DATA_DIR`);
  }
  mustWrite(directory, () => writeFileSync(file, `${process.pid}\n`));
  return () => rmSync(file, { force: true });
}

function mustWrite(directory: string, write: () => void): void {
  try {
    write();
  } catch (cause) {
    throw new Error(`DATA_DIR: ${directory} cannot be written (${(cause as Error).message}); give this user the right to, or name another folder`, { cause });
  }
}

function readHolder(file: string): number | null {
  try {
    return Number(readFileSync(file, 'utf8')) || null;
  } catch {
    return null;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
