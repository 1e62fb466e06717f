import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { systemClock } from '../platform/clock.ts';
import { readConfig } from '../platform/config.ts';
import { createEngine, type SandboxSeed } from './engine/engine.ts';
import { markReplaced } from './replaced.ts';
import { askForResync } from './resync.ts';
import { loadAdventureWorks } from './seeds/adventureworks/load.ts';
import type { LoadReport } from './seeds/adventureworks/report.ts';

/**
 * `npm run sandbox:load -- adventureworks <folder> [--shift-days n]`: replaces what the sandbox ERP and PIM hold, through
 * the control API of a running sandbox, else in `<DATA_DIR>/sandbox/` for its next start.
 */
const usage = 'usage: npm run sandbox:load -- adventureworks <folder> [--shift-days <whole number>]';

export interface LoadTarget {
  /** Base address of the sandbox, which may not be running. */
  readonly url: string;
  readonly dataDir: string;
}

/** Puts a seed where the sandbox finds it. Throws when a running sandbox refuses it. */
export async function putSeed(seed: SandboxSeed, { url, dataDir }: LoadTarget): Promise<'running sandbox' | 'data directory'> {
  if (await isRunning(url)) {
    const answer = await fetch(`${url}/sandbox/load`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(seed) });
    if (!answer.ok) throw new Error(`the sandbox at ${url} refused the seed: ${answer.status} ${await answer.text()}`);
    await answer.arrayBuffer();
    return 'running sandbox';
  }
  const engine = createEngine({ clock: systemClock, dataDir });
  try {
    engine.reset(seed);
  } finally {
    engine.close();
  }
  markReplaced(dataDir);
  return 'data directory';
}

async function isRunning(url: string): Promise<boolean> {
  try {
    const answer = await fetch(`${url}/sandbox/state`, { signal: AbortSignal.timeout(2000) });
    await answer.arrayBuffer();
    return answer.ok;
  } catch {
    return false;
  }
}

/** One JSON a line; returns the file's path. */
export function writeRefused(report: LoadReport, dataDir: string): string {
  const path = join(dataDir, 'sandbox', 'rejected.jsonl');
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, report.refused.map((row) => `${JSON.stringify(row)}\n`).join(''));
  return path;
}

/** The count table as text. */
export function countTable({ tables, notes }: LoadReport): string {
  const line = (cells: readonly (string | number)[]): string => [String(cells[0]).padEnd(40), ...cells.slice(1).map((cell) => String(cell).padStart(9))].join('');
  return [
    line(['table', 'rows in', 'rows out', 'merged', 'rejected']),
    ...tables.map((row) => line([row.table, row.rowsIn, row.rowsOut, row.merged, row.rejected])),
    '', ...Object.entries(notes).map(([name, value]) => `${name}: ${value}`),
  ].join('\n');
}

async function main(args: readonly string[]): Promise<void> {
  const [source, folder, flag, days] = args;
  if (source !== 'adventureworks' || folder === undefined || (flag !== undefined && (flag !== '--shift-days' || !/^-?\d{1,6}$/.test(days ?? '')))) {
    throw new Error(usage);
  }
  const config = readConfig();
  const today = systemClock.date().toISOString().slice(0, 10);
  const { erp, pim, report } = loadAdventureWorks(folder, { today, ...(days !== undefined && { shiftDays: Number.parseInt(days, 10) }) });
  const path = writeRefused(report, config.DATA_DIR);
  process.stdout.write(`${countTable(report)}\n`);
  const houseUrl = `http://${config.HOST}:${config.PORT}`;
  const where = await putSeed({ erp, pim }, { url: config.SANDBOX_URL ?? `http://${config.HOST}:${config.sandboxPort}`, dataDir: config.DATA_DIR });
  process.stdout.write(`loaded into the ${where}; every rejected or merged row with its reason: ${path} (${report.refused.length})\n${where === 'running sandbox' ? await askForResync(houseUrl) : 'the next start reads it, and forgets what it showed before'}\n`);
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  await main(process.argv.slice(2)).catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  });
}
