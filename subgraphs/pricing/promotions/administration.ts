import { least, type Decimal } from '../../../domain/decimal.ts';
import type { Promotion } from '../../../domain/promotions.ts';
import { instant, type Instant } from '../../../domain/time.ts';
import { writeAudit } from '../../../platform/audit.ts';
import type { Clock } from '../../../platform/clock.ts';
import { announce } from '../../../platform/outbox.ts';
import type { Database, Sql } from '../../../platform/stores/sql.ts';
import { uniqueEvents, type PriceChange } from '../changes/price-events.ts';
import { PRICING_SCHEMA } from '../schema.sql.ts';
import { checkKey, rememberRequest, wasCarriedOut, type KeyedRequest } from './keyed-request.ts';
import { readPromotionInput } from './read-promotion.ts';
import { deepestPercent, exceeds, inPercent, readPriceSpan } from './reduction.ts';
import { invalid, refused, type Outcome, type Refusal } from './refusal.ts';
import { lockPromotions, readPromotion, writePromotion } from './store.ts';
import type { StoredPromotion } from './tables.ts';
import type { PromotionInput } from './types-promotion-input.ts';

export interface PromotionTools {
  readonly database: Database;
  readonly clock: Clock;
  /** By how much prices of a list may fall without approval, in percent; null: of no certain list. Answers null where nobody guards. */
  readonly mayFall: (listCode: string | null) => Decimal | null;
}

export interface PutRequest extends KeyedRequest {
  /** Whether whoever asks may also approve what the guard would park. */
  readonly mayApprove: boolean;
  readonly promotion: PromotionInput;
  /** 0: there must be none. Null: whatever there is. */
  readonly ifRevision: number | null;
}

/** Makes or replaces a promotion, audited; what it was is kept for prices of the past. @throws Failure CONFLICT for a key used with another request */
export function putPromotion(tools: PromotionTools, request: PutRequest): Promise<Outcome<StoredPromotion>> {
  const read = readPromotionInput(request.promotion);
  const faults = [...checkKey(request), ...(read.ok ? [] : read.refusals)];
  if (faults.length > 0 || !read.ok) return Promise.resolve(refused(...faults));
  const { value: promotion } = read;
  const payload = ['promotion.put', promotion, request.ifRevision];
  return perform(tools, request, payload, promotion.code, async (tx, before) => {
    const obstacles = [...checkRevision(before, request), ...(await checkReduction(tx, tools, promotion, request.mayApprove))];
    return obstacles.length > 0 ? refused(...obstacles) : { ok: true, value: { action: 'promotion.put', promotion } };
  });
}

function checkRevision(before: StoredPromotion | null, { ifRevision }: PutRequest): readonly Refusal[] {
  const revision = before?.revision ?? 0;
  if (ifRevision === null || ifRevision === revision) return [];
  return [{ code: 'CONFLICT', field: ['ifRevision'], message: revision === 0 ? 'there is no promotion by this code' : `its revision is ${revision} by now; read it again` }];
}

/** A typing error must not sell everything for next to nothing. */
async function checkReduction(tx: Sql, { mayFall }: PromotionTools, promotion: Promotion, mayApprove: boolean): Promise<readonly Refusal[]> {
  const { effect, priceListCodes } = promotion;
  const limits = (priceListCodes.length === 0 ? [null] : priceListCodes).flatMap((code) => mayFall(code) ?? []);
  if (mayApprove || limits.length === 0) return [];
  const span = 'amount' in effect ? await readPriceSpan(tx, promotion, effect.amount.currencyCode) : null;
  const [percent, allowed] = [deepestPercent(promotion, span), limits.reduce(least)];
  if (!exceeds(percent, allowed)) return [];
  const much = percent === null ? 'nobody can say how much of a price this takes off at most' : `this takes up to ${inPercent(percent)} off`;
  return [{ code: 'FORBIDDEN', field: ['promotion', 'effect'], message: `${much}, and more than ${allowed} % needs the scope price:approve: ask somebody who has it` }];
}

export interface EndRequest extends KeyedRequest {
  readonly code: string;
  /** Null: now. */
  readonly at: Instant | null;
}

/**
 * Ends a promotion, audited: it stays readable, and prices of before stay as they were. One that has not begun by then is switched off.
 * @throws Failure CONFLICT for a key used with another request
 */
export function endPromotion(tools: PromotionTools, request: EndRequest): Promise<Outcome<StoredPromotion>> {
  const faults = checkKey(request);
  if (faults.length > 0) return Promise.resolve(refused(...faults));
  const { code, at } = request;
  return perform(tools, request, ['promotion.end', code, at], code, async (_tx, before, now) => {
    if (before === null) return refused({ code: 'NOT_FOUND', field: ['code'], message: `there is no promotion ${JSON.stringify(code)}` });
    const end = at ?? now;
    if (end < now) return refused(invalid(['at'], `at must not be before now, ${now}: what was charged stays as it was`));
    if (before.validUntil !== null && before.validUntil <= end) return refused(invalid(['at'], `it ends already, at ${before.validUntil}`));
    const ended: Promotion = before.validFrom !== null && end <= before.validFrom ? { ...before, active: false } : { ...before, validUntil: end };
    return { ok: true, value: { action: 'promotion.end', promotion: ended } };
  });
}

interface Decided {
  readonly action: 'promotion.put' | 'promotion.end';
  readonly promotion: Promotion;
}

type Decide = (tx: Sql, before: StoredPromotion | null, now: Instant) => Promise<Outcome<Decided>>;

/** Once per key, one change of promotions at a time: with its version, event, key and audit entry, or with nothing of them. */
const perform = ({ database, clock }: PromotionTools, request: KeyedRequest, payload: unknown, code: string, decide: Decide): Promise<Outcome<StoredPromotion>> =>
  database.transaction(async (tx) => {
    if (await wasCarriedOut(tx, request, payload)) return { ok: true, value: (await readPromotion(tx, code))! };
    await lockPromotions(tx);
    const before = await readPromotion(tx, code);
    const now = noEarlier(instant(clock.now()), before?.changedAt);
    const decided = await decide(tx, before, now);
    if (!decided.ok) return decided;
    const { action, promotion } = decided.value;
    const after: StoredPromotion = { ...promotion, revision: (before?.revision ?? 0) + 1, changedAt: now, changedBy: request.actor };
    await writePromotion(tx, after);
    await announce(tx, PRICING_SCHEMA, uniqueEvents([...(before === null ? [] : changesOf(before)), ...changesOf(after)], now));
    await rememberRequest(tx, request, payload, now);
    await writeAudit(tx, PRICING_SCHEMA, { at: now, actor: request.actor, action, subject: code, detail: { before, after } });
    return { ok: true, value: after };
  });

/** Versions of one promotion follow each other in time, whatever the clocks of two processes say. */
const noEarlier = (now: Instant, than: Instant | undefined): Instant => (than !== undefined && than > now ? than : now);

/** Its SKUs, or any; on the lists it is limited to, or any. */
function changesOf({ targets, priceListCodes }: Promotion): readonly PriceChange[] {
  const skus = targets.flatMap((target) => (target.kind === 'SKU' ? [target.sku] : [null]));
  const lists = priceListCodes.length === 0 ? [null] : priceListCodes;
  return (skus.length === 0 ? [null] : skus).flatMap((sku) => lists.map((priceListCode) => ({ sku, priceListCode })));
}

