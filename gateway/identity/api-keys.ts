import { createHash, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { SCOPES, type Principal } from '../../domain/principal.ts';
import { readJsonFile } from '../../platform/config.ts';
import type { Clock } from '../../platform/clock.ts';

const keySchema = z.strictObject({
  /** First characters of the key, up to its dot: finds the entry without searching. */
  prefix: z.string().min(4).max(32),
  sha256: z.string().regex(/^[0-9a-f]{64}$/, 'must be the key\'s SHA-256 in lower-case hex; make one with: npm run key'),
  kind: z.enum(['SERVICE', 'OPERATIONS', 'SHOPPER', 'BUYER']).default('SERVICE'),
  scopes: z.array(z.enum(SCOPES)),
  channel: z.string().nullable().default(null),
  customerNumber: z.string().nullable().default(null),
  companyNumber: z.string().nullable().default(null),
  expiresAt: z.iso.datetime().optional(),
});

export type ApiKeys = (key: string) => { readonly principal: Principal; readonly expiresAtMs: number | null } | null;

/**
 * Reads hashed API keys from a JSON array. Several entries may carry one prefix: two live keys make a rotation.
 * @throws Error naming the file, the entry and the field.
 */
export function loadApiKeys(path: string, clock: Clock): ApiKeys {
  const parsed = z.array(keySchema).safeParse(readJsonFile(path));
  if (!parsed.success) throw new Error(`${path}: ${parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ')}`);
  const entries = parsed.data;
  return (key) => {
    const digest = createHash('sha256').update(key).digest();
    const prefix = key.split('.')[0];
    const entry = entries.find((candidate) => candidate.prefix === prefix && timingSafeEqual(Buffer.from(candidate.sha256, 'hex'), digest));
    const expiresAtMs = entry?.expiresAt ? Date.parse(entry.expiresAt) : null;
    if (!entry || (expiresAtMs !== null && expiresAtMs <= clock.now())) return null;
    const { kind, scopes, channel, customerNumber, companyNumber } = entry;
    return { principal: { subject: `key:${entry.prefix}`, kind, scopes, channel, customerNumber, companyNumber }, expiresAtMs };
  };
}
