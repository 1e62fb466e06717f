import { API_KEY, type ApiKeyRecord } from '../../domain/access-keys.ts';
import type { CustomerClient } from '../../domain/clients.ts';
import { trafficOf } from '../../domain/roles.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Log } from '../../platform/log.ts';
import type { KeyIdentity } from './identity.ts';
import { KeyEntries } from './key-entries.ts';
import { digestOf, earlier, openingFor, type Opening } from './key-match.ts';
import { createKeyUses } from './key-uses.ts';

export interface StoredKeysOptions {
  readonly customer: Pick<CustomerClient, 'findApiKeys' | 'noteApiKeyUses'>;
  readonly clock: Clock;
  readonly log: Log;
}

/** API keys that were made in the graph, as this node knows them. */
export interface StoredKeys {
  /** @throws Failure UPSTREAM_UNAVAILABLE when nobody can say whether the key is good */
  identify(key: string): Promise<KeyIdentity | null>;
  /** Of this key nothing is believed any more. */
  forget(prefix: string): void;
  /** Changes may have been missed: every key is looked up again before it is believed. */
  doubt(): void;
  close(): Promise<void>;
}

interface Opened {
  readonly identity: KeyIdentity;
  readonly secretId: string;
}

export function createStoredKeys({ customer, clock, log }: StoredKeysOptions): StoredKeys {
  const uses = createKeyUses({ customer, clock, log });
  const open = async (prefix: string, digest: Buffer): Promise<Opened | null> => {
    const openings = await entries.find(prefix);
    return openings ? (openingFor(openings, digest, clock.now())?.of ?? null) : null;
  };
  const stillOpens = (prefix: string, digest: Buffer): Promise<boolean> => open(prefix, digest).then((opened) => opened !== null, () => true);
  const entries = new KeyEntries({ customer, clock, prepare: (record) => openingsOf(record, (digest) => stillOpens(record.prefix, digest)) });
  return {
    identify: async (key) => {
      const prefix = API_KEY.exec(key)?.[1];
      if (prefix === undefined) return null;
      const opened = await open(prefix, digestOf(key));
      if (opened) uses.note(opened.secretId);
      return opened?.identity ?? null;
    },
    forget: (prefix) => entries.forget(prefix),
    doubt: () => entries.doubt(),
    close: () => uses.close(),
  };
}

function openingsOf({ principal, role, documents, expiresAt, secrets }: ApiKeyRecord, stillOpens: (digest: Buffer) => Promise<boolean>): readonly Opening<Opened>[] {
  const keyEndsAtMs = expiresAt === null ? null : Date.parse(expiresAt);
  return secrets.map((secret) => {
    const hash = Buffer.from(secret.sha256, 'hex');
    const endsAtMs = earlier(keyEndsAtMs, secret.expiresAt === null ? null : Date.parse(secret.expiresAt));
    const identity: KeyIdentity = { principal, expiresAtMs: endsAtMs, documents, role, traffic: trafficOf(principal.kind, [role]), recheck: () => stillOpens(hash) };
    return { hash, endsAtMs, of: { identity, secretId: secret.id } };
  });
}
