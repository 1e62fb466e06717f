import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { SeedReport } from '../simulation/seed.ts';
import { runSimulation } from '../simulation/run.ts';
import { WORKERS } from '../scale.ts';
import { applyEdit, type Mutation } from './mutation.ts';

/** Applies the edits to the source as it is, in memory. @throws Error for one that does not fit (any more) */
export function checkApplies({ edits }: Mutation): void {
  const sources = new Map<string, string>();
  for (const edit of edits) {
    const source = sources.get(edit.file) ?? readFileSync(fileURLToPath(new URL(`../../../${edit.file}`, import.meta.url)), 'utf8');
    sources.set(edit.file, applyEdit(source, edit));
  }
}

export interface Hunt {
  readonly seedsTried: number;
  /** Null: not caught. */
  readonly caught: SeedReport | null;
}

/** Runs seeds with the bug in place until one of them shows it. */
export async function hunt({ name }: Mutation, atMost: number, run: typeof runSimulation = runSimulation): Promise<Hunt> {
  const { seeds, violated } = await run({ firstSeed: 1, seeds: atMost, workers: WORKERS, mutation: name });
  return { seedsTried: seeds, caught: violated };
}

/** What was planted, where it showed and which rule it broke. */
export function tellHunt({ name }: Mutation, { caught, seedsTried }: Hunt): string {
  if (!caught) return `${name}: NOT CAUGHT in ${seedsTried} seeds`;
  return `${name}: caught at seed ${caught.seed}: ${caught.violation!.message.split('\n')[0]}`;
}
