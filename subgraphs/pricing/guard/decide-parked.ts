import { createHash } from 'node:crypto';
import type { Instant } from '../../../domain/time.ts';
import { writeAudit } from '../../../platform/audit.ts';
import type { Database, Sql } from '../../../platform/stores/sql.ts';
import { userError, UserErrorCode, type GraphUserError } from '../../graph/user-error.ts';
import { PRICING_SCHEMA } from '../schema.sql.ts';
import type { IncomingChange, RecordKind } from './incoming-change.ts';
import type { ParkedChange } from './parked-change.ts';
import { serveChanges, servedTableOf } from './serve-changes.ts';
import { rememberAbsent } from './store-absent.ts';
import { dropHeld, readHeldFingerprints } from './store-incoming.ts';
import { welcome } from './store-memory.ts';
import { lockGuard, lockParked, readParked, settleParked } from './store-parked.ts';
import { readRequest, rememberRequest } from './store-requests.ts';

export type Decision = 'APPROVED' | 'REJECTED';

export interface DecisionRequest {
  readonly actor: string;
  readonly idempotencyKey: string;
  readonly decision: Decision;
  /** One change, several, or all that are pending of one pass. */
  readonly of: { readonly id: string } | { readonly ids: readonly string[] } | { readonly batchId: string };
  readonly note: string | null;
}

export interface Decided {
  readonly changes: readonly ParkedChange[];
  /** Any: nothing was done. */
  readonly userErrors: readonly GraphUserError[];
}

export interface DecisionTools {
  readonly database: Database;
  readonly now: () => Instant;
}

/** A list is there before its rules. */
const ORDER: readonly RecordKind[] = ['currency_rate', 'price_list', 'list_price', 'price_rule'];

/**
 * Approves or rejects, all or nothing, once per (actor, key). What is approved is served when this returns: written, announced and audited
 * in one transaction, as the feed would have written it.
 */
export async function decideParked({ database, now }: DecisionTools, request: DecisionRequest): Promise<Decided> {
  const { actor, idempotencyKey, decision, of, note } = request;
  const digest = createHash('sha256').update(JSON.stringify([decision, of, note])).digest('hex');
  return database.transaction(async (tx) => {
    await lockGuard(tx);
    const earlier = await readRequest(tx, actor, idempotencyKey);
    if (earlier !== null) return earlier.digest === digest ? { changes: await readParked(tx, earlier.changeIds), userErrors: [] } : refusal(KEY_USED);
    const found = await lockParked(tx, 'id' in of ? { ids: [of.id] } : of);
    const problems = [...missing(request, found), ...(await findProblems(tx, request, found))];
    if (problems.length > 0) return { changes: [], userErrors: problems };
    const at = now();
    if (decision === 'APPROVED') await serve(tx, found, at);
    const ids = found.map(({ id }) => id);
    await settleParked(tx, ids, decision, actor, note);
    await rememberRequest(tx, { actor, idempotencyKey, digest, changeIds: ids });
    await audit(tx, request, found, at);
    return { changes: await readParked(tx, ids), userErrors: [] };
  });
}

const KEY_USED = userError(UserErrorCode.CONFLICT, ['idempotencyKey'], 'this idempotencyKey was used for another request; send a new key for a new one');
const refusal = (error: GraphUserError): Decided => ({ changes: [], userErrors: [error] });

function missing({ of }: DecisionRequest, found: readonly ParkedChange[]): readonly GraphUserError[] {
  if ('batchId' in of) return found.length > 0 ? [] : [userError(UserErrorCode.NOT_FOUND, ['batchId'], 'nothing of this batch is pending')];
  const known = new Set(found.map(({ id }) => id));
  return ('id' in of ? [of.id] : of.ids).flatMap((id, index) => (known.has(id) ? [] : [userError(UserErrorCode.NOT_FOUND, pathOf(of, index), `there is no parked price change ${id}`)]));
}

const pathOf = (of: DecisionRequest['of'], index: number): readonly string[] => ('id' in of ? ['id'] : 'batchId' in of ? ['batchId'] : ['ids', String(index)]);

type Locked = ParkedChange & { readonly isOver: boolean };

async function findProblems(tx: Sql, { of }: DecisionRequest, found: readonly Locked[]): Promise<readonly GraphUserError[]> {
  const said = await readSaid(tx, found);
  return found.flatMap((change): readonly GraphUserError[] => {
    const field = pathOf(of, 'ids' in of ? of.ids.indexOf(change.id) : 0);
    const { id, state, key, isOver, fingerprint } = change;
    if (state === 'EXPIRED' || (state === 'PENDING' && isOver)) {
      return [userError(UserErrorCode.TOO_LATE, field, `${id} has expired; the old price of ${key} stays until the source says something else`)];
    }
    if (state === 'SUPERSEDED') return [userError(UserErrorCode.CONFLICT, field, `the source has changed ${key} since ${id} was parked; look at pendingPriceChanges again`)];
    if (state !== 'PENDING') return [userError(UserErrorCode.CONFLICT, field, `${id} was ${state.toLowerCase()} by ${change.decidedBy} at ${change.decidedAt}`)];
    const now = said.get(`${change.recordKind} ${key}`);
    const isOther = now !== undefined && now !== fingerprint;
    return isOther ? [userError(UserErrorCode.CONFLICT, field, `the source is changing ${key} just now; look at pendingPriceChanges again`, true)] : [];
  });
}

/** What a pass under way has read of these rows. */
async function readSaid(tx: Sql, found: readonly ParkedChange[]): Promise<ReadonlyMap<string, string>> {
  const said = new Map<string, string>();
  for (const [kind, changes] of Map.groupBy(found, ({ recordKind }) => recordKind)) {
    const held = await readHeldFingerprints(tx, servedTableOf(kind).table.feed, changes.map(({ key }) => key));
    for (const [key, fingerprint] of held) said.set(`${kind} ${key}`, fingerprint);
  }
  return said;
}

async function serve(tx: Sql, found: readonly ParkedChange[], at: Instant): Promise<void> {
  for (const kind of ORDER) {
    const changes = found.filter(({ recordKind }) => recordKind === kind);
    if (changes.length === 0) continue;
    await serveChanges(tx, kind, changes, at);
    await dropHeld(tx, servedTableOf(kind).table.feed, changes.map(({ key }) => key));
    if (kind === 'list_price') await welcome(tx, 'SKU', await rememberAbsent(tx, changes as readonly Pick<IncomingChange, 'key' | 'before' | 'after'>[]));
    if (kind === 'price_list') await welcome(tx, 'LIST', changes.filter(({ before }) => before === null).map(({ key }) => key));
  }
}

/** One entry of each change, so that its history is found by its id; a whole batch is one, under the batch's. */
async function audit(tx: Sql, { actor, decision, of, note }: DecisionRequest, found: readonly ParkedChange[], at: Instant): Promise<void> {
  const action = decision === 'APPROVED' ? 'price.approve' : 'price.reject';
  if ('batchId' in of) {
    return writeAudit(tx, PRICING_SCHEMA, { at, actor, action, subject: of.batchId, detail: { note, changes: found.length, keys: found.slice(0, MOST_KEYS).map(({ recordKind, key }) => `${recordKind} ${key}`) } });
  }
  for (const { id, recordKind, key, source, priceListCode, reason, largestPercent } of found) {
    await writeAudit(tx, PRICING_SCHEMA, { at, actor, action, subject: id, detail: { note, source, recordKind, key, priceListCode, reason, largestPercent } });
  }
}

const MOST_KEYS = 1_000;
