/** Which events have been told lately: the outbox may hand a batch to the log twice when its process dies between two steps. */
export interface Seen {
  /** Whether it has been here before; from now on it has. */
  repeats(payload: unknown): boolean;
}

/** A batch of the outbox is 500: it, its repetition, and what other processes may have put between them. */
const REMEMBERED = 4_096;

/** As far before the place where somebody begins an event may be that is repeated after it. */
export const LOOKS_BACK = 1_000;

/** Events without a `version` are never taken for repeated. */
export function createSeen(): Seen {
  const versions = new Set<string>();
  return {
    repeats: (payload) => {
      const { version } = payload as { readonly version?: unknown };
      if (typeof version !== 'string') return false;
      if (versions.has(version)) return true;
      versions.add(version);
      if (versions.size > REMEMBERED) for (const oldest of versions) {
        versions.delete(oldest);
        break;
      }
      return false;
    },
  };
}
