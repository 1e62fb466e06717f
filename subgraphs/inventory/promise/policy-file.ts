import { z } from 'zod';
import { decimal, isDecimal, isNegative, type Decimal } from '../../../domain/decimal.ts';
import { Failure } from '../../../domain/failure.ts';
import { calendarDate } from '../../../domain/time.ts';
import { MAX_TTL_SECONDS, MIN_TTL_SECONDS } from './input-checks.ts';
import { DEFAULT_POLICY, MAX_HORIZON_DAYS, type ChannelPolicy, type InventoryPolicy, type ItemPolicy } from './policy.ts';

/* The merchant's choices as they are written down in JSON: whatever is left out stays as it is by default. */

const quantity = z.union([z.string(), z.number()], 'must be a quantity like "2.5"').transform((value, context): Decimal => {
  const text = String(value);
  if (isDecimal(text) && !isNegative(text)) return decimal(text);
  context.addIssue({ code: 'custom', message: 'must be a quantity like "2.5", not below zero' });
  return z.NEVER;
});
const wholeNumber = (min: number, max: number): z.ZodNumber => {
  const error = `must be a whole number from ${min} to ${max}`;
  return z.number(error).int(error).min(min, error).max(max, error);
};
const day = z.string('must be a day like "2026-01-31"').transform((text, context) => {
  try {
    return calendarDate(text);
  } catch {
    context.addIssue({ code: 'custom', message: 'must be a day like "2026-01-31"' });
    return z.NEVER;
  }
});
const codes = z.array(z.string('must be a code').min(1, 'must not be empty'), 'must be a list of codes');
const days = wholeNumber(0, MAX_HORIZON_DAYS);

const item = z.strictObject({
  safetyStock: quantity,
  overdueReceipts: z.union([z.literal('DROP'), z.strictObject({ pushDays: days })], 'must be "DROP" or { "pushDays": 3 }'),
  leadTimeDays: days,
  backorder: z.enum(['NONE', 'LEAD_TIME'], 'must be "NONE" or "LEAD_TIME"'),
  preorder: z.strictObject({ availableFrom: day, limit: quantity.nullable().default(null) }, 'must be null or { "availableFrom": "2026-01-31", "limit": "100" }').nullable(),
  lowStockThreshold: quantity,
}).partial();

const channel = z.strictObject({
  locations: codes.min(1, 'must name a location, or be left out for all').nullable(),
  whenSilent: z.enum(['REFUSE', 'LEDGER_WITH_SAFETY', 'BACKORDER'], 'must be "REFUSE", "LEDGER_WITH_SAFETY" or "BACKORDER"'),
  safetyWhenSilent: quantity,
  sourcing: z.enum(['FEWEST_SHIPMENTS', 'PRIORITY', 'NEAREST'], 'must be "FEWEST_SHIPMENTS", "PRIORITY" or "NEAREST"'),
  splitting: z.enum(['LINES', 'ORDER', 'NONE'], 'must be "LINES", "ORDER" or "NONE"'),
  holdTtlSeconds: wholeNumber(MIN_TTL_SECONDS, MAX_TTL_SECONDS),
}).partial();

const region = z.strictObject({
  name: z.string('must name the region').min(1, 'must name the region'),
  countries: z.array(z.string().regex(/^[A-Z]{2}$/, 'must be an ISO 3166-1 code like "US"'), 'must be a list of country codes').default([]),
  regions: codes.default([]),
  postalPrefixes: codes.default([]),
  locations: codes.min(1, 'must name at least one location, the nearest first'),
});

const file = z.strictObject({
  horizonDays: wholeNumber(1, MAX_HORIZON_DAYS).default(DEFAULT_POLICY.atp.horizonDays),
  quantityCap: quantity.default(DEFAULT_POLICY.quantityCap),
  item: item.default({}),
  items: z.record(z.string().min(1).max(64), item).default({}),
  channel: channel.default({}),
  channels: z.record(z.string().min(1).max(64), channel).default({}),
  regions: z.array(region, 'must be a list of regions').default([]),
});

