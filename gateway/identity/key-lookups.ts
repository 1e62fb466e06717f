import type { ApiKeyRecord } from '../../domain/access-keys.ts';
import type { CustomerClient } from '../../domain/clients.ts';
import { Failure } from '../../domain/failure.ts';
import type { Clock } from '../../platform/clock.ts';

export interface KeyLookups {
  /**
   * The key's record as it is now; null: there is none. Keys that are known go before those nobody has heard of.
   * @throws Failure UPSTREAM_UNAVAILABLE while more strange keys wait than are looked up in a moment
   */
  find(prefix: string, isKnown: boolean): Promise<ApiKeyRecord | null>;
}

interface Waiting {
  readonly prefix: string;
  readonly resolve: (record: ApiKeyRecord | null) => void;
  readonly reject: (error: unknown) => void;
}

const MOST_KNOWN = 300;
const MOST_STRANGE = 200;
const MOST_WAITING = 2_000;
/** Between two questions: however many keys are made up, the store is asked 50 times a second. */
const GAP_MS = 20;

/** Asks for many keys at once and one question at a time: what keys cost the store does not grow with those who try some. */
export function createKeyLookups(customer: Pick<CustomerClient, 'findApiKeys'>, clock: Clock): KeyLookups {
  let [known, strange]: [Waiting[], Waiting[]] = [[], []];
  let isBusy = false;
  let lastAskedMs = -Infinity;

  const ask = async (batch: readonly Waiting[]): Promise<void> => {
    lastAskedMs = clock.monotonic();
    try {
      const records = await customer.findApiKeys({ prefixes: batch.map(({ prefix }) => prefix) });
      batch.forEach(({ resolve }, index) => resolve(records[index] ?? null));
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  };
  const pump = async (): Promise<void> => {
    if (isBusy) return;
    isBusy = true;
    while (known.length + strange.length > 0) {
      const restMs = lastAskedMs + GAP_MS - clock.monotonic();
      if (restMs > 0) await new Promise((done) => setTimeout(done, restMs));
      const batch = [...known.slice(0, MOST_KNOWN), ...strange.slice(0, MOST_STRANGE)];
      [known, strange] = [known.slice(MOST_KNOWN), strange.slice(MOST_STRANGE)];
      await ask(batch);
    }
    isBusy = false;
  };
  return {
    find: (prefix, isKnown) =>
      new Promise((resolve, reject) => {
        if (!isKnown && strange.length >= MOST_WAITING) return reject(new Failure('UPSTREAM_UNAVAILABLE', 'too many unknown API keys are being looked up; try again', { retryAfterMs: 1_000 }));
        (isKnown ? known : strange).push({ prefix, resolve, reject });
        void pump();
      }),
  };
}
