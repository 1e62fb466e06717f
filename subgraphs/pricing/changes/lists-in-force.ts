import type { CustomerClient } from '../../../domain/clients.ts';
import type { ChannelCode } from '../../../domain/ids.ts';
import type { PriceBuyer } from '../../../domain/pricing.ts';
import type { Sql } from '../../../platform/stores/sql.ts';
import { readTerms } from '../buyer/buyer-terms.ts';
import type { PriceSettings } from '../settings.ts';

export interface ListsInForceTools {
  readonly database: Sql;
  readonly customers: () => CustomerClient;
  readonly settings: PriceSettings;
}

/** Codes of every list that what a buyer pays on a channel may depend on: the buyer's own and all they are based on. */
export async function readListsInForce(
  { database, customers, settings }: ListsInForceTools,
  { buyer, channel }: { readonly buyer: PriceBuyer | null; readonly channel: ChannelCode | null },
): Promise<readonly string[]> {
  const { lists } = await readTerms(customers(), settings, buyer, channel);
  const { baseListCode } = settings.policy;
  const codes = [...lists.map(({ code }) => code), ...(baseListCode === null ? [] : [baseListCode])];
  if (codes.length === 0) return [];
  const rows = await database.query<{ code: string }>(
    `with recursive chain(code) as (
       select unnest($1::text[]) union
       select r.base_list_code from pricing.price_rule r join chain c on c.code = r.price_list_code where r.base_list_code is not null
     ) select code from chain`,
    [codes],
  );
  return rows.map(({ code }) => code).sort();
}
