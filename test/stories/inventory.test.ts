import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { access, credentials } from '../support/access.ts';
import { hostings, startDeployment, type Deployment } from '../support/deployment.ts';
import { createGraph } from '../support/graph-client.ts';
import {
  AVAILABILITY, CHECK_LINES, HOLD_LINES, inDays, orderGoods, stockArticle, type Availability, type CheckedLines, type HeldLines,
} from '../support/inventory-operations.ts';
import { eventually, RELEASE } from '../support/storefront-operations.ts';

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
});
