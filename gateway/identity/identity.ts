import type { Principal } from '../../domain/principal.ts';
import type { DocumentPolicy, Role, TrafficClass } from '../../domain/roles.ts';

/** A caller who was let in. */
export interface Identity {
  readonly principal: Principal;
  /** When the proof ends, epoch milliseconds; null = never within a connection. */
  readonly expiresAtMs: number | null;
  /** Which operations it may send: any text, or trusted documents only. Absent: any. */
  readonly documents?: DocumentPolicy;
  /** The lane its requests go in. Absent: browsing. */
  readonly traffic?: TrafficClass;
  /** Subjects whose change may have ended the proof, where these are not the principal's alone: see AccessChanges. */
  readonly proofs?: readonly string[];
  /**
   * Whether the proof still holds, for whatever outlives a request; absent: until it expires. Never rejects: while nobody
   * can say, it holds.
   */
  readonly recheck?: () => Promise<boolean>;
}

/** By an API key. */
export interface KeyIdentity extends Identity {
  /** Null: its scopes were written by hand. */
  readonly role?: Role | null;
}

/** Tells of keys that were changed or revoked: whoever is connected by one is to be rechecked now. */
export interface AccessChanges {
  /** @param listener is given the subject of the key; null: any may have changed. Returns how to stop that. */
  onChanged(listener: (subject: string | null) => void): () => void;
}
