import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { access, credentials } from '../support/access.ts';
import { hostings, startDeployment, type Deployment } from '../support/deployment.ts';
import { createGraph } from '../support/graph-client.ts';
import {
  AVAILABILITY, CHECK_LINES, EXTEND, HOLD_LINES, inDays, orderGoods, stockArticle, type Availability, type CheckedLines, type Extended, type HeldLines,
} from '../support/inventory-operations.ts';
import { eventually, order, PLACE, RELEASE, type Placed } from '../support/storefront-operations.ts';

/** What can be promised, held and sold, as a checkout sees it: the same stories in both hostings. */
describe.each(hostings().map((hosting) => ({ hosting })))('inventory on $hosting hosting', ({ hosting }) => {
  let house: Deployment;
  let graph: ReturnType<typeof createGraph>;

  beforeAll(async () => {
    house = await startDeployment({ hosting, env: access(hosting) });
    graph = createGraph(house.url, credentials(hosting));
  }, 120_000);
  afterAll(async () => {
    const { exitCode } = await house.stop();
    expect(exitCode).toBe(0);
  }, 60_000);

  const availabilityOf = async (sku: string) => (await graph<Availability>(AVAILABILITY, { sku })).data?.productVariant?.availability ?? null;
  const quantityOf = async (sku: string): Promise<string | null> => (await availabilityOf(sku))?.quantity ?? null;
  /** Until the read model says so. */
  const shows = (sku: string, quantity: string): Promise<void> => eventually(async () => expect(await quantityOf(sku)).toBe(quantity));
  const check = async (lines: readonly object[], more: object = {}) => (await graph<CheckedLines>(CHECK_LINES, { input: { lines, ...more } })).data!.checkAvailability.lines;
  const hold = async (lines: readonly object[], more: object = {}) =>
    (await graph<HeldLines>(HOLD_LINES, { input: { idempotencyKey: randomUUID(), ttlSeconds: 60, lines, ...more } })).data!.holdStock;

  it('promises goods on their way for the day they come, and not before', async () => {
    await stockArticle(house.sandbox, 'STORY-DATED', { MAIN: '3' });
    await orderGoods(house.sandbox, 'STORY-DATED', '20', 9);
    await eventually(async () => expect((await availabilityOf('STORY-DATED'))?.schedule.at(-1)?.quantity).toBe('23'));
    const { quantity, schedule } = (await availabilityOf('STORY-DATED'))!;
    expect(quantity).toBe('3');
    expect(schedule.find((day) => day.quantity === '23')!.date).toBe(inDays(9));
    const lines = [{ sku: 'STORY-DATED', quantity: '15' }];
    expect(await check(lines)).toMatchObject([{ outcome: { __typename: 'AvailabilityPartial', confirmedQuantity: '3', schedule: [{ date: inDays(0), quantity: '3' }, { date: inDays(9), quantity: '15' }] } }]);
    expect(await check(lines, { requestedDate: inDays(8) })).toMatchObject([{ outcome: { __typename: 'AvailabilityPartial' } }]);
    expect(await check(lines, { requestedDate: inDays(9) })).toMatchObject([{ outcome: { __typename: 'AvailabilityConfirmed', date: inDays(9) } }]);
  }, 60_000);

  it('holds what is there, shows the rest to others, and gives it back', async () => {
    await stockArticle(house.sandbox, 'STORY-HELD', { MAIN: '5', EAST: '4' });
    await shows('STORY-HELD', '9');
    const { hold: held } = await hold([{ sku: 'STORY-HELD', quantity: '7' }]);
    expect(held!.lines.map((line) => line.quantity).map(Number).reduce((a, b) => a + b)).toBe(7);
    expect(await quantityOf('STORY-HELD')).toBe('2');
    expect(await check([{ sku: 'STORY-HELD', quantity: '7' }], { holdId: held!.id })).toMatchObject([{ outcome: { __typename: 'AvailabilityConfirmed' } }]);
    expect(await check([{ sku: 'STORY-HELD', quantity: '7' }])).toMatchObject([{ outcome: { __typename: 'AvailabilityPartial', confirmedQuantity: '2' } }]);
    expect((await hold([{ sku: 'STORY-HELD', quantity: '3' }])).shortLines).toMatchObject([{ sku: 'STORY-HELD', available: '2', reason: 'OUT_OF_STOCK' }]);
    await graph(RELEASE, { input: { holdId: held!.id } });
    expect(await quantityOf('STORY-HELD')).toBe('9');
  }, 60_000);

  it('adds up lines of one article', async () => {
    await stockArticle(house.sandbox, 'STORY-TWICE', { MAIN: '5' });
    await shows('STORY-TWICE', '5');
    const line = { sku: 'STORY-TWICE', quantity: '3' };
    expect((await check([line, line])).map(({ outcome }) => outcome['__typename'])).toEqual(['AvailabilityConfirmed', 'AvailabilityPartial']);
    expect(await hold([line, line])).toMatchObject({ hold: null, shortLines: [{ sku: 'STORY-TWICE' }] });
    expect(await quantityOf('STORY-TWICE')).toBe('5');
    expect((await hold([{ ...line, quantity: '2' }, line])).hold).toMatchObject({ state: 'HELD' });
    expect(await quantityOf('STORY-TWICE')).toBe('0');
  }, 60_000);

  it('lets a hold run out to the second, and sells what it held', async () => {
    await stockArticle(house.sandbox, 'STORY-EXPIRES', { MAIN: '1' });
    await shows('STORY-EXPIRES', '1');
    const { hold: held } = await hold([{ sku: 'STORY-EXPIRES', quantity: '1' }], { ttlSeconds: 10 });
    expect(await hold([{ sku: 'STORY-EXPIRES', quantity: '1' }])).toMatchObject({ hold: null });
    await new Promise((done) => setTimeout(done, Date.parse(held!.expiresAt) - Date.now() + 50));
    expect((await hold([{ sku: 'STORY-EXPIRES', quantity: '1' }])).hold).toMatchObject({ state: 'HELD' });
    const { data } = await graph<{ hold: { state: string } }>('query ($id: ID!) { hold(id: $id) { state } }', { id: held!.id });
    expect(data!.hold.state).toBe('EXPIRED');
  }, 60_000);

  it('gives a hold more time, once', async () => {
    await stockArticle(house.sandbox, 'STORY-EXTENDED', { MAIN: '1' });
    await shows('STORY-EXTENDED', '1');
    const { hold: held } = await hold([{ sku: 'STORY-EXTENDED', quantity: '1' }]);
    const extend = async (holdId: string) => (await graph<Extended>(EXTEND, { input: { holdId, ttlSeconds: 600 } })).data!.extendHold;
    const extended = await extend(held!.id);
    expect(Date.parse(extended.hold!.expiresAt) - Date.parse(held!.expiresAt)).toBeGreaterThan(500_000);
    expect(await extend(held!.id)).toMatchObject({ hold: null, userErrors: [{ code: 'CONFLICT' }] });
    expect(await extend('NO-SUCH-HOLD')).toMatchObject({ hold: null, userErrors: [{ code: 'NOT_FOUND', field: ['holdId'] }] });
  });

  it('holds a part where a part is wanted, and says what is left out', async () => {
    await stockArticle(house.sandbox, 'STORY-PART', { MAIN: '3' });
    await shows('STORY-PART', '3');
    const lines = [{ sku: 'STORY-PART', quantity: '8' }];
    expect(await hold(lines)).toMatchObject({ hold: null });
    expect(await hold(lines, { allowPartial: true })).toMatchObject({
      hold: { state: 'HELD', basket: [{ sku: 'STORY-PART', requested: '8', held: '3', backordered: '0' }] },
      shortLines: [{ sku: 'STORY-PART', requested: '8', available: '3' }], userErrors: [],
    });
    expect(await quantityOf('STORY-PART')).toBe('0');
  });

  it('holds goods on their way for the day they come, and leaves what is there to others', async () => {
    await stockArticle(house.sandbox, 'STORY-LATER', { MAIN: '2' });
    await orderGoods(house.sandbox, 'STORY-LATER', '10', 5);
    await eventually(async () => expect((await availabilityOf('STORY-LATER'))?.schedule.at(-1)?.quantity).toBe('12'));
    const lines = [{ sku: 'STORY-LATER', quantity: '10' }];
    expect(await hold(lines, { requestedDate: inDays(4) })).toMatchObject({ hold: null });
    expect(await hold(lines, { requestedDate: inDays(5) })).toMatchObject({ hold: { state: 'HELD', lines: [{ quantity: '10', dueOn: inDays(5) }] } });
    expect((await availabilityOf('STORY-LATER'))!).toMatchObject({ quantity: '2' });
    expect((await availabilityOf('STORY-LATER'))!.schedule.at(-1)!.quantity).toBe('2');
    expect((await hold([{ sku: 'STORY-LATER', quantity: '2' }])).hold).toMatchObject({ state: 'HELD' });
    expect(await hold([{ sku: 'STORY-LATER', quantity: '1' }], { requestedDate: inDays(5) })).toMatchObject({ hold: null });
  }, 60_000);

  describe('kits of the sample shop', () => {
    /** SET-CAMP: a stove, a pot, four mugs. SET-COFFEE: a stove, two mugs. */
    const PARTS = { 'STV-ALD': '5', 'POT-ALD': '10', 'MUG/ENA 01': '22' };
    const COMPONENTS = `query ($sku: ID!) { productVariant(by: { sku: $sku }) { availability { quantity components { variant { sku } quantityPerKit quantity kits limits } } } }`;
    beforeAll(async () => {
      for (const [sku, quantity] of Object.entries(PARTS)) {
        for (const location of ['MAIN', 'EAST', 'WEST']) await house.sandbox.command('set-stock', { sku, quantity: location === 'MAIN' ? quantity : '0', location });
      }
      for (const [sku, quantity] of Object.entries(PARTS)) await shows(sku, quantity);
    }, 60_000);

    it('are as many as their components make, and name the one that runs out first', async () => {
      const { data } = await graph<{ productVariant: { availability: { quantity: string; components: { variant: { sku: string }; limits: boolean }[] } } }>(COMPONENTS, { sku: 'SET-COFFEE' });
      const { quantity, components } = data!.productVariant.availability;
      expect(quantity).toBe('5');
      expect(components.find((component) => component.variant.sku === 'MUG/ENA 01')).toMatchObject({ quantityPerKit: '2', quantity: '22', kits: '11', limits: false });
      expect(components.filter(({ limits }) => limits)).toMatchObject([{ variant: { sku: 'STV-ALD' } }]);
    });

    it('share components: a basket is judged by what all its lines need', async () => {
      const outcomes = (await check([{ sku: 'SET-CAMP', quantity: '3' }, { sku: 'SET-COFFEE', quantity: '3' }])).map(({ outcome }) => outcome);
      expect(outcomes).toMatchObject([{ __typename: 'AvailabilityConfirmed' }, { __typename: 'AvailabilityPartial', confirmedQuantity: '2' }]);
      expect(await hold([{ sku: 'SET-CAMP', quantity: '3' }, { sku: 'SET-COFFEE', quantity: '3' }])).toMatchObject({ hold: null, shortLines: [{ sku: 'SET-COFFEE', available: '2' }] });
      expect(await quantityOf('STV-ALD')).toBe('5');
    });

    it('are held and sold as their components, and end as one order in the ERP', async () => {
      const { hold: held } = await hold([{ sku: 'SET-CAMP', quantity: '2' }]);
      expect(held).toMatchObject({ basket: [{ sku: 'SET-CAMP', requested: '2', held: '2' }] });
      expect(new Map(held!.lines.map((line) => [line.sku, line.quantity]))).toEqual(new Map([['STV-ALD', '2'], ['POT-ALD', '2'], ['MUG/ENA 01', '8']]));
      expect(await quantityOf('SET-COFFEE')).toBe('3');
      const input = { ...order('SET-CAMP', '2'), holdId: held!.id };
      const [first, again] = [await graph<Placed>(PLACE, { input }), await graph<Placed>(PLACE, { input })];
      expect(first.data!.placeOrder).toMatchObject({ userErrors: [] });
      const { number, id } = first.data!.placeOrder.order!;
      expect(again.data!.placeOrder.order).toMatchObject({ number });
      await eventually(async () => expect((await house.sandbox.ordersOf(number)).map((one) => one.state)).toEqual(['sale']));
      await eventually(async () => expect((await graph<{ order: { state: string } }>('query ($id: ID) { order(by: { id: $id }) { state } }', { id })).data!.order.state).toBe('ACCEPTED_BY_ERP'));
      // The ERP's figures contain it by and by. Until that is proven both count: too little for a moment, never too much.
      const seen: number[] = [];
      await eventually(async () => {
        seen.push(Number(await quantityOf('STV-ALD')));
        expect(seen.slice(-8)).toEqual(Array(8).fill(3));
      });
      expect(Math.max(...seen)).toBe(3);
      expect([await quantityOf('SET-CAMP'), await quantityOf('POT-ALD'), await quantityOf('MUG/ENA 01')]).toEqual(['3', '8', '14']);
      expect(await house.sandbox.ordersOf(number)).toHaveLength(1);
    }, 60_000);
  });
});
