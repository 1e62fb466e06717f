/**
 * The store of record, as the rest of the house sees it. Rows come back with `numeric` and `bigint` as text, `date` as
 * "YYYY-MM-DD", `timestamptz` as ISO 8601 UTC text, `jsonb` parsed: all plain JSON.
 */
export interface Sql {
  query<Row>(text: string, values?: readonly unknown[]): Promise<readonly Row[]>;
  /** Rows affected by a statement that returns none. */
  run(text: string, values?: readonly unknown[]): Promise<number>;
}

export interface TransactionOptions {
  /**
   * Gives up its locks at the commit and waits for the disk afterwards: for locks that many wait for. Resolves, as every
   * transaction does, only when it would survive a crash; others may see its work a moment before. See docs/decisions/0017.
   */
  readonly releaseLocksEarly?: boolean;
}

export interface Database extends Sql {
  /** Runs `work` in one transaction; commits when it resolves, rolls back when it throws. READ COMMITTED. */
  transaction<T>(work: (tx: Sql) => Promise<T>, options?: TransactionOptions): Promise<T>;
  /** Wakes `onNotify` for every NOTIFY on the channel. Best effort: callers also poll. */
  listen(channel: string, onNotify: (payload: string) => void): Promise<() => Promise<void>>;
  /** Runs `work` while holding the session-level advisory lock, or answers null at once when somebody else has it. */
  tryWithLock<T>(name: string, work: () => Promise<T>): Promise<T | null>;
  close(): Promise<void>;
}

const PREPARED = new Map<string, string>();

/**
 * Marks a constant statement to be parsed once per connection, and planned once where one plan serves all values: for
 * what runs hundreds of times a second. Answers the text itself, to be passed to `query` and `run` like any other.
 */
export function prepared(text: string): string {
  if (!PREPARED.has(text)) PREPARED.set(text, `prepared_${PREPARED.size}`);
  return text;
}

/** The name a prepared statement goes by; undefined for any other text. */
export const preparedName = (text: string): string | undefined => PREPARED.get(text);
