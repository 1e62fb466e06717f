/** A change of one record, told to listeners after it is safe in the journal. */
export interface Change {
  readonly table: string;
  readonly id: number | string;
  readonly action: 'create' | 'update' | 'remove';
}

/**
 * One half of the engine (ERP, PIM). All it holds changes only through its commands; a command is a plain function of the
 * state, its JSON arguments and the moment it runs, so that replaying the journal gives the same state again.
 */
export interface EnginePart {
  readonly name: string;
  /** Name to command. A command that throws must leave the state as it was (the ERP's tables undo by themselves). */
  readonly commands: Readonly<Record<string, Command>>;
  /** Runs one command: `undo` is called when the answer must not stand (a throw, or the journal cannot be written). */
  run(command: string, args: unknown, atMs: number): Outcome;
  /** The whole state as lines of JSON values, in the order `restore` wants them. */
  snapshot(): Iterable<unknown>;
  /** Forgets everything. */
  clear(): void;
  /** Takes one line of a snapshot. */
  restore(line: unknown): void;
}

interface Outcome {
  readonly result: unknown;
  readonly changes: readonly Change[];
  undo(): void;
}

/** `args` is whatever JSON the caller gave: a command checks what it needs. `atMs`: milliseconds since the epoch. */
export type Command = (args: never, atMs: number) => unknown;

/** The caller asked for something that cannot be done; nothing changed. `field` names the argument at fault, if one. */
export class Rejection extends Error {
  override readonly name = 'Rejection';
  readonly kind: 'invalid' | 'missing' | 'refused';

  constructor(kind: Rejection['kind'], message: string) {
    super(message);
    this.kind = kind;
  }
}
