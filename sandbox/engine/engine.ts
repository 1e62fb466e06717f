import type { Clock } from '../../platform/clock.ts';
import { createErp, type Erp } from './erp.ts';
import { memoryJournal, openJournal, type Journal } from './journal.ts';
import { createPim, type PimPart } from './pim-part.ts';
import { Rejection, type Change, type EnginePart } from './part.ts';
import type { ErpSeed, PimSeed } from './seed-types.ts';

export interface SandboxSeed {
  readonly erp?: ErpSeed;
  readonly pim?: PimSeed;
}

export interface EngineOptions {
  readonly clock: Clock;
  /** Where the journal lives; null keeps everything in memory. */
  readonly dataDir: string | null;
  readonly journalLongBytes?: number;
}

/** The vendors' shared memory: one ERP and one PIM, changed only by named commands that are journalled before they are answered. */
export interface Engine {
  readonly clock: Clock;
  readonly erp: Erp;
  readonly pim: PimPart;
  /** Nothing was ever loaded into it. */
  readonly isEmpty: boolean;
  /** Names of all commands, sorted. */
  readonly commandNames: readonly string[];
  /** Runs one command and journals it. Throws Rejection (nothing changed) for what cannot be done. */
  execute(command: string, args: unknown): unknown;
  /** Called after every command that changed something; must not throw. Returns the way to stop. */
  onChange(listener: (changes: readonly Change[]) => void): () => void;
  /** Forgets everything, then loads the seed. */
  reset(seed: SandboxSeed | null): void;
  close(): void;
}

export function createEngine({ clock, dataDir, journalLongBytes }: EngineOptions): Engine {
  const journal = dataDir === null ? memoryJournal : openJournal(dataDir, journalLongBytes);
  const [erp, pim] = [createErp(), createPim()];
  const parts: readonly EnginePart[] = [erp, pim];
  const listeners = new Set<(changes: readonly Change[]) => void>();
  let n = replay(journal, parts);
  const execute = (command: string, args: unknown): unknown => {
    const atMs = clock.now();
    const { result, changes, undo } = partOf(parts, command).run(command, args, atMs);
    if (changes.length === 0) return result;
    try {
      journal.append({ n: n + 1, atMs, command, args });
    } catch (error) {
      undo();
      throw error;
    }
    n += 1;
    if (journal.isLong()) journal.compact(n, snapshotOf(parts));
    for (const listener of listeners) listener(changes);
    return result;
  };
  return {
    clock, erp, pim, execute,
    get isEmpty() {
      return n === 0;
    },
    commandNames: parts.flatMap((part) => Object.keys(part.commands)).sort(),
    onChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    reset: (seed) => {
      for (const part of parts) part.clear();
      n += 1;
      journal.compact(n, snapshotOf(parts));
      if (seed?.erp !== undefined) execute('load-erp', seed.erp);
      if (seed?.pim !== undefined) execute('load-pim', seed.pim);
    },
    close: () => journal.close(),
  };
}

function partOf(parts: readonly EnginePart[], command: string): EnginePart {
  const part = parts.find((candidate) => Object.hasOwn(candidate.commands, command));
  if (part !== undefined) return part;
  const known = parts.flatMap((candidate) => Object.keys(candidate.commands)).sort().join(', ');
  throw new Rejection('missing', `There is no command ${command}. Known: ${known}`);
}

/** Brings the state back to what it was; returns the number of the last entry. */
function replay(journal: Journal, parts: readonly EnginePart[]): number {
  const { snapshot, upTo, entries } = journal.read();
  for (const line of snapshot as readonly { readonly part: string; readonly line: unknown }[]) {
    parts.find((part) => part.name === line.part)?.restore(line.line);
  }
  for (const { command, args, atMs } of entries) partOf(parts, command).run(command, args, atMs);
  return entries.at(-1)?.n ?? upTo;
}

function* snapshotOf(parts: readonly EnginePart[]): Iterable<unknown> {
  for (const part of parts) for (const line of part.snapshot()) yield { part: part.name, line };
}
