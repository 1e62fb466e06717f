import type { Sql } from '../../../platform/stores/sql.ts';

/** What else is not as it should be, at the end of a full pass. All but `parked` belong to the stock feed's. */
export interface Findings {
  /** Rows of this feed that wait for their SKU, location or unit. */
  readonly parked: number;
  /** Places where counter, ledger and open lines do not say the same: always 0. */
  readonly ledgerMismatches: number;
  /** Orders the ERP took more than an hour ago and that we still subtract. */
  readonly strandedOrders: number;
  /** Places where the ERP has less than nothing. */
  readonly negativeStock: number;
}

const MISMATCHES = `select count(*) from (
    select from (
      select sku, location_code, held + held_dated as counted, held_dated as counted_dated, 0 as booked, 0 as open, 0 as open_dated
        from inventory.stock_level where held <> 0 or held_dated <> 0
      union all select sku, location_code, 0, 0, delta, 0, 0 from inventory.ledger
      union all select sku, location_code, 0, 0, 0, quantity, case when due_on is null then 0 else quantity end from inventory.hold_line where open
    ) entry
    group by sku, location_code
    having sum(counted) <> sum(booked) or sum(counted) <> sum(open) or sum(counted_dated) <> sum(open_dated)) mismatch`;

const STRANDED = `select count(distinct order_reference) from inventory.hold join inventory.hold_line line on line.hold_id = hold.id and line.open
  where hold.state = 'COMMITTED' and hold.accepted_at < clock_timestamp() - interval '1 hour'`;

interface FindingsRow {
  readonly parked: string;
  readonly mismatches: string;
  readonly stranded: string;
  readonly negative: string;
}

export async function readFindings(tx: Sql, feed: string): Promise<Findings> {
  const ofStock = (count: string): string => (feed === 'stock' ? `(${count})` : '0');
  const [row] = await tx.query<FindingsRow>(
    `select (select count(*) from inventory.parked where feed = $1) as parked, ${ofStock(MISMATCHES)} as mismatches, ${ofStock(STRANDED)} as stranded,
       ${ofStock('select count(*) from inventory.stock_level where on_hand < 0')} as negative`,
    [feed],
  );
  return { parked: Number(row!.parked), ledgerMismatches: Number(row!.mismatches), strandedOrders: Number(row!.stranded), negativeStock: Number(row!.negative) };
}
