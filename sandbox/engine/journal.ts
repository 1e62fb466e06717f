import { closeSync, existsSync, fsyncSync, ftruncateSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** One command as it was run; replaying them in order gives the state again. */
interface JournalEntry {
  /** Counts up by one; a snapshot says which it contains. */
  readonly n: number;
  readonly atMs: number;
  readonly command: string;
  readonly args: unknown;
}

export interface Journal {
  /** Written through to the operating system before it returns: survives the death of the process, not of the machine. */
  append(entry: JournalEntry): void;
  /** The snapshot's lines, if there is one, then the entries after it. */
  read(): { readonly snapshot: readonly unknown[]; readonly upTo: number; readonly entries: readonly JournalEntry[] };
  /** True when the journal is long enough that a snapshot pays. */
  isLong(): boolean;
  /** Replaces everything written so far with a snapshot that contains entries up to `n`. */
  compact(n: number, lines: Iterable<unknown>): void;
  close(): void;
}

/** Keeps nothing; for tests. */
export const memoryJournal: Journal = {
  append: () => undefined,
  read: () => ({ snapshot: [], upTo: 0, entries: [] }),
  isLong: () => false,
  compact: () => undefined,
  close: () => undefined,
};

const LONG_BYTES = 64 * 1024 * 1024;

/** Opens `<dataDir>/sandbox/journal.jsonl`, made when missing. `longBytes`: size from which a snapshot replaces it. */
export function openJournal(dataDir: string, longBytes = LONG_BYTES): Journal {
  const path = join(dataDir, 'sandbox', 'journal.jsonl');
  const snapshotPath = join(dataDir, 'sandbox', 'snapshot.jsonl');
  mkdirSync(dirname(path), { recursive: true });
  const bytes = existsSync(path) ? readFileSync(path) : Buffer.alloc(0);
  const file = openSync(path, 'a+');
  const whole = bytes.lastIndexOf(10) + 1;
  let size = whole;
  // The last line is half written when the process was killed in the middle: it was never acknowledged.
  if (whole < bytes.length) ftruncateSync(file, whole);
  return {
    append: (entry) => {
      size += writeLine(file, entry, size);
    },
    read: () => readBack(snapshotPath, bytes.subarray(0, whole)),
    isLong: () => size >= longBytes,
    compact: (n, lines) => {
      writeSnapshot(snapshotPath, n, lines);
      ftruncateSync(file, 0);
      size = 0;
    },
    close: () => closeSync(file),
  };
}

/** A full disk may leave half a line: it is cut off again, so that what follows stays readable. */
function writeLine(file: number, entry: JournalEntry, size: number): number {
  const line = Buffer.from(`${JSON.stringify(entry)}\n`);
  try {
    let written = 0;
    while (written < line.length) written += writeSync(file, line, written);
    return line.length;
  } catch (error) {
    ftruncateSync(file, size);
    throw error;
  }
}

function readBack(snapshotPath: string, bytes: Buffer): ReturnType<Journal['read']> {
  const lines = existsSync(snapshotPath) ? parseLines(readFileSync(snapshotPath)) : [];
  const [head, ...snapshot] = lines as [{ readonly upTo: number } | undefined, ...unknown[]];
  const upTo = head?.upTo ?? 0;
  const entries = (parseLines(bytes) as JournalEntry[]).filter((entry) => entry.n > upTo);
  return { snapshot, upTo, entries };
}

/** Line by line, because one string may not hold a whole large file. */
function parseLines(bytes: Buffer): unknown[] {
  const parsed: unknown[] = [];
  for (let start = 0; start < bytes.length; ) {
    const found = bytes.indexOf(10, start);
    const end = found < 0 ? bytes.length : found;
    if (end > start) parsed.push(JSON.parse(bytes.toString('utf8', start, end)));
    start = end + 1;
  }
  return parsed;
}

/** Written beside and renamed, so that a crash leaves the old snapshot or the new one, never a half. */
function writeSnapshot(path: string, n: number, lines: Iterable<unknown>): void {
  const file = openSync(`${path}.new`, 'w');
  let chunk = `${JSON.stringify({ upTo: n })}\n`;
  for (const line of lines) {
    chunk += `${JSON.stringify(line)}\n`;
    if (chunk.length > 1_000_000) {
      writeSync(file, chunk);
      chunk = '';
    }
  }
  writeSync(file, chunk);
  fsyncSync(file);
  closeSync(file);
  renameSync(`${path}.new`, path);
}
