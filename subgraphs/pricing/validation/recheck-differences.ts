import { decimal } from '../../../domain/decimal.ts';
import { instant } from '../../../domain/time.ts';
import type { Log } from '../../../platform/log.ts';
import { askErp, hasServerPrice } from './ask-erp.ts';
import { closeForgotten, settleStanding, type StandingPrice } from './difference-store.ts';
import { questionOf, type ErpQuestion } from './erp-question.ts';
import type { ValidationTools } from './validate-prices.ts';

/** Asks about differences again: who found one may never come back. */
export interface DifferenceRecheck {
  start(): void;
  stop(): Promise<void>;
}

export type RecheckTools = Pick<ValidationTools, 'database' | 'clock' | 'book' | 'prices' | 'deadlineMs'>;

/** Every so often, in whichever process comes first. */
export function createDifferenceRecheck(tools: RecheckTools, { log, everyMs }: { readonly log: Log; readonly everyMs: number }): DifferenceRecheck {
  let timer: NodeJS.Timeout | null = null;
  let running: Promise<unknown> = Promise.resolve();
  const look = (): Promise<unknown> =>
    tools.database.tryWithLock('pricing differences', () => recheckDifferences(tools, everyMs))
      .catch((error: Error) => log.warn({ error: error.message }, 'prices that differed could not be compared again; they are the next time'));
  return {
    start: () => {
      timer ??= setInterval(() => (running = running.then(look)), everyMs).unref();
    },
    stop: async () => {
      if (timer !== null) clearInterval(timer);
      await running;
    },
  };
}

/** One batch of those nobody has asked about for so long, the longest first. Answers how many the source was asked about. */
export async function recheckDifferences({ database, clock, book, prices, deadlineMs }: RecheckTools, unaskedForMs: number): Promise<number> {
  if (!hasServerPrice(prices)) return 0;
  const at = instant(clock.now());
  const before = instant(clock.now() - unaskedForMs);
  const rows = await database.query<{ price_list_code: string; sku: string; quantity: string }>(
    `select price_list_code, sku, quantity from pricing.price_difference where closed_at is null and asked_at <= $1
     group by price_list_code, sku, quantity order by min(asked_at), price_list_code, sku, quantity limit $2`,
    [before, prices.capabilities.maxBatch.price],
  );
  const standing = rows.map((row): StandingPrice => ({ priceListCode: row.price_list_code, sku: row.sku, quantity: decimal(row.quantity) }));
  const asked = await Promise.all(standing.map(async (price) => ({ price, question: await readQuestion(book, price, at) })));
  const questions = asked.flatMap(({ question }) => question ?? []);
  const judgements = await askErp(questions, { prices, clock, deadlineMs, at, lane: 'FEED' });
  await database.transaction(async (tx) => {
    await closeForgotten(tx, asked.flatMap(({ price, question }) => (question === null ? [price] : [])), at);
    await settleStanding(tx, judgements, at);
  });
  return questions.length;
}

/** Null: there is no such list any more. */
async function readQuestion(book: RecheckTools['book'], { priceListCode, sku, quantity }: StandingPrice, at: ReturnType<typeof instant>): Promise<ErpQuestion | null> {
  const lists = [{ layer: 'CONTRACT', code: priceListCode }] as const;
  const facts = (await book.readFacts([sku], lists)).get(sku)!;
  return facts.lists.has(priceListCode) ? questionOf({ facts, sku, quantity, unitCode: null, lists, at }) : null;
}
