import type { Instant } from '../../../domain/time.ts';
import { recordRejections, type Feed, type FeedRejection } from '../../../platform/feed.ts';
import type { Sql } from '../../../platform/stores/sql.ts';
import { isUnstorable } from '../../frame/mirror-table.ts';
import { PRICING_SCHEMA } from '../schema.sql.ts';
import type { Complaint } from './price-checks.ts';
import type { RowGate } from './row-gate.ts';
import { admitRows, removeServed, type ServedTable } from './served-table.ts';

/** Rows of a page, taken apart: those that may be served at once, and how many of the others are told differently from before. */
export interface Held<Row> {
  readonly ready: readonly Row[];
  readonly held: number;
}

/** For records that only others show to be wrong: they wait for the end of their pass. */
export interface Waiting<Row> {
  readonly hold: (tx: Sql, rows: readonly Row[]) => Promise<Held<Row>>;
  /** The source now says something by these references that cannot be served by itself. */
  readonly forget: (tx: Sql, references: readonly string[]) => Promise<unknown>;
  /** After a full pass, before what it did not see is removed. */
  readonly beforeRemoval: (tx: Sql, gate: RowGate, at: Instant, passStartedAt: string) => Promise<unknown>;
  /** After every pass: serves what may be. Answers all that is still refused. */
  readonly settle: (tx: Sql, gate: RowGate, at: Instant) => Promise<readonly FeedRejection[]>;
  /** How the reasons of `settle` read, as patterns of `like`: what it no longer says is true no more. */
  readonly patterns: readonly string[];
}

/** How one kind of record is checked and kept. */
export interface Mirrored<Domain extends object, Row extends object> {
  readonly served: ServedTable<Row>;
  readonly keyOf: (record: Domain) => string;
  readonly complain: (record: Domain) => Complaint;
  readonly rowOf: (record: Domain) => Row;
  /** Of refused records, what is known all the same where nothing better is. */
  readonly keepRefused?: (tx: Sql, records: readonly Domain[]) => Promise<unknown>;
  readonly waiting?: Waiting<Row> & { readonly referenceOf: (record: Domain) => string };
}

export interface MirrorTools {
  readonly gate: RowGate;
  readonly now: () => Instant;
  /** At the end of every pass of every price feed. */
  readonly afterPass: (tx: Sql, feed: string) => Promise<void>;
}

type MirrorFeed<Domain> = Pick<Feed<Domain>, 'apply'> & Required<Pick<Feed, 'finishFullPass' | 'finishPass'>>;

/** Checks, then the gate, then the table: what of a feed is this house's own. */
export function mirror<Domain extends object, Row extends object>(mirrored: Mirrored<Domain, Row>, { gate, now, afterPass }: MirrorTools): MirrorFeed<Domain> {
  const { served, waiting } = mirrored;
  const { feed } = served.table;
  return {
    apply: async (tx, records) => {
      const { good, rejected } = await check(tx, mirrored, records);
      const { ready, held } = waiting ? await waiting.hold(tx, good) : { ready: good, held: 0 };
      const changed = await admitRows(tx, served, gate, ready, now());
      return { changed: changed + held, rejected };
    },
    finishFullPass: async (tx, passStartedAt) => {
      await waiting?.beforeRemoval(tx, gate, now(), passStartedAt);
      return removeServed(tx, served, gate, passStartedAt, now());
    },
    finishPass: async (tx, passStartedAt) => {
      if (waiting) await replaceRejections(tx, feed, waiting.patterns, await waiting.settle(tx, gate, now()));
      await gate.settle(tx, served.table, passStartedAt);
      await afterPass(tx, feed);
    },
  };
}

/** Of several good records with one key the last counts, as with one that comes again. */
async function check<Domain extends object, Row extends object>(
  tx: Sql, { keyOf, complain, rowOf, keepRefused, waiting }: Mirrored<Domain, Row>, records: readonly Domain[],
): Promise<{ readonly good: readonly Row[]; readonly rejected: readonly FeedRejection[] }> {
  const good = new Map<string, Row>();
  const bad: Domain[] = [];
  const rejected: FeedRejection[] = [];
  for (const record of records) {
    const reason = isUnstorable(record) ? 'holds a character that cannot be stored' : complain(record);
    if (reason === null) good.set(waiting ? waiting.referenceOf(record) : keyOf(record), rowOf(record));
    else {
      bad.push(record);
      rejected.push({ key: keyOf(record), reason });
    }
  }
  if (waiting && bad.length > 0) await waiting.forget(tx, bad.map((record) => waiting.referenceOf(record).replaceAll('\0', '').toWellFormed()));
  if (bad.length > 0) await keepRefused?.(tx, bad);
  return { good: [...good.values()], rejected };
}

async function replaceRejections(tx: Sql, feed: string, patterns: readonly string[], rejections: readonly FeedRejection[]): Promise<void> {
  const keys = rejections.map(({ key }) => key);
  await tx.run(`delete from ${PRICING_SCHEMA}.feed_reject where feed = $1 and reason like any($2) and key <> all($3::text[])`, [feed, patterns, keys]);
  if (rejections.length > 0) await recordRejections(tx, PRICING_SCHEMA, feed, rejections);
}
