import type { ListPrice, PriceList, PriceRule } from '../../../domain/pricing.ts';
import type { PortSource } from '../../../domain/ports.ts';
import { instant, type Instant } from '../../../domain/time.ts';
import type { Clock } from '../../../platform/clock.ts';
import type { Feed, FeedRejection } from '../../../platform/feed.ts';
import { announce } from '../../../platform/outbox.ts';
import type { Sql } from '../../../platform/stores/sql.ts';
import { isUnstorable, mirrorRows, removeUnseenRows, type ChangedRow, type MirrorTable } from '../../frame/mirror-table.ts';
import { createPortFeed } from '../../frame/port-feed.ts';
import { complainAboutListPrice, complainAboutPriceList, complainAboutRule, type Complaint } from './price-checks.ts';
import { listChanged, ruleChanged, skuChanged, uniqueEvents, type PriceChange } from '../changes/price-events.ts';
import { PRICING_SCHEMA } from '../schema.sql.ts';
import { rejectCycles } from './store.ts';
import {
  listPriceRow, LIST_PRICES, priceListRow, PRICE_LISTS, priceRuleRow, PRICE_RULES, type ListPriceRow, type PriceListRow, type PriceRuleRow,
} from './tables.ts';

export interface PriceFeedOptions {
  readonly ports: PortSource;
  readonly intervalMs: number;
  readonly clock: Clock;
}

/** List prices, price lists and price rules of the system that owns prices; none where no system does. */
export function createPriceFeeds({ ports, intervalMs, clock }: PriceFeedOptions): readonly Feed[] {
  const owned = ports.port('prices');
  if (owned === null) return [];
  const { port, capabilities } = owned;
  const now = (): Instant => instant(clock.date());
  const common = { capabilities, intervalMs };
  return [
    createPortFeed({ ...common, name: LIST_PRICES.feed, flow: 'prices', list: port.listPrices, ...mirror<ListPrice, ListPriceRow>(prices, now) }),
    createPortFeed({ ...common, name: PRICE_LISTS.feed, flow: 'priceLists', list: port.listPriceLists, ...mirror<PriceList, PriceListRow>(lists, now) }),
    createPortFeed({ ...common, name: PRICE_RULES.feed, flow: 'priceRules', list: port.listPriceRules, ...mirror<PriceRule, PriceRuleRow>(rules, now) }),
  ];
}

/** How one kind of record is checked, kept and announced. */
interface Mirrored<Domain extends object, Row> {
  readonly table: MirrorTable;
  readonly keyOf: (record: Domain) => string;
  readonly complain: (record: Domain) => Complaint;
  readonly rowOf: (record: Domain) => Row;
  readonly changesOf: (row: Row) => readonly PriceChange[];
  /** What only the whole table shows. */
  readonly rejectWritten?: (tx: Sql, records: readonly Domain[]) => Promise<readonly FeedRejection[]>;
}

const prices: Mirrored<ListPrice, ListPriceRow> = {
  table: LIST_PRICES, keyOf: (record) => record.sku, complain: complainAboutListPrice, rowOf: listPriceRow, changesOf: (row) => [skuChanged(row)],
};

const lists: Mirrored<PriceList, PriceListRow> = {
  table: PRICE_LISTS, keyOf: (record) => record.code, complain: complainAboutPriceList, rowOf: priceListRow, changesOf: (row) => [listChanged(row)],
};

const rules: Mirrored<PriceRule, PriceRuleRow> = {
  table: PRICE_RULES, keyOf: (record) => record.reference, complain: complainAboutRule, rowOf: priceRuleRow, changesOf: (row) => [ruleChanged(row)],
  rejectWritten: rejectCycles,
};

function mirror<Domain extends object, Row extends object>(mirrored: Mirrored<Domain, Row>, now: () => Instant): Pick<Feed<Domain>, 'apply'> & Required<Pick<Feed, 'finishFullPass'>> {
  const { table, keyOf, complain, rowOf, changesOf, rejectWritten } = mirrored;
  const tell = (tx: Sql, rows: readonly Row[]): Promise<void> => announce(tx, PRICING_SCHEMA, uniqueEvents(rows.flatMap(changesOf), now()));
  return {
    apply: async (tx, records) => {
      const complaints = records.map((record) => ({ record, complaint: isUnstorable(record) ? 'holds a character that cannot be stored' : complain(record) }));
      const good = complaints.filter(({ complaint }) => complaint === null).map(({ record }) => record);
      const rejected = complaints.flatMap(({ record, complaint }) => (complaint === null ? [] : [{ key: keyOf(record), reason: complaint }]));
      const rows = good.map(rowOf);
      const changed = rows.length === 0 ? [] : await mirrorRows(tx, table, rows);
      await tell(tx, beforeAndAfter(table, rows, changed));
      const late = rejectWritten && good.length > 0 ? await rejectWritten(tx, good) : [];
      return { changed: changed.length, rejected: [...rejected, ...late] };
    },
    finishFullPass: async (tx, passStartedAt) => {
      const removed = await removeUnseenRows<Row>(tx, table, passStartedAt);
      await tell(tx, removed);
      return removed.length;
    },
  };
}

/** A rule that moved from one SKU to another changes the price of both. */
function beforeAndAfter<Row extends object>({ key }: MirrorTable, rows: readonly Row[], changed: readonly ChangedRow<Row>[]): readonly Row[] {
  const byKey = new Map(rows.map((row) => [(row as Record<string, unknown>)[key], row]));
  return changed.flatMap(({ key: changedKey, before }) => [byKey.get(changedKey)!, ...(before === null ? [] : [before])]);
}
