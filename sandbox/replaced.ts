import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const markIn = (dataDir: string): string => join(dataDir, 'sandbox', 'replaced');

/** Leaves word that the vendors' data was replaced while no house was running. */
export function markReplaced(dataDir: string): void {
  writeFileSync(markIn(dataDir), '');
}

/** Whether it was, since the last time somebody asked: what is shown of the old data must then be read anew. */
export function takeReplaced(dataDir: string): boolean {
  const replaced = existsSync(markIn(dataDir));
  rmSync(markIn(dataDir), { force: true });
  return replaced;
}
