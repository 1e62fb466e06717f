/** What processes were told, kept outside of everything that may fail: the answers the books are held to. */
export interface Journal {
  /** Hold by order reference, as soon as a commit was acknowledged. */
  readonly committed: Map<string, string>;
  /** Orders whose cancellation has been asked for. */
  readonly cancelling: Set<string>;
  /** Orders the ERP may have been sent. */
  readonly submitted: Set<string>;
  /** What happened, counted: a world in which nothing happens proves nothing. */
  readonly counts: Map<string, number>;
  count(what: string, detail?: string): void;
}

export function createJournal(note: (line: () => string) => void): Journal {
  const counts = new Map<string, number>();
  return {
    committed: new Map(), cancelling: new Set(), submitted: new Set(), counts,
    count: (what, detail = '') => {
      counts.set(what, (counts.get(what) ?? 0) + 1);
      note(() => `told: ${what} ${detail}`);
    },
  };
}
