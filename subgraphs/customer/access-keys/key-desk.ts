import { randomUUID } from 'node:crypto';
import { Failure } from '../../../domain/failure.ts';
import { topicOf, type AccessChanged } from '../../../domain/events.ts';
import { rightsOf } from '../../../domain/roles.ts';
import { addMs, instant, type Instant } from '../../../domain/time.ts';
import { writeAudit } from '../../../platform/audit.ts';
import type { Clock } from '../../../platform/clock.ts';
import { announce } from '../../../platform/outbox.ts';
import type { Database, Sql } from '../../../platform/stores/sql.ts';
import { userError, userErrorOf, UserErrorCode, type GraphUserError } from '../../graph/user-error.ts';
import type { CustomerBook } from '../customer-book.ts';
import { CUSTOMER_SCHEMA } from '../schema.sql.ts';
import { newPrefix, newSecret } from './new-secret.ts';
import { checkCreate, checkIdempotencyKey, scopesOf, type CreateRequest } from './read-request.ts';
import { endSecrets, insertKey, insertSecret, lockKey, markRevoked, readKey } from './store-keys.ts';
import { findEarlier, rememberRequest, type KeyedRequest } from './store-requests.ts';
import { liveSecrets, stateOf, type StoredKey } from './stored-key.ts';

export interface KeyTools {
  readonly database: Database;
  readonly book: Pick<CustomerBook, 'readAll'>;
  readonly clock: Clock;
}

export interface RotateRequest extends KeyedRequest {
  readonly id: string;
  /** How long the secret that is replaced still opens; 0: not a moment longer. */
  readonly overlapSeconds: number;
}

export interface RevokeRequest {
  readonly actor: string;
  readonly id: string;
}

export interface KeyOutcome {
  readonly apiKey: StoredKey | null;
  /** The whole key, where this request made it. */
  readonly key: string | null;
  /** Any: nothing was done. */
  readonly userErrors: readonly GraphUserError[];
}

const LONGEST_OVERLAP_SECONDS = 30 * 86_400;

const refused = (...userErrors: readonly GraphUserError[]): KeyOutcome => ({ apiKey: null, key: null, userErrors });
const noSuchKey = (id: string): GraphUserError => userError(UserErrorCode.NOT_FOUND, ['id'], `there is no API key ${JSON.stringify(id)}; take the id from apiKeys`);

/** Makes a key, audited, once per idempotency key. */
export async function createKey(tools: KeyTools, request: CreateRequest): Promise<KeyOutcome> {
  const { database, book, clock } = tools;
  const now = instant(clock.now());
  const faults = checkCreate(request, now);
  const unknown = faults.length > 0 ? [] : await findUnknownNumbers(book, request);
  if (faults.length + unknown.length > 0) return refused(...faults, ...unknown);
  const { actor, idempotencyKey: _key, ...asked } = request;
  return once(database, request, ['access.create', asked], async (tx) => {
    const { label, role, channel, customerNumber, companyNumber, expiresAt } = request;
    const [id, prefix, scopes, documents] = [randomUUID(), newPrefix(), scopesOf(request), request.documents ?? rightsOf(role).documents];
    const secret = newSecret(prefix);
    await insertKey(tx, { id, prefix, label, role, scopes, channel, customerNumber, companyNumber, documents, expiresAt, createdAt: now, createdBy: actor });
    await insertSecret(tx, id, secret, now);
    const detail = { prefix, label, role, scopes, channel, customerNumber, companyNumber, documents, expiresAt };
    return { id, key: secret.key, settle: () => settle(tx, { actor, action: 'access.create', prefix, id, at: now, detail }) };
  });
}

async function findUnknownNumbers(book: KeyTools['book'], { customerNumber, companyNumber }: CreateRequest): Promise<readonly GraphUserError[]> {
  const named = Object.entries({ customerNumber, companyNumber }).filter((entry): entry is [string, string] => entry[1] !== null);
  const found = await book.readAll(named.map(([, number]) => number));
  return named.flatMap(([field, number], index) => {
    const record = found[index];
    if (record && (field === 'customerNumber' || record.kind === 'COMPANY')) return [];
    return [userError(UserErrorCode.NOT_FOUND, [field], `there is no ${field === 'companyNumber' ? 'company' : 'customer'} ${JSON.stringify(number)}`)];
  });
}

