import type { ListPrice, PriceList, PriceRule } from '../../../domain/pricing.ts';
import type { PortSource } from '../../../domain/ports.ts';
import { instant, type Instant } from '../../../domain/time.ts';
import type { Clock } from '../../../platform/clock.ts';
import type { Feed, FeedRejection } from '../../../platform/feed.ts';
import type { Sql } from '../../../platform/stores/sql.ts';
import { isUnstorable } from '../../frame/mirror-table.ts';
import { createPortFeed } from '../../frame/port-feed.ts';
import { complainAboutListPrice, complainAboutPriceList, complainAboutRule, type Complaint } from './price-checks.ts';
import { OPEN_GATE, type RowGate } from './row-gate.ts';
import { admitRows, removeServed, SERVED_LISTS, SERVED_PRICES, SERVED_RULES, type ServedTable } from './served-table.ts';
import { rejectCycles } from './store.ts';
import {
  listPriceRow, LIST_PRICES, priceListRow, PRICE_LISTS, priceRuleRow, PRICE_RULES, type ListPriceRow, type PriceListRow, type PriceRuleRow,
} from './tables.ts';

export interface PriceFeedOptions {
  readonly ports: PortSource;
  readonly intervalMs: number;
  readonly clock: Clock;
  /** What a change passes before it is served. */
  readonly gate?: RowGate;
}

/** List prices, price lists and price rules of the system that owns prices; none where no system does. */
export function createPriceFeeds({ ports, intervalMs, clock, gate = OPEN_GATE }: PriceFeedOptions): readonly Feed[] {
  const owned = ports.port('prices');
  if (owned === null) return [];
  const { port, capabilities } = owned;
  const tools: MirrorTools = { gate, now: () => instant(clock.date()) };
  const common = { capabilities, intervalMs };
  return [
    createPortFeed({ ...common, name: LIST_PRICES.feed, flow: 'prices', list: port.listPrices, ...mirror<ListPrice, ListPriceRow>(prices, tools) }),
    createPortFeed({ ...common, name: PRICE_LISTS.feed, flow: 'priceLists', list: port.listPriceLists, ...mirror<PriceList, PriceListRow>(lists, tools) }),
    createPortFeed({ ...common, name: PRICE_RULES.feed, flow: 'priceRules', list: port.listPriceRules, ...mirror<PriceRule, PriceRuleRow>(rules, tools) }),
  ];
}

/** How one kind of record is checked, kept and announced. */
interface Mirrored<Domain extends object, Row extends object> {
  readonly served: ServedTable<Row>;
  readonly keyOf: (record: Domain) => string;
  readonly complain: (record: Domain) => Complaint;
  readonly rowOf: (record: Domain) => Row;
  /** What only the whole table shows. */
  readonly rejectWritten?: (tx: Sql, records: readonly Domain[]) => Promise<readonly FeedRejection[]>;
}

const prices: Mirrored<ListPrice, ListPriceRow> = { served: SERVED_PRICES, keyOf: (record) => record.sku, complain: complainAboutListPrice, rowOf: listPriceRow };
const lists: Mirrored<PriceList, PriceListRow> = { served: SERVED_LISTS, keyOf: (record) => record.code, complain: complainAboutPriceList, rowOf: priceListRow };
const rules: Mirrored<PriceRule, PriceRuleRow> = {
  served: SERVED_RULES, keyOf: (record) => record.reference, complain: complainAboutRule, rowOf: priceRuleRow, rejectWritten: rejectCycles,
};

interface MirrorTools {
  readonly gate: RowGate;
  readonly now: () => Instant;
}

function mirror<Domain extends object, Row extends object>(mirrored: Mirrored<Domain, Row>, { gate, now }: MirrorTools): Pick<Feed<Domain>, 'apply'> & Required<Pick<Feed, 'finishFullPass' | 'finishPass'>> {
  const { served, keyOf, complain, rowOf, rejectWritten } = mirrored;
  return {
    apply: async (tx, records) => {
      const complaints = records.map((record) => ({ record, complaint: isUnstorable(record) ? 'holds a character that cannot be stored' : complain(record) }));
      const good = complaints.filter(({ complaint }) => complaint === null).map(({ record }) => record);
      const rejected = complaints.flatMap(({ record, complaint }) => (complaint === null ? [] : [{ key: keyOf(record), reason: complaint }]));
      const rows = new Map(good.map((record) => [keyOf(record), rowOf(record)]));
      const changed = await admitRows(tx, served, gate, [...rows.values()], now());
      const late = rejectWritten && good.length > 0 ? await rejectWritten(tx, good) : [];
      return { changed, rejected: [...rejected, ...late] };
    },
    finishFullPass: async (tx, passStartedAt) => {
      const removed = await removeServed(tx, served, gate, passStartedAt, now());
      return removed + (await gate.settle(tx, served.table, passStartedAt));
    },
    finishPass: async (tx, passStartedAt) => void (await gate.settle(tx, served.table, passStartedAt)),
  };
}
