import { LRUCache } from 'lru-cache';
import type { ApiKeyRecord } from '../../domain/access-keys.ts';
import type { CustomerClient } from '../../domain/clients.ts';
import { Failure } from '../../domain/failure.ts';
import type { Clock } from '../../platform/clock.ts';
import { createKeyLookups, type KeyLookups } from './key-lookups.ts';

/** What is known of one prefix. */
export interface KeyEntry<Value> {
  /** Null: there is no such key. */
  readonly value: Value | null;
  readonly readAtMs: number;
}

export interface KeyEntriesOptions<Value> {
  readonly customer: Pick<CustomerClient, 'findApiKeys'>;
  readonly clock: Clock;
  readonly prepare: (record: ApiKeyRecord) => Value;
}

/** Looked up again in the background after this, */
const REFRESH_MS = 3_000;
/** and not believed without that after this. */
const FRESH_MS = 5_000;
/** How long a good key outlives a store that cannot be asked. */
const GRACE_MS = 60_000;
/** A store that did not answer is not waited for again meanwhile, where there is something to go by. */
const PATIENCE_MS = 1_000;
const MOST_KEYS = 10_000;

/** Keys by prefix as the store last told of them: a hot key costs a look into a map, and one question in seconds. */
export class KeyEntries<Value> {
  readonly #options: KeyEntriesOptions<Value>;
  readonly #lookups: KeyLookups;
  // Apart, so that keys somebody makes up push none out that is good.
  readonly #good = new LRUCache<string, KeyEntry<Value>>({ max: MOST_KEYS });
  readonly #bad = new LRUCache<string, KeyEntry<Value>>({ max: MOST_KEYS });
  // Also those that were forgotten: they are looked up before strange ones.
  readonly #heardOf = new LRUCache<string, true>({ max: MOST_KEYS });
  readonly #reading = new Map<string, { readonly entry: Promise<KeyEntry<Value>>; isOutdated: boolean }>();
  #failedAtMs = -Infinity;
  #doubtedAtMs = -Infinity;

  constructor(options: KeyEntriesOptions<Value>) {
    this.#options = options;
    this.#lookups = createKeyLookups(options.customer, options.clock);
  }

  /** @throws Failure UPSTREAM_UNAVAILABLE when nobody can say whether there is such a key */
  async find(prefix: string): Promise<Value | null> {
    const known = this.#good.get(prefix) ?? this.#bad.get(prefix);
    const ageMs = known ? this.#options.clock.monotonic() - known.readAtMs : Infinity;
    if (known && ageMs <= FRESH_MS && known.readAtMs > this.#doubtedAtMs) {
      if (known.value !== null && ageMs > REFRESH_MS) this.#readOnce(prefix).catch(() => undefined);
      return known.value;
    }
    const fallBack = known !== undefined && known.value !== null && ageMs <= GRACE_MS ? known : null;
    return (await this.#readOr(prefix, fallBack)).value;
  }

  /** Of this key nothing is believed any more. */
  forget(prefix: string): void {
    this.#good.delete(prefix);
    this.#bad.delete(prefix);
    const running = this.#reading.get(prefix);
    if (running) running.isOutdated = true;
  }

  /** Changes may have been missed: every key is looked up again before it is believed. */
  doubt(): void {
    this.#doubtedAtMs = this.#options.clock.monotonic();
  }

  #readOr(prefix: string, fallBack: KeyEntry<Value> | null): Promise<KeyEntry<Value>> {
    const again = this.#readOnce(prefix).catch((error: unknown) => {
      // A key that was revoked meanwhile has been forgotten.
      if (fallBack && this.#good.get(prefix) === fallBack) return fallBack;
      throw unavailable(error);
    });
    if (!fallBack || this.#options.clock.monotonic() - this.#failedAtMs > PATIENCE_MS) return again;
    again.catch(() => undefined);
    return Promise.resolve(fallBack);
  }

  #readOnce(prefix: string): Promise<KeyEntry<Value>> {
    const running = this.#reading.get(prefix);
    if (running) return running.entry;
    const entry = this.#read(prefix).finally(() => this.#reading.delete(prefix));
    this.#reading.set(prefix, { entry, isOutdated: false });
    return entry;
  }

  async #read(prefix: string): Promise<KeyEntry<Value>> {
    const { clock, prepare } = this.#options;
    for (;;) {
      const readAtMs = clock.monotonic();
      const record = await this.#lookups.find(prefix, this.#heardOf.has(prefix)).catch((error: unknown) => {
        this.#failedAtMs = clock.monotonic();
        throw error;
      });
      const reading = this.#reading.get(prefix);
      if (!reading?.isOutdated) return this.#keep(prefix, { value: record && prepare(record), readAtMs });
      // It changed while it was read: what was read may be of before.
      reading.isOutdated = false;
    }
  }

  #keep(prefix: string, entry: KeyEntry<Value>): KeyEntry<Value> {
    const [its, other] = entry.value === null ? [this.#bad, this.#good] : [this.#good, this.#bad];
    other.delete(prefix);
    its.set(prefix, entry);
    if (entry.value !== null) this.#heardOf.set(prefix, true);
    return entry;
  }
}

/** Whatever keeps the store from answering, the key is not wrong by it. */
const unavailable = (cause: unknown): Failure =>
  cause instanceof Failure && cause.code === 'UPSTREAM_UNAVAILABLE' ? cause : new Failure('UPSTREAM_UNAVAILABLE', 'API keys cannot be looked up at present', { system: 'customer', cause });
