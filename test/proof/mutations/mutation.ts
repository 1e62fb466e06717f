/** A change of the real source that plants a bug. */
export interface Edit {
  /** From the root of the repository. */
  readonly file: string;
  /** Occurs exactly once in the file. */
  readonly find: string;
  readonly replace: string;
}

export interface Mutation {
  readonly name: string;
  /** The mistake, as somebody might make it. */
  readonly mistake: string;
  readonly edits: readonly Edit[];
}

/** @throws Error when the text to replace is not there exactly once: a mutation that does not apply proves nothing */
export function applyEdit(source: string, { file, find, replace }: Edit): string {
  const parts = source.split(find);
  if (parts.length !== 2) throw new Error(`${file} has the text to mutate ${parts.length - 1} times instead of once: ${find}`);
  return parts.join(replace);
}

/** Those of that name, all without one. @throws Error that lists the names there are: a hunt for nothing would find that all were caught */
export function chooseMutations(known: readonly Mutation[], wanted: string | undefined): readonly Mutation[] {
  const chosen = known.filter(({ name }) => wanted === undefined || name === wanted);
  if (chosen.length === 0) throw new Error(`no mutation is called '${wanted}'; there are ${known.map(({ name }) => `'${name}'`).join(', ')}`);
  return chosen;
}
