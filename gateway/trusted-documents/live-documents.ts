import type { Log } from '../../platform/log.ts';
import { createTrustedDocuments, type TrustedDocument, type TrustedDocuments } from './trusted-documents.ts';
import type { Version, VersionStore } from './version-store.ts';

/** The documents this node trusts: those it was started with, and what is registered, followed while it runs. */
export interface LiveDocuments extends TrustedDocuments {
  /** What is registered and served by this node; null = nothing is. */
  readonly registered: Version | null;
  /** Why this node does not serve the active version, and stays with the one before; null = it does. */
  readonly problem: string | null;
  /** Looks now, instead of at the next poll. Never rejects: what goes wrong is `problem`. */
  refresh(): Promise<void>;
  close(): void;
}

export interface LiveDocumentsOptions {
  /** Trusted whatever is registered, and never rolled back. */
  readonly builtIn: readonly TrustedDocument[];
  readonly store: VersionStore;
  /** Called with what is new before it is trusted: makes its plans, so that no caller waits for them. */
  readonly warmUp: (documents: readonly TrustedDocument[]) => Promise<unknown>;
  readonly log: Log;
  readonly pollMs?: number;
}

const POLL_MS = 1_000;

/** Follows the store; whatever is wrong with it is told and waited out, and what was trusted stays so. */
export async function openLiveDocuments({ builtIn, store, warmUp, log, pollMs = POLL_MS }: LiveDocumentsOptions): Promise<LiveDocuments> {
  let current = createTrustedDocuments('0', builtIn);
  let registered: Version | null = null;
  let problem: string | null = null;
  const adopt = async (): Promise<void> => {
    const active = await store.active(registered);
    if (active === null || active.number === registered?.number) return;
    const documents = await store.documentsOf(active);
    await warmUp(documents.filter(({ id }) => current.find(id) === null));
    current = createTrustedDocuments(String(active.number), [...builtIn, ...documents]);
    registered = active;
  };
  const look = async (): Promise<void> => {
    try {
      await adopt();
      problem = null;
    } catch (error) {
      const { message } = error as Error;
      if (message !== problem) log.error({ error: message }, 'registered documents cannot be read; those known before stay trusted');
      problem = message;
    }
  };
  // One look at a time: a slow disk or warm-up is waited for, and no older version comes after a newer one.
  let looking: Promise<void> = Promise.resolve();
  const refresh = (): Promise<void> => (looking = looking.then(look));
  await refresh();
  let timer: NodeJS.Timeout | undefined;
  const poll = (): void => void (timer = setTimeout(() => void refresh().then(() => timer && poll()), pollMs).unref());
  poll();
  return {
    get version() {
      return current.version;
    },
    get registered() {
      return registered;
    },
    get problem() {
      return problem;
    },
    find: (id) => current.find(id),
    idOf: (text) => current.idOf(text),
    operations: () => current.operations(),
    refresh,
    close: () => {
      clearTimeout(timer);
      timer = undefined;
    },
  };
}
