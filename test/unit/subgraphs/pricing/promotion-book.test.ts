import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { instant, type Instant } from '../../../../domain/time.ts';
import { migrate } from '../../../../platform/stores/migrate.ts';
import type { Database } from '../../../../platform/stores/sql.ts';
import { createPromotionBook } from '../../../../subgraphs/pricing/promotions/promotion-book.ts';
import { listPromotions, lockPromotions, readPromotion, writePromotion } from '../../../../subgraphs/pricing/promotions/store.ts';
import type { StoredPromotion } from '../../../../subgraphs/pricing/promotions/tables.ts';
import { PRICING_MIGRATIONS, PRICING_SCHEMA } from '../../../../subgraphs/pricing/schema.sql.ts';
import { createTestDatabase, type TestDatabase } from '../../../support/database.ts';
import { d } from './price-samples.ts';
import { buyAndGet, fixedPrice, percent, promotionOf } from './promotion-samples.ts';

let test: TestDatabase;
let statements: string[] = [];
let counted: Database;

beforeAll(async () => {
  test = await createTestDatabase();
  await migrate(test.database, PRICING_SCHEMA, PRICING_MIGRATIONS);
  counted = { ...test.database, query: (text, values) => (statements.push(text), test.database.query(text, values)) };
}, 60_000);
afterAll(() => test?.drop());

const day = (date: string): Instant => instant(`${date}T00:00:00.000Z`);

function write(promotion: ReturnType<typeof promotionOf>, revision: number, changedAt: Instant): Promise<StoredPromotion> {
  const stored: StoredPromotion = { ...promotion, revision, changedAt, changedBy: 'merchant' };
  return test.database.transaction(async (tx) => {
    await lockPromotions(tx);
    await writePromotion(tx, stored);
    return stored;
  });
}

describe('the book of promotions', () => {
  it('keeps a promotion to the letter', async () => {
    const stored = await write(promotionOf('ALL', buyAndGet(2, 1, '33.333', 4), {
      name: 'Zwei für eins 🎁', priority: -3, stacking: 'EXCLUSIVE', exclusionGroup: 'g', channels: ['web', 'edi'], priceListCodes: ['ACME'], minQuantity: d('0.123456789012'), maxQuantity: d('999999999.123456789012'),
      targets: [{ kind: 'SKU', sku: 'A' }, { kind: 'GROUP', groupCode: 'g' }, { kind: 'CATEGORY', categoryCode: 'c' }], minBasket: { amount: d('10.10'), currencyCode: 'USD' },
      validFrom: day('2026-01-01'), validUntil: day('2026-02-01'),
    }), 1, day('2025-12-01'));
    expect(await readPromotion(test.database, 'ALL')).toEqual(stored);
    expect(await readPromotion(test.database, 'all')).toBeNull();
  });

  it('answers what is on offer then and there, in the order in which it applies', async () => {
    const book = createPromotionBook(test);
    await write(promotionOf('b', percent('10')), 1, day('2026-01-10'));
    await write(promotionOf('a', percent('10'), { priority: 1 }), 1, day('2026-01-10'));
    await write(promotionOf('B', percent('10'), { channels: ['edi'] }), 1, day('2026-01-10'));
    await write(promotionOf('off', percent('10'), { active: false }), 1, day('2026-01-10'));
    const codes = async (at: string, channel: string | null) => (await book.readCurrent(day(at), channel)).map(({ code }) => code);
    expect(await codes('2026-01-15', 'edi')).toEqual(['ALL', 'B', 'b', 'a']);
    expect(await codes('2026-01-15', null)).toEqual(['b', 'a']);
    expect(await codes('2026-02-01', 'web')).toEqual(['b', 'a']);
  });

  it('asks one small question a call, shared by those who ask at once, and reads again only what changed', async () => {
    const book = createPromotionBook({ database: counted });
    await book.readCurrent(day('2026-01-15'), 'web');
    statements = [];
    await Promise.all(Array.from({ length: 50 }, () => book.readCurrent(day('2026-01-15'), 'web')));
    expect(statements.length).toBeLessThanOrEqual(2);
    await write(promotionOf('new', fixedPrice('5')), 1, day('2026-01-11'));
    expect((await book.readCurrent(day('2026-01-15'), 'web')).map(({ code }) => code)).toContain('new');
  });

  it('keeps what was offered: prices of the past follow the version that stood then', async () => {
    const book = createPromotionBook(test);
    await write(promotionOf('v', percent('10')), 1, day('2026-03-01'));
    await write(promotionOf('v', percent('20')), 2, day('2026-03-10'));
    await write(promotionOf('v', percent('20'), { validUntil: day('2026-03-20') }), 3, day('2026-03-15'));
    const offered = async (at: string) => (await book.readCurrent(day(at), null)).filter(({ code }) => code === 'v').map(({ effect }) => effect);
    expect(await offered('2026-02-01')).toEqual([percent('10')]);
    expect(await offered('2026-03-09')).toEqual([percent('10')]);
    expect(await offered('2026-03-10')).toEqual([percent('20')]);
    expect(await offered('2026-03-15')).toEqual([percent('20')]);
    expect(await offered('2026-03-20')).toEqual([]);
  });

  it('lists by where a promotion stands and by channel, page by page', async () => {
    const list = async (filter: Partial<Parameters<typeof listPromotions>[1]>, after: string | null = null, limit = 10) =>
      (await listPromotions(test.database, { state: null, channel: null, ...filter }, { after, limit, at: day('2026-01-15') })).map(({ code }) => code);
    expect(await list({})).toEqual(['ALL', 'B', 'a', 'b', 'new', 'off', 'v']);
    expect(await list({}, 'B', 2)).toEqual(['a', 'b']);
    expect(await list({ state: 'OFF' })).toEqual(['off']);
    expect(await list({ channel: 'web', state: 'RUNNING' })).toEqual(['ALL', 'a', 'b', 'new', 'v']);
    expect((await listPromotions(test.database, { state: 'ENDED', channel: null }, { after: null, limit: 9, at: day('2026-05-01') })).map(({ code }) => code)).toEqual(['ALL', 'v']);
  });
});
