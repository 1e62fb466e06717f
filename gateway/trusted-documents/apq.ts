import type { Kv } from '../../platform/stores/kv.ts';
import { createBoundedCache } from '../execution/bounded-cache.ts';
import { documentId } from './trusted-documents.ts';

/** Texts that clients registered by their own requests (automatic persisted queries): a saving of bytes, no trust. */
export interface Apq {
  /** The text with this SHA-256; null = it is not known, or no longer. */
  find(id: string): Promise<string | null>;
  keep(id: string, text: string): Promise<void>;
}

export interface ApqOptions {
  readonly kv: Kv;
  /** Longer texts could not be served and are not kept. */
  readonly maxBytes: number;
  readonly ttlMs?: number;
}

const DAY_MS = 86_400_000;
/** A text has up to 64 KiB, and strangers may have theirs kept. */
const MAX_IN_MEMORY = 200;

export function createApq({ kv, maxBytes, ttlMs = DAY_MS }: ApqOptions): Apq {
  const recent = createBoundedCache<string>(MAX_IN_MEMORY);
  const keyOf = (id: string): string => `apq:${id}`;
  return {
    find: async (id) => {
      const known = recent.get(id);
      if (known !== undefined) return known;
      const text = await kv.get(keyOf(id));
      // The store is a cache and never the truth: a text under somebody else's hash is no text.
      if (text === null || documentId(text) !== id) return null;
      recent.set(id, text);
      return text;
    },
    keep: async (id, text) => {
      if (Buffer.byteLength(text) > maxBytes) return;
      recent.set(id, text);
      await kv.set(keyOf(id), text, ttlMs);
    },
  };
}
