import type { Sku } from '../../../domain/ids.ts';
import type { Instant } from '../../../domain/time.ts';
import type { Database, Sql } from '../../../platform/stores/sql.ts';
import { lockSkus } from '../sku-lock.ts';
import { announceShares } from './announce-shares.ts';

/* A rule may cover millions of SKUs: that it has changed is noted at once and told page by page, each in its own transaction. */

/** Notes that what channels may take of these SKUs has changed; null: of all. */
export async function noteChange(tx: Sql, skus: readonly Sku[] | null): Promise<void> {
  if (skus === null || skus.length > 0) await tx.run('insert into inventory.allocation_notice (skus) values ($1::text[])', [skus]);
}

const PAGE = 500;

interface NoticePage {
  readonly id: string;
  readonly skus: readonly Sku[];
}

const NEXT = `select notice.id::text, array(
    select item.sku from inventory.item_info item where item.sku > notice.after and (notice.skus is null or item.sku = any(notice.skus)) order by item.sku limit ${PAGE}
  ) as skus from inventory.allocation_notice notice order by notice.id limit 1`;

/** Announces the next page of what is noted. False: there is nothing left. One process at a time. */
export async function announceNoted(database: Database, at: Instant): Promise<boolean> {
  const [page] = await database.query<NoticePage>(NEXT);
  if (!page) return false;
  await database.transaction(async (tx) => {
    await lockSkus(tx, page.skus);
    await announceShares(tx, page.skus, at);
    const done = page.skus.length < PAGE;
    if (done) await tx.run('delete from inventory.allocation_notice where id = $1', [page.id]);
    else await tx.run('update inventory.allocation_notice set after = $2 where id = $1', [page.id, page.skus.at(-1)]);
  });
  return true;
}
