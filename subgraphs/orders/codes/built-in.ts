import { instant } from '../../../domain/time.ts';
import type { Config } from '../../../platform/config.ts';
import { ANY_CODE, type CodeMapping } from './code-map.ts';

/** The sandbox books every charge and discount on one service of its own (sandbox/seeds/charge-item.ts). */
const SANDBOX_CODES = { TAX: ANY_CODE, PAYMENT: ANY_CODE, CHARGE: 'SRV-CHARGE' } as const;

/**
 * The sandbox understands our own codes, so that a first order works. Not for a real ERP, whatever is configured: what it
 * calls a payment is not to be guessed. Never stored, so that a real ERP of the same name starts without them.
 */
export function builtInMappings(config: Pick<Config, 'useSandbox' | 'SANDBOX_URL' | 'CONNECTIONS_FILE'>, system: string): readonly CodeMapping[] {
  const isSandbox = config.CONNECTIONS_FILE === undefined && (config.useSandbox || config.SANDBOX_URL !== undefined);
  if (!isSandbox) return [];
  return (Object.keys(SANDBOX_CODES) as (keyof typeof SANDBOX_CODES)[]).map((kind) => ({ system, kind, ours: ANY_CODE, theirs: SANDBOX_CODES[kind], detail: {}, updatedBy: 'sandbox', updatedAt: instant(0) }));
}
