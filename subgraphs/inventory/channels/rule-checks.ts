import { compare, decimal, isNegative, sum, type Decimal } from '../../../domain/decimal.ts';
import type { ChannelCode } from '../../../domain/ids.ts';
import type { InventoryPolicy } from '../promise/policy.ts';
import type { RuleDraft, RuleShare } from './rule.ts';
import type { Obstacles } from './store-rules.ts';

/** Why a change of allocations is not made: nothing was changed. */
export interface Refusal {
  readonly code: 'INVALID_INPUT' | 'NOT_FOUND' | 'CONFLICT';
  /** Path of the input field at fault. */
  readonly field: readonly string[];
  readonly message: string;
}

export type Outcome<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly refusals: readonly Refusal[] };

export const refused = (...refusals: readonly Refusal[]): Outcome<never> => ({ ok: false, refusals });
export const invalid = (field: readonly string[], message: string): Refusal => ({ code: 'INVALID_INPUT', field, message });

const CODE = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/;
const MAX_NAME = 200;
const MAX_SKUS = 10_000;
const MAX_SHARES = 50;
const MAX_PERIOD_HOURS = 366 * 24;
const HUNDRED = decimal(100);
const MAX_QUANTITY = decimal('1000000000');
const MAX_KEY_LENGTH = 255;

/** PostgreSQL holds neither NUL nor half a character. */
const isStorable = (text: string): boolean => !text.includes('\0') && text.isWellFormed();

export function checkKey(idempotencyKey: string): readonly Refusal[] {
  const usable = idempotencyKey.length > 0 && idempotencyKey.length <= MAX_KEY_LENGTH && isStorable(idempotencyKey);
  return usable ? [] : [invalid(['idempotencyKey'], `idempotencyKey must have 1 to ${MAX_KEY_LENGTH} characters that can be stored`)];
}

/** Where channels are configured, one that is not among them is refused. */
function checkChannel(channel: ChannelCode, field: readonly string[], { channels }: Pick<InventoryPolicy, 'channels'>): readonly Refusal[] {
  if (!CODE.test(channel)) return [invalid(field, 'a channel code has 1 to 64 letters, digits, "_", "." or "-"')];
  if (channels.size === 0 || channels.has(channel)) return [];
  return [invalid(field, `there is no channel ${JSON.stringify(channel)}; the channels are ${[...channels.keys()].join(', ')}`)];
}

/** Everything that can be said of a draft by itself; every fault, not the first alone. Pure. */
export function checkDraft(draft: RuleDraft, policy: Pick<InventoryPolicy, 'channels'>): readonly Refusal[] {
  return [...checkHead(draft), ...checkSkus(draft.skus), ...checkReallocation(draft), ...checkShares(draft.shares, policy)];
}

function checkHead({ code, name, periodHours }: RuleDraft): readonly Refusal[] {
  const refusals: Refusal[] = [];
  if (!CODE.test(code)) refusals.push(invalid(['code'], 'code has 1 to 64 letters, digits, "_", "." or "-"'));
  if (name.trim() === '' || name.length > MAX_NAME || !isStorable(name)) refusals.push(invalid(['name'], `name must have 1 to ${MAX_NAME} characters`));
  if (!Number.isInteger(periodHours) || periodHours < 1 || periodHours > MAX_PERIOD_HOURS) {
    refusals.push(invalid(['periodHours'], `periodHours must be between 1 and ${MAX_PERIOD_HOURS}`));
  }
  return refusals;
}

function checkSkus(skus: RuleDraft['skus']): readonly Refusal[] {
  if (skus === null) return [];
  if (skus.length === 0) return [invalid(['skus'], 'skus must not be empty; leave it out to cover every SKU no other rule lists')];
  if (skus.length > MAX_SKUS) return [invalid(['skus'], `at most ${MAX_SKUS} SKUs a rule; split it, or leave skus out to cover all`)];
  const seen = new Set<string>();
  return skus.flatMap((sku, index) => {
    if (seen.has(sku)) return [invalid(['skus', String(index)], `${JSON.stringify(sku)} is listed twice`)];
    seen.add(sku);
    return isStorable(sku) ? [] : [invalid(['skus', String(index)], 'this SKU holds a character no system can store')];
  });
}

