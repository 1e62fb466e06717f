import { openHouse } from './house.ts';
import { grantedOffers } from './offers.ts';
import { readSource, type Channel, type SoldOrder } from './source.ts';
import { createJudge, type Judged, type Verdict } from './verdict.ts';

export interface ChannelReport {
  readonly orders: number;
  readonly lines: number;
  readonly verdicts: ReadonlyMap<Verdict, readonly Judged[]>;
  /** Lines whose total in the source, to all the digits it shows, follows from our unit price. */
  readonly allDigits: number;
}

export interface PriceReport {
  readonly channels: ReadonlyMap<Channel, ChannelReport>;
  /** What the feeds refused. */
  readonly rejected: readonly string[];
  /** No line is unexplained, and lines were judged in both channels. */
  readonly holds: boolean;
}

export interface PriceProof {
  /** The one that holds columns.json. */
  readonly folder: string;
  /** TOLD: every offer as the tables have it. GRANTED: without what they promise and the source never gave; see `grantedOffers`. */
  readonly offers: 'TOLD' | 'GRANTED';
  /** Every so many-th order; 1: all. */
  readonly every: number;
  readonly onProgress?: (done: number, of: number) => void;
}

/** Baskets under way at a time. */
const AT_ONCE = 8;

/** Prices every basket AdventureWorks sold as it was on its day, and judges each line. */
export async function runPriceProof({ folder, offers, every, onProgress }: PriceProof): Promise<PriceReport> {
  const told = await readSource(folder);
  const source = offers === 'TOLD' ? told : { ...told, offers: grantedOffers(told.offers, told.orders) };
  const judge = createJudge(source);
  const orders = source.orders.filter((_, index) => index % every === 0);
  const house = await openHouse(source);
  try {
    const judged: Judged[] = [];
    const price = async (order: SoldOrder): Promise<void> => {
      const { lines } = await house.quote(order);
      order.lines.forEach((line, index) => judged.push(judge(order, line, lines[index]!)));
    };
    for (let start = 0; start < orders.length; start += AT_ONCE) {
      await Promise.all(orders.slice(start, start + AT_ONCE).map(price));
      onProgress?.(Math.min(start + AT_ONCE, orders.length), orders.length);
    }
    const channels = new Map([...Map.groupBy(judged, ({ order }) => order.channel)].map(([channel, lines]) => [channel, reportOf(lines)]));
    return { channels, rejected: house.rejected, holds: channels.size === 2 && judged.every(({ verdict }) => verdict !== 'UNEXPLAINED') };
  } finally {
    await house.close();
  }
}

const reportOf = (lines: readonly Judged[]): ChannelReport => ({
  orders: new Set(lines.map(({ order }) => order.number)).size, lines: lines.length,
  verdicts: Map.groupBy(lines, ({ verdict }) => verdict), allDigits: lines.filter(({ verdict, hasAllDigits }) => verdict === 'EXACT' && hasAllDigits).length,
});
