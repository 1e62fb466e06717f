import type { Clock } from '../../../platform/clock.ts';
import type { Caller } from '../../pipeline/caller.ts';
import type { AccessChanges } from '../../identity/door.ts';

/** How many WebSockets and event streams may be open at once on this node; 0 = as many as come. */
export interface StreamBounds {
  readonly inAll: number;
  readonly perAddress: number;
  /** Of one API key. A person has far fewer, see below. */
  readonly perPrincipal: number;
}

export const DEFAULT_STREAMS: StreamBounds = { inAll: 20_000, perAddress: 256, perPrincipal: 10_000 };

/** A person has a few devices, and a few pages open on each. */
const PER_PERSON = 32;

export type StreamRefusal = 'TOO_MANY' | 'TOO_MANY_OF_ADDRESS' | 'TOO_MANY_OF_PRINCIPAL';
/** Why a caller is heard and told no more. */
export type IdentityEnd = 'EXPIRED' | 'REVOKED';

/** One WebSocket or event stream. */
export interface OpenStream {
  /** Who it is of, once that is known. Null: it may stay; `onEnd` is called once, when its proof of identity ends. */
  identify(caller: Caller, onEnd: (reason: IdentityEnd) => void): StreamRefusal | null;
  /** Asked before anything is told: false from the moment the proof of identity has ended. */
  mayHear(): boolean;
  leave(): void;
}

/** Counts what is open, and looks after the identities of who opened it, for all of them in one. */
export interface OpenStreams {
  enter(address: string): OpenStream | StreamRefusal;
  close(): void;
}

const LOOK_MS = 1_000;
/** How long a revoked key may still be told of events where the change was not told. */
const RECHECK_MS = 5_000;

/** @param changes keys that were changed or revoked: whoever has something open by one is asked about at once; null: none are told */
export function createOpenStreams({ inAll, perAddress, perPrincipal }: StreamBounds, clock: Clock, changes: AccessChanges | null = null): OpenStreams {
  const open = new Set<Entry>();
  const byAddress = createCounts(perAddress);
  const bySubject = createCounts(perPrincipal);
  const byPerson = createCounts(Math.min(perPrincipal || PER_PERSON, PER_PERSON));
  const countsOf = ({ identity: { principal } }: Caller): Counts | null => (principal.kind === 'ANONYMOUS' ? null : principal.kind === 'SHOPPER' || principal.kind === 'BUYER' ? byPerson : bySubject);
  let recheckedAt = clock.monotonic();
  const look = setInterval(() => {
    const recheck = clock.monotonic() - recheckedAt >= RECHECK_MS;
    if (recheck) recheckedAt = clock.monotonic();
    for (const entry of open) entry.look(clock.now(), recheck);
  }, LOOK_MS).unref();
  const stopFollowing = changes?.onChanged((subject) => open.forEach((entry) => entry.onAccessChanged(subject)));
  return {
    enter: (address) => {
      if (inAll > 0 && open.size >= inAll) return 'TOO_MANY';
      if (!byAddress.add(address)) return 'TOO_MANY_OF_ADDRESS';
      const entry = new Entry(clock, countsOf, () => {
        open.delete(entry);
        byAddress.remove(address);
      });
      open.add(entry);
      return entry;
    },
    close: () => {
      clearInterval(look);
      stopFollowing?.();
    },
  };
}

class Entry implements OpenStream {
  readonly #clock: Clock;
  readonly #countsOf: (caller: Caller) => Counts | null;
  readonly #onLeave: () => void;
  #caller: Caller | null = null;
  #onEnd: ((reason: IdentityEnd) => void) | null = null;
  #hasEnded = false;
  #hasLeft = false;

  constructor(clock: Clock, countsOf: (caller: Caller) => Counts | null, onLeave: () => void) {
    this.#clock = clock;
    this.#countsOf = countsOf;
    this.#onLeave = onLeave;
  }

  identify(caller: Caller, onEnd: (reason: IdentityEnd) => void): StreamRefusal | null {
    if (this.#hasLeft) return null;
    if (!(this.#countsOf(caller)?.add(caller.identity.principal.subject) ?? true)) return 'TOO_MANY_OF_PRINCIPAL';
    this.#caller = caller;
    this.#onEnd = onEnd;
    return null;
  }

  mayHear(): boolean {
    const expiresAtMs = this.#caller?.identity.expiresAtMs ?? null;
    if (expiresAtMs !== null && expiresAtMs <= this.#clock.now()) this.#end('EXPIRED');
    return !this.#hasEnded;
  }

  look(nowMs: number, recheck: boolean): void {
    const identity = this.#caller?.identity;
    if (!identity || this.#hasEnded) return;
    if (identity.expiresAtMs !== null && identity.expiresAtMs <= nowMs) this.#end('EXPIRED');
    else if (recheck) this.#recheck();
  }

  /** @param subject of the key; null: any may have changed */
  onAccessChanged(subject: string | null): void {
    if (!this.#caller || this.#hasEnded) return;
    const { proofs, principal } = this.#caller.identity;
    if (subject === null || (proofs ?? [principal.subject]).includes(subject)) this.#recheck();
  }

  leave(): void {
    if (this.#hasLeft) return;
    this.#hasLeft = true;
    if (this.#caller) this.#countsOf(this.#caller)?.remove(this.#caller.identity.principal.subject);
    this.#onLeave();
  }

  /** Who cannot be asked about now keeps what was proven before, until the proof's own end. */
  #recheck(): void {
    void this.#caller!.identity.recheck?.().then((isValid) => isValid || this.#end('REVOKED'), () => undefined);
  }

  #end(reason: IdentityEnd): void {
    if (this.#hasEnded || this.#hasLeft) return;
    this.#hasEnded = true;
    this.#onEnd?.(reason);
  }
}

interface Counts {
  /** False: there are as many as there may be. */
  add(name: string): boolean;
  remove(name: string): void;
}

function createCounts(max: number): Counts {
  const counts = new Map<string, number>();
  return {
    add: (name) => {
      const count = counts.get(name) ?? 0;
      if (max > 0 && count >= max) return false;
      counts.set(name, count + 1);
      return true;
    },
    remove: (name) => {
      const left = (counts.get(name) ?? 1) - 1;
      if (left === 0) counts.delete(name);
      else counts.set(name, left);
    },
  };
}
