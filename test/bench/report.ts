import { cpus, totalmem } from 'node:os';

/** What a section found out; `failures` are sentences that make the run exit non-zero. Times never do. */
export interface Outcome {
  readonly failures: readonly string[];
}

export interface BenchOptions {
  /** Length of one measured round. */
  readonly roundMs: number;
  readonly rounds: number;
  /** Folder of AdventureWorks. */
  readonly dataDirectory: string;
  /** Whether what takes long and much disk may run. */
  readonly large: boolean;
  /** How many SKUs that has. */
  readonly skus: number;
  /** How many price rules `price-scale` loads. */
  readonly rows: number;
}

export interface Section {
  readonly run: (options: BenchOptions) => Promise<Outcome>;
}

export const machine = (): string =>
  `${cpus().length} x ${cpus()[0]?.model.trim()}, ${(totalmem() / 2 ** 30).toFixed(0)} GiB, node ${process.version}, ${process.platform} ${process.arch}`;

/** First column to the left, the rest to the right. */
export function printTable(head: readonly string[], rows: readonly (readonly string[])[]): void {
  const widths = head.map((cell, column) => Math.max(cell.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    row.map((cell, column) => (column === 0 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!))).join('  ').trimEnd();
  console.log([line(head), widths.map((width) => '-'.repeat(width)).join('  '), ...rows.map(line)].map((text) => `  ${text}`).join('\n'));
}

export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

export const median = (values: readonly number[]): number => percentile(values, 0.5);