function checkReallocation({ reallocation }: RuleDraft): readonly Refusal[] {
  if (reallocation === null) return [];
  const { afterPercent, safetyFactor } = reallocation;
  const refusals: Refusal[] = [];
  if (isNegative(afterPercent) || compare(afterPercent, HUNDRED) > 0) refusals.push(invalid(['reallocation', 'afterPercent'], 'afterPercent must be between 0 and 100'));
  if (compare(safetyFactor, decimal(1)) < 0 || compare(safetyFactor, HUNDRED) > 0) refusals.push(invalid(['reallocation', 'safetyFactor'], 'safetyFactor must be between 1 and 100'));
  return refusals;
}

function checkShares(shares: readonly RuleShare[], policy: Pick<InventoryPolicy, 'channels'>): readonly Refusal[] {
  if (shares.length === 0 || shares.length > MAX_SHARES) return [invalid(['shares'], `shares must name 1 to ${MAX_SHARES} channels`)];
  const seen = new Set<ChannelCode>();
  const refusals = shares.flatMap((share, index) => {
    const field = ['shares', String(index)];
    const twice = seen.has(share.channel) ? [invalid([...field, 'channel'], `${JSON.stringify(share.channel)} has a share already`)] : [];
    seen.add(share.channel);
    return [...twice, ...checkChannel(share.channel, [...field, 'channel'], policy), ...checkSize(share, field)];
  });
  const percent = sum(shares.flatMap(({ share }) => (share.kind === 'PERCENT' ? [share.percent] : [])));
  return compare(percent, HUNDRED) > 0 ? [...refusals, invalid(['shares'], `percentages add up to ${percent}; at most 100`)] : refusals;
}

function checkSize({ share, buffer }: RuleShare, field: readonly string[]): readonly Refusal[] {
  const isQuantity = (value: Decimal): boolean => !isNegative(value) && compare(value, MAX_QUANTITY) <= 0;
  const refusals: Refusal[] = [];
  if (share.kind === 'PERCENT' && (isNegative(share.percent) || compare(share.percent, HUNDRED) > 0)) refusals.push(invalid([...field, 'percent'], 'percent must be between 0 and 100'));
  if (share.kind === 'FIXED' && !isQuantity(share.quantity)) refusals.push(invalid([...field, 'quantity'], 'quantity must be between 0 and one billion'));
  if (!isQuantity(buffer)) refusals.push(invalid([...field, 'buffer'], 'buffer must be between 0 and one billion'));
  return refusals;
}

/** What the store says against a draft. Pure. */
export function explainObstacles({ code, skus }: RuleDraft, { unknown, kits, elsewhere, otherForAll }: Obstacles): readonly Refusal[] {
  if (otherForAll !== null) return [{ code: 'CONFLICT', field: ['skus'], message: `the rule ${JSON.stringify(otherForAll)} covers all SKUs already; list those of ${JSON.stringify(code)}` }];
  return (skus ?? []).flatMap((sku, index): Refusal[] => {
    const field = ['skus', String(index)];
    if (unknown.has(sku)) return [{ code: 'NOT_FOUND', field, message: `there is no SKU ${JSON.stringify(sku)}` }];
    if (kits.has(sku)) return [invalid(field, `${JSON.stringify(sku)} is a kit and has no stock of its own; allocate its components`)];
    const other = elsewhere.get(sku);
    return other === undefined ? [] : [{ code: 'CONFLICT', field, message: `${JSON.stringify(sku)} is in the rule ${JSON.stringify(other)}; take it out there first` }];
  });
}
