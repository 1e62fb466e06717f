/** Which events have been told lately: the outbox may hand a batch to the log twice when its process dies between two steps. */
export interface Seen {
  repeats(payload: unknown): boolean;
}

/** More than two batches of the outbox, and what other processes may have put between them. */
const REMEMBERED = 2_048;

/** Events without a `version` are never taken for repeated. */
export function createSeen(): Seen {
  const versions = new Set<string>();
  return {
    repeats: (payload) => {
      const { version } = payload as { readonly version?: unknown };
      if (typeof version !== 'string') return false;
      if (versions.has(version)) return true;
      versions.add(version);
      if (versions.size > REMEMBERED) for (const oldest of versions.keys()) {
        versions.delete(oldest);
        break;
      }
      return false;
    },
  };
}
