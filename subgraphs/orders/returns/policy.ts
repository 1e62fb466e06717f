import { z } from 'zod';
import { Failure } from '../../../domain/failure.ts';
import { addMs, type Instant } from '../../../domain/time.ts';
import { readJsonFile } from '../../../platform/config.ts';

export const RETURN_REASONS = ['DEFECTIVE', 'WRONG_ITEM', 'NOT_AS_DESCRIBED', 'NO_LONGER_WANTED', 'DAMAGED_IN_TRANSIT', 'OTHER'] as const;
export type ReturnReason = (typeof RETURN_REASONS)[number];

export const EXCHANGE_MOMENTS = ['AT_AUTHORISATION', 'AT_RECEIPT'] as const;
export type ExchangeMoment = (typeof EXCHANGE_MOMENTS)[number];

/** How a channel takes goods back. */
export interface ChannelReturnPolicy {
  /** Returns nobody needs to look at; null: somebody looks at each. */
  readonly autoAuthorise: {
    /** Since the goods left. */
    readonly withinDays: number;
    /** Every line must have one of these. */
    readonly reasons: readonly ReturnReason[];
  } | null;
  /** When the order that replaces the goods is placed. */
  readonly exchange: ExchangeMoment;
}

export interface ReturnPolicy {
  readonly channel: ChannelReturnPolicy;
  readonly channels: ReadonlyMap<string, ChannelReturnPolicy>;
}

export const DEFAULT_POLICY: ReturnPolicy = { channel: { autoAuthorise: null, exchange: 'AT_AUTHORISATION' }, channels: new Map() };

const channel = z.strictObject({
  autoAuthorise: z.strictObject({
    withinDays: z.number('must be a number of days').int('must be whole days').min(1, 'must be at least one day').max(3_650, 'must be at most 3650 days'),
    reasons: z.array(z.enum(RETURN_REASONS, `must be of ${RETURN_REASONS.join(', ')}`), 'must be a list of reasons').min(1, 'must name a reason').default([...RETURN_REASONS]),
  }, 'must be null or { "withinDays": 30 }').nullable(),
  exchange: z.enum(EXCHANGE_MOMENTS, `must be of ${EXCHANGE_MOMENTS.join(', ')}`),
}).partial();

const file = z.strictObject({ channel: channel.default({}), channels: z.record(z.string().min(1).max(64), channel).default({}) });

/** Reads the merchant's rules for returns. @throws Failure MISCONFIGURED that lists every unusable entry with its path and remedy. */
export function parseReturnPolicy(json: unknown, source: string): ReturnPolicy {
  const parsed = file.safeParse(json);
  if (!parsed.success) {
    const problems = parsed.error.issues.map(({ path, message }) => `  ${path.join('.') || '(the whole file)'}: ${message}`);
    throw new Failure('MISCONFIGURED', `${source} is no usable policy of returns; mend these entries:\n${problems.join('\n')}`, { field: ['RETURN_POLICY_FILE'] });
  }
  const every = merged(DEFAULT_POLICY.channel, parsed.data.channel);
  return { channel: every, channels: new Map(Object.entries(parsed.data.channels).map(([code, text]) => [code, merged(every, text)])) };
}

const merged = (base: ChannelReturnPolicy, text: z.output<typeof channel>): ChannelReturnPolicy => ({
  autoAuthorise: text.autoAuthorise === undefined ? base.autoAuthorise : text.autoAuthorise,
  exchange: text.exchange ?? base.exchange,
});

export const readReturnPolicy = (path: string | undefined): ReturnPolicy => (path === undefined ? DEFAULT_POLICY : parseReturnPolicy(readJsonFile(path), path));

export const policyOf = (policy: ReturnPolicy, channelCode: string | null): ChannelReturnPolicy => policy.channels.get(channelCode ?? '') ?? policy.channel;

const DAY_MS = 86_400_000;

/** `shippedAt` per line: when it left last; null where the ERP tells no time, and then somebody looks. */
export function authorisesItself(
  { autoAuthorise }: ChannelReturnPolicy, lines: readonly { readonly reason: ReturnReason; readonly shippedAt: Instant | null }[], now: Instant,
): boolean {
  if (!autoAuthorise) return false;
  const { withinDays, reasons } = autoAuthorise;
  return lines.every(({ reason, shippedAt }) => reasons.includes(reason) && shippedAt !== null && addMs(shippedAt, withinDays * DAY_MS) >= now);
}