/** Adds a secret to a key, audited, once per idempotency key; the one before lives for the overlap, so that its bearers can change over. */
export async function rotateKey({ database, clock }: KeyTools, request: RotateRequest): Promise<KeyOutcome> {
  const { actor, id, overlapSeconds } = request;
  const faults = [...checkIdempotencyKey(request.idempotencyKey), ...checkOverlap(overlapSeconds)];
  if (faults.length > 0) return refused(...faults);
  return once(database, request, ['access.rotate', id, overlapSeconds], async (tx) => {
    const now = instant(clock.now());
    const before = await lockKey(tx, id);
    const obstacle = before === null ? noSuchKey(id) : checkRotatable(before, overlapSeconds, now);
    if (before === null || obstacle !== null) return refused(obstacle!);
    const secret = newSecret(before.prefix);
    const overlapEndsAt = addMs(now, overlapSeconds * 1_000);
    await endSecrets(tx, id, overlapEndsAt);
    await insertSecret(tx, id, secret, now);
    return { id, key: secret.key, settle: () => settle(tx, { actor, action: 'access.rotate', prefix: before.prefix, id, at: now, detail: { prefix: before.prefix, overlapEndsAt } }) };
  });
}

const checkOverlap = (seconds: number): readonly GraphUserError[] =>
  seconds >= 0 && seconds <= LONGEST_OVERLAP_SECONDS ? [] : [userError(UserErrorCode.INVALID_INPUT, ['overlapSeconds'], `overlapSeconds must be between 0 and ${LONGEST_OVERLAP_SECONDS}`)];

function checkRotatable(key: StoredKey, overlapSeconds: number, now: Instant): GraphUserError | null {
  const state = stateOf(key, now);
  if (state !== 'ACTIVE') return userError(UserErrorCode.CONFLICT, ['id'], `this key is ${state.toLowerCase()}: create another`);
  const live = liveSecrets(key, now);
  if (live.length < 2 || overlapSeconds === 0) return null;
  return userError(UserErrorCode.CONFLICT, ['overlapSeconds'], `two secrets of this key open until ${live[0]!.expiresAt}: wait, or rotate with overlapSeconds 0, which ends both at once`);
}

/** Ends a key for good, audited. One that is revoked already stays as it is. */
export function revokeKey({ database, clock }: KeyTools, { actor, id }: RevokeRequest): Promise<KeyOutcome> {
  return database.transaction(async (tx) => {
    const before = await lockKey(tx, id);
    if (before === null) return refused(noSuchKey(id));
    if (before.revokedAt !== null) return { apiKey: before, key: null, userErrors: [] };
    const at = instant(clock.now());
    await markRevoked(tx, id, actor, at);
    await settle(tx, { actor, action: 'access.revoke', prefix: before.prefix, id, at, detail: { prefix: before.prefix, label: before.label, role: before.role } });
    return { apiKey: await readKey(tx, id), key: null, userErrors: [] };
  });
}

interface Change {
  readonly id: string;
  readonly key: string;
  /** Announces and audits it: last, for the audit is one queue. */
  settle(): Promise<void>;
}

/** The secret is in no store, so a repeated request answers the key without it. */
async function once(database: Database, request: KeyedRequest, payload: unknown, change: (tx: Sql) => Promise<Change | KeyOutcome>): Promise<KeyOutcome> {
  try {
    return await database.transaction(async (tx) => {
      const earlier = await findEarlier(tx, request, payload);
      if (earlier !== null) return { apiKey: await readKey(tx, earlier), key: null, userErrors: [] };
      const changed = await change(tx);
      if ('userErrors' in changed) return changed;
      const apiKey = (await readKey(tx, changed.id))!;
      await rememberRequest(tx, request, payload, changed.id, apiKey.secrets.at(-1)!.createdAt);
      await changed.settle();
      return { apiKey, key: changed.key, userErrors: [] };
    });
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return refused(userErrorOf(error));
  }
}

interface Told {
  readonly actor: string;
  readonly action: string;
  readonly prefix: string;
  readonly id: string;
  readonly at: Instant;
  readonly detail: Readonly<Record<string, unknown>>;
}

async function settle(tx: Sql, { actor, action, prefix, id, at, detail }: Told): Promise<void> {
  const event: AccessChanged = { type: 'access.changed', prefix, at };
  await announce(tx, CUSTOMER_SCHEMA, [{ topic: topicOf(event.type), payload: event }]);
  await writeAudit(tx, CUSTOMER_SCHEMA, { at, actor, action, subject: id, detail });
}
