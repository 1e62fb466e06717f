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
  /** Holds neither a company nor a catalogue. */
  readonly isEmpty: boolean;
  /** Names of all commands, sorted. */
  readonly commandNames: readonly string[];
  /** Runs one command and journals it. Throws Rejection (nothing changed) for what cannot be done. */
  execute(command: string, args: unknown): unknown;
  /** Called after every command that changed something; must not throw. Returns the way to stop. */
  onChange(listener: (changes: readonly Change[]) => void): () => void;
  /** Forgets everything and loads the seed, both or neither; listeners are not told. Throws Rejection for a seed that does not fit. */
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
      return erp.tables.companies.size === 0 && pim.state.revision === 0;
    },
    commandNames: parts.flatMap((part) => Object.keys(part.commands)).sort(),
    onChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    reset: (seed) => {
      const atMs = clock.now();
      loadInto([createErp(), createPim()], seed, atMs);
      for (const part of parts) part.clear();
      loadInto(parts, seed, atMs);
      n += 1;
      journal.compact(n, snapshotOf(parts));
    },
    close: () => journal.close(),
  };
}

/** Tried on empty parts first, so that a seed with a mistake in it costs nobody their data. */
function loadInto(parts: readonly EnginePart[], seed: SandboxSeed | null, atMs: number): void {
  if (seed?.erp !== undefined) partOf(parts, 'load-erp').run('load-erp', seed.erp, atMs);
  if (seed?.pim !== undefined) partOf(parts, 'load-pim').run('load-pim', seed.pim, atMs);
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
