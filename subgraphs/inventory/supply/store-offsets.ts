import type { Sku } from '../../../domain/ids.ts';
import type { Instant } from '../../../domain/time.ts';
import { prepared, type Database, type Sql } from '../../../platform/stores/sql.ts';
import { announceDifferences } from '../changes/announcements.ts';
import { closeLines, lockFigures, type LineSelection } from '../holds/store-ledger.ts';

/*
 * An order is subtracted by us until the ERP's figures contain it, and then no longer: neither early (we oversell) nor
 * late (stock is stranded). The ERP may allocate elsewhere than we held, so one location's figure proves nothing:
 * a line leaves when every location of its SKU was read after the ERP had accepted the order.
 */

/**
 * A figure proves an order when it was read later than this. Who reads stock, who submits orders and the database each
 * have a clock: one that is ahead would date a reading after an acceptance it does not contain, and what the order took
 * would be sold again. A second is more than synchronised clocks ever differ, and costs that much of understating; clocks
 * measured to differ by more (see clocks.ts) widen it by what they differ.
 */
const PROVEN_AFTER = 'hold.accepted_at + (select inventory.clock_margin())';

const PASS = '(select started_at from inventory.stock_pass)';

/** Of what was ever read. Without such a stock row only a pass can tell that the ERP's figures, which know of none, contain the order. */
const PROVEN = `not exists (
    select from inventory.stock_level stock where stock.sku = line.sku and stock.as_of > '-infinity' and greatest(stock.as_of, ${PASS}) <= ${PROVEN_AFTER})
  and (exists (select from inventory.stock_level stock where stock.sku = line.sku and stock.as_of > '-infinity') or coalesce(${PASS} > ${PROVEN_AFTER}, false))`;

interface OffsetLine extends LineSelection {
  readonly sku: Sku;
}

function linesWhere(condition: string): string {
  return `select distinct line.sku, line.hold_id as "holdId"
     from inventory.hold join inventory.hold_line line on line.hold_id = hold.id and line.open
     where hold.state = 'COMMITTED' and hold.accepted_at is not null and hold.settled_at is null and ${condition}`;
}

const FIND_PROVEN = prepared(linesWhere(`line.sku = any($1::text[]) and ${PROVEN}`));

/** Lines of these SKUs that every stock row proves, by its own reading or by a whole pass begun later. SKUs must be locked. */
export const findProven = (tx: Sql, skus: readonly Sku[]): Promise<readonly OffsetLine[]> => tx.query<OffsetLine>(FIND_PROVEN, [skus]);

/** Lets go of what is proven of these SKUs. They must be locked. */
export async function offsetBySnapshots(tx: Sql, skus: readonly Sku[]): Promise<void> {
  await closeLines(tx, await findProven(tx, skus), 'OFFSET');
}

/** After a pass: rows a delta did not list had not changed since it began, so orders accepted before that are contained. */
export async function offsetByPass(database: Database, at: Instant): Promise<void> {
  const due = await database.query<OffsetLine>(linesWhere(`${PROVEN_AFTER} < ${PASS}`));
  if (due.length === 0) return;
  const skus = [...new Set(due.map((line) => line.sku))];
  await database.transaction(async (tx) => {
    const before = await lockFigures(tx, skus);
    await closeLines(tx, due, 'OFFSET');
    await announceDifferences(tx, before, skus, at);
  });
}
