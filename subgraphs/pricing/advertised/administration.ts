import { isPositive } from '../../../domain/decimal.ts';
import type { Sku } from '../../../domain/ids.ts';
import { isCurrencyCode, money } from '../../../domain/money.ts';
import { instant, type Instant } from '../../../domain/time.ts';
import { writeAudit } from '../../../platform/audit.ts';
import type { Clock } from '../../../platform/clock.ts';
import { announce } from '../../../platform/outbox.ts';
import type { Database, Sql } from '../../../platform/stores/sql.ts';
import { uniqueEvents } from '../changes/price-events.ts';
import { checkKey, rememberRequest, wasCarriedOut, type KeyedRequest } from '../promotions/keyed-request.ts';
import { invalid, isStorable, refused, type Outcome, type Refusal } from '../promotions/refusal.ts';
import { PRICING_SCHEMA } from '../schema.sql.ts';
import { clearSpans, insertMinimums, lockMinimums, type MinimumAdvertised } from './advertised-store.ts';
import type { MinimumAdvertisedPriceInput } from './types-advertised.ts';

export interface AdvertisedTools {
  readonly database: Database;
  readonly clock: Clock;
}

const MOST_SKUS = 1_000;
const LONGEST_SKU = 64;

export interface SetRequest extends KeyedRequest {
  readonly prices: readonly MinimumAdvertisedPriceInput[];
}

/** All of them or none, audited. Answers the SKUs. @throws Failure CONFLICT for a key used with another request */
export function setMinimums(tools: AdvertisedTools, request: SetRequest): Promise<Outcome<readonly Sku[]>> {
  const { prices } = request;
  const skus = prices.map(({ sku }) => sku);
  const faults = [...checkKey(request), ...checkSkus(skus, (index) => ['prices', index, 'sku'], ['prices']), ...prices.flatMap(checkPrice)];
  return perform(tools, request, { action: 'minimumAdvertised.set', skus, faults, payload: prices }, async (tx, now) => {
    const minimums = prices.map((price) => minimumOf(price, now));
    const late = minimums.flatMap(({ validUntil, validFrom }, index) => (validUntil !== null && validFrom !== null && validUntil <= validFrom ? [invalid(['prices', String(index), 'validUntil'], `validUntil must be after ${validFrom}`)] : []));
    if (late.length > 0) return refused(...late);
    await clearSpans(tx, minimums.map(({ sku, validFrom, validUntil }) => ({ sku, from: validFrom, until: validUntil })));
    await insertMinimums(tx, minimums);
    return { ok: true, value: { changed: skus, detail: { minimums } } };
  });
}

const minimumOf = ({ sku, price: { amount, currencyCode }, validFrom, validUntil }: MinimumAdvertisedPriceInput, now: Instant): MinimumAdvertised =>
  ({ sku, price: money(amount, currencyCode), validFrom: validFrom ?? now, validUntil: validUntil ?? null });

export interface RemoveRequest extends KeyedRequest {
  readonly skus: readonly Sku[];
  /** Null: now. */
  readonly at: Instant | null;
}

/** From then on these SKUs may be advertised at any price; before, what was said stays. @throws Failure CONFLICT for a key used with another request */
export function removeMinimums(tools: AdvertisedTools, request: RemoveRequest): Promise<Outcome<readonly Sku[]>> {
  const { skus, at } = request;
  const faults = [...checkKey(request), ...checkSkus(skus, (index) => ['skus', index], ['skus'])];
  return perform(tools, request, { action: 'minimumAdvertised.remove', skus, faults, payload: [skus, at] }, async (tx, now) => {
    const from = at ?? now;
    const changed = await clearSpans(tx, skus.map((sku) => ({ sku, from, until: null })));
    const unsaid = skus.flatMap((sku, index): Refusal[] => (changed.has(sku) ? [] : [{ code: 'NOT_FOUND', field: ['skus', String(index)], message: `${JSON.stringify(sku)} has none from ${from} on` }]));
    return unsaid.length > 0 ? refused(...unsaid) : { ok: true, value: { changed: skus, detail: { from } } };
  });
}

function checkSkus(skus: readonly Sku[], pathOf: (index: string) => readonly string[], whole: readonly string[]): readonly Refusal[] {
  if (skus.length === 0 || skus.length > MOST_SKUS) return [invalid(whole, `1 to ${MOST_SKUS} at a time`)];
  const seen = new Set<Sku>();
  return skus.flatMap((sku, index) => {
    const field = pathOf(String(index));
    if (seen.has(sku)) return [invalid(field, `${JSON.stringify(sku)} is named twice`)];
    seen.add(sku);
    return sku !== '' && sku.length <= LONGEST_SKU && isStorable(sku) ? [] : [invalid(field, `a SKU has 1 to ${LONGEST_SKU} characters that can be stored`)];
  });
}

const checkPrice = ({ price: { amount, currencyCode } }: MinimumAdvertisedPriceInput, index: number): readonly Refusal[] => [
  ...(isPositive(amount) ? [] : [invalid(['prices', String(index), 'price', 'amount'], 'amount must be above zero; to advertise at any price use removeMinimumAdvertisedPrices')]),
  ...(isCurrencyCode(currencyCode) ? [] : [invalid(['prices', String(index), 'price', 'currencyCode'], `${JSON.stringify(currencyCode)} is no ISO 4217 currency code`)]),
];

interface Deed {
  readonly action: string;
  readonly skus: readonly Sku[];
  readonly faults: readonly Refusal[];
  readonly payload: unknown;
}

type Done = { readonly changed: readonly Sku[]; readonly detail: Readonly<Record<string, unknown>> };

/** Thrown to undo what was written before a refusal showed. */
class Undone extends Error {
  readonly refusals: readonly Refusal[];

  constructor(refusals: readonly Refusal[]) {
    super('refused');
    this.refusals = refusals;
  }
}

/** Once per key: with its events, key and audit entry, or with nothing of them. */
async function perform({ database, clock }: AdvertisedTools, request: KeyedRequest, { action, skus, faults, payload }: Deed, work: (tx: Sql, now: Instant) => Promise<Outcome<Done>>): Promise<Outcome<readonly Sku[]>> {
  if (faults.length > 0) return refused(...faults);
  try {
    await database.transaction(async (tx) => {
      if (await wasCarriedOut(tx, request, [action, payload])) return;
      await lockMinimums(tx);
      const now = instant(clock.now());
      const done = await work(tx, now);
      if (!done.ok) throw new Undone(done.refusals);
      await announce(tx, PRICING_SCHEMA, uniqueEvents(done.value.changed.map((sku) => ({ sku, priceListCode: null })), now));
      await rememberRequest(tx, request, [action, payload], now);
      await writeAudit(tx, PRICING_SCHEMA, { at: now, actor: request.actor, action, subject: skus.length === 1 ? skus[0]! : `${skus.length} SKUs`, detail: { skus, ...done.value.detail } });
    });
    return { ok: true, value: skus };
  } catch (error) {
    if (error instanceof Undone) return refused(...error.refusals);
    throw error;
  }
}
