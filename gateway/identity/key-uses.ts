import type { CustomerClient } from '../../domain/clients.ts';
import { instant, type Instant } from '../../domain/time.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Log } from '../../platform/log.ts';

export interface KeyUses {
  note(secretId: string): void;
  /** Tells what it has not told yet, and stops. */
  close(): Promise<void>;
}

export interface KeyUsesOptions {
  readonly customer: Pick<CustomerClient, 'noteApiKeyUses'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly intervalMs?: number;
}

const INTERVAL_MS = 30_000;
const MOST = 500;

/** Which keys are in use, told now and then: it costs a request nothing, and the store one statement. */
export function createKeyUses({ customer, clock, log, intervalMs = INTERVAL_MS }: KeyUsesOptions): KeyUses {
  const uses = new Map<string, Instant>();
  const tell = async (): Promise<void> => {
    const told = [...uses].slice(0, MOST);
    if (told.length === 0) return;
    for (const [secretId] of told) uses.delete(secretId);
    // What is lost is told again with the next use.
    await customer.noteApiKeyUses({ uses: told.map(([secretId, at]) => ({ secretId, at })) })
      .catch((error: Error) => log.debug({ error: error.message }, 'the use of API keys could not be noted'));
  };
  const timer = setInterval(() => void tell(), intervalMs).unref();
  return {
    note: (secretId) => void uses.set(secretId, instant(clock.now())),
    close: () => {
      clearInterval(timer);
      return tell();
    },
  };
}
