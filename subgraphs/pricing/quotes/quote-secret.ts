import { createHmac, randomBytes } from 'node:crypto';
import type { Config } from '../../../platform/config.ts';
import type { Database } from '../../../platform/stores/sql.ts';

/**
 * What quotes are signed with, the same in every process of a deployment and after every restart: PRICE_QUOTE_SECRET, else one
 * that follows from SUBGRAPH_SECRET, else a random one, made by whichever process is first and kept in the store.
 */
export async function readQuoteSecret({ PRICE_QUOTE_SECRET: own, SUBGRAPH_SECRET: shared }: Pick<Config, 'PRICE_QUOTE_SECRET' | 'SUBGRAPH_SECRET'>, database: Database): Promise<string> {
  if (own !== undefined) return own;
  // Not the shared secret itself: who holds the one key must not hold the other.
  if (shared !== undefined) return createHmac('sha256', shared).update('price quotes').digest('base64url');
  await database.run('insert into pricing.quote_secret (secret) values ($1) on conflict do nothing', [randomBytes(32).toString('base64url')]);
  const [row] = await database.query<{ secret: string }>('select secret from pricing.quote_secret');
  return row!.secret;
}
