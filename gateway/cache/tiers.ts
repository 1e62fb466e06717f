import { createHash } from 'node:crypto';
import type { SharedCacheStore } from '../../platform/stores/cache-store.ts';
import type { Invalidations } from './facts.ts';
import { copyToKeep, decodeKept, encodeKept, type Kept } from './kept.ts';
import { createTaggedMemory, type TaggedMemory } from './tagged-memory.ts';

/** What is to be kept, with how long it is of use: lifetime and grace together. */
export interface Keeping {
  readonly key: string;
  readonly kept: Kept;
  readonly usefulMs: number;
}

/** Memory before Redis. Whatever comes out was not changed since it was read, as far as this process knows. */
export interface Tiers {
  findHere(key: string): Kept | undefined;
  /** One round trip for all; null: not to be had now. */
  findShared(keys: readonly string[]): Promise<readonly (Kept | null)[] | null>;
  /** Takes what was found in Redis into memory. */
  adopt(key: string, kept: Kept): void;
  /** Copies the value. Answers what was kept; null where it has changed meanwhile, or that is not known. */
  keep(keeping: Keeping): Kept | null;
  /** Sends what has been kept since to the others. */
  share(keepings: readonly Keeping[]): void;
  readonly isShared: boolean;
  readonly memory: Pick<TaggedMemory<Kept>, 'entries' | 'bytes'>;
  close(): void;
}

export interface TiersOptions {
  readonly store: SharedCacheStore | null;
  readonly invalidations: Invalidations;
  readonly maxBytes: number;
}

export function createTiers({ store, invalidations, maxBytes }: TiersOptions): Tiers {
  const memory = createTaggedMemory<Kept>(maxBytes);
  const unfollow = invalidations.onInvalidated((tags) => memory.drop(tags));
  const isCurrent = ({ tags, mark }: Kept): boolean => invalidations.mark() !== null && !invalidations.changedSince(tags, mark);
  return {
    isShared: store !== null,
    memory,
    findHere: (key) => memory.get(key),
    findShared: async (keys) => {
      const texts = await store!.readMany(keys.map(nameOf));
      return texts && texts.map((text) => {
        const kept = text === null ? null : decodeKept(text);
        return kept && isCurrent(kept) ? kept : null;
      });
    },
    adopt: (key, kept) => {
      const { bytes } = copyToKeep(kept.value);
      if (isCurrent(kept)) memory.set(key, kept, bytes);
    },
    keep: ({ key, kept }) => {
      if (!isCurrent(kept)) return null;
      const { value, bytes } = copyToKeep(kept.value);
      const own = { ...kept, value };
      memory.set(key, own, bytes);
      return own;
    },
    share: (keepings) => {
      if (store && keepings.length > 0) store.write(keepings.map(({ key, kept, usefulMs }) => ({ key: nameOf(key), text: encodeKept(kept), ttlMs: usefulMs })));
    },
    close: () => {
      unfollow();
      memory.drop('ALL');
      store?.close();
    },
  };
}

/** Keys hold what callers ask for: of any length, and nobody else's business. */
const nameOf = (key: string): string => createHash('sha256').update(key).digest('base64url');