type ItemText = z.output<typeof item>;
type ChannelText = z.output<typeof channel>;

/**
 * Reads a policy. `source` names the file in errors.
 * @throws Failure MISCONFIGURED that lists every unusable entry with its path and remedy.
 */
export function parsePolicy(json: unknown, source: string): InventoryPolicy {
  const parsed = file.safeParse(json);
  const unreadable = parsed.error?.issues.map(({ path, message }) => `${path.join('.') || '(the whole file)'}: ${message}`) ?? [];
  const problems = parsed.success ? contradictions(parsed.data) : unreadable;
  if (!parsed.success || problems.length > 0) {
    throw new Failure('MISCONFIGURED', `${source} is no usable inventory policy; mend these entries:\n${problems.map((line) => `  ${line}`).join('\n')}`, { field: ['INVENTORY_POLICY_FILE'] });
  }
  const { horizonDays, quantityCap, regions, ...rest } = parsed.data;
  const base = itemPolicy({ ...DEFAULT_POLICY, atp: { ...DEFAULT_POLICY.atp, horizonDays } }, rest.item);
  const everyChannel = channelPolicy(DEFAULT_POLICY.channel, rest.channel);
  return {
    ...base,
    items: new Map(Object.entries(rest.items).map(([sku, text]) => [sku, itemPolicy(base, text)])),
    quantityCap,
    channel: everyChannel,
    channels: new Map(Object.entries(rest.channels).map(([code, text]) => [code, channelPolicy(everyChannel, text)])),
    regions,
  };
}

function itemPolicy(base: ItemPolicy, text: ItemText): ItemPolicy {
  const { overdueReceipts: overdue } = text;
  const overdueReceipts = overdue === undefined ? base.atp.overdueReceipts : overdue === 'DROP' ? ({ kind: 'DROP' } as const) : ({ kind: 'PUSH', days: overdue.pushDays } as const);
  return {
    atp: { horizonDays: base.atp.horizonDays, safetyStock: text.safetyStock ?? base.atp.safetyStock, overdueReceipts },
    leadTimeDays: text.leadTimeDays ?? base.leadTimeDays,
    backorder: text.backorder ?? base.backorder,
    preorder: text.preorder === undefined ? base.preorder : text.preorder,
    lowStockThreshold: text.lowStockThreshold ?? base.lowStockThreshold,
  };
}

const channelPolicy = (base: ChannelPolicy, text: ChannelText): ChannelPolicy => ({
  locations: text.locations === undefined ? base.locations : text.locations,
  whenSilent: text.whenSilent ?? base.whenSilent,
  safetyWhenSilent: text.safetyWhenSilent ?? base.safetyWhenSilent,
  sourcing: text.sourcing ?? base.sourcing,
  splitting: text.splitting ?? base.splitting,
  holdTtlSeconds: text.holdTtlSeconds ?? base.holdTtlSeconds,
});

/** What is readable but cannot be meant. */
function contradictions({ item: base, items, channel: every, channels, regions }: z.output<typeof file>): string[] {
  const problems: string[] = [];
  const checkItem = (path: string, text: ItemText): void => {
    const own = { ...base, ...text };
    if (own.backorder === 'LEAD_TIME' && own.leadTimeDays === undefined) problems.push(`${path}.leadTimeDays: required with "backorder": "LEAD_TIME"; else everything could be had today`);
    if (own.backorder === 'LEAD_TIME' && own.preorder) problems.push(`${path}.preorder: an item is sold by lead time or as a preorder, not both; set "backorder": "NONE"`);
  };
  checkItem('item', {});
  for (const [sku, text] of Object.entries(items)) checkItem(`items.${sku}`, text);
  const isNearest = [every, ...Object.values(channels)].some((text) => text.sourcing === 'NEAREST');
  if (isNearest && regions.length === 0) problems.push('regions: required with "sourcing": "NEAREST"; they say what is near');
  return problems;
}
