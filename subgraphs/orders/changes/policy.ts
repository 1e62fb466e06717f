import { z } from 'zod';
import { Failure } from '../../../domain/failure.ts';

/** What may be asked of an order that was placed. CANCEL: a line, or all. */
const OPERATIONS = ['QUANTITY_DOWN', 'QUANTITY_UP', 'ADDRESS', 'DATE', 'CANCEL'] as const;
export type ChangeOperation = (typeof OPERATIONS)[number];

/** BEFORE_ERP: while the order is with us alone. BEFORE_PICKING: until the warehouse has begun. */
const STAGES = ['BEFORE_ERP', 'BEFORE_PICKING'] as const;
export type ChangeStage = (typeof STAGES)[number];

/** What customers may change of their orders; operations may always try. */
export interface AmendmentRule {
  readonly allow: readonly ChangeOperation[];
  readonly until: ChangeStage;
}

export interface AmendmentPolicy {
  readonly default: AmendmentRule;
  readonly channels: Readonly<Record<string, AmendmentRule>>;
}

export const DEFAULT_AMENDMENTS: AmendmentPolicy = { default: { allow: OPERATIONS, until: 'BEFORE_PICKING' }, channels: {} };

export const amendmentRuleOf = ({ channels, default: usual }: AmendmentPolicy, channel: string | null): AmendmentRule =>
  (channel !== null && Object.hasOwn(channels, channel) ? channels[channel] : undefined) ?? usual;

const rule = z.strictObject({
  allow: z.array(z.enum(OPERATIONS, `must be one of ${OPERATIONS.join(', ')}`), 'must be a list of operations').default([...OPERATIONS]),
  until: z.enum(STAGES, `must be one of ${STAGES.join(', ')}`).default('BEFORE_PICKING'),
});

const file = z.strictObject({ default: rule.default(rule.parse({})), channels: z.record(z.string(), rule).default({}) });

/** Reads a merchant's own policy. @throws Failure MISCONFIGURED naming every entry to be mended in `source`. */
export function parseAmendmentPolicy(json: unknown, source: string): AmendmentPolicy {
  const parsed = file.safeParse(json);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => `${issue.path.join('.') || 'the file'}: ${issue.message}`);
  throw new Failure('MISCONFIGURED', `${source} is no usable amendment policy; mend these entries:\n${problems.map((line) => `  ${line}`).join('\n')}`, { field: ['ORDER_AMENDMENT_POLICY_FILE'] });
}
