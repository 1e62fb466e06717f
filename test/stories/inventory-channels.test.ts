import { randomUUID } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { access, credentials } from '../support/access.ts';
import { hostings, startDeployment, type Deployment } from '../support/deployment.ts';
import { createGraph } from '../support/graph-client.ts';
import { AVAILABILITY, CHECK_LINES, HOLD_LINES, inDays, orderGoods, stockArticle, type Availability, type CheckedLines, type HeldLines } from '../support/inventory-operations.ts';
import { eventually, order, PLACE, type Placed } from '../support/storefront-operations.ts';

const LEAD_DAYS = 12;
const ON_SALE = inDays(20);

const POLICY = {
  items: {
    'STORY-LEAD': { backorder: 'LEAD_TIME', leadTimeDays: LEAD_DAYS },
    'STORY-PRE': { preorder: { availableFrom: ON_SALE, limit: '5' } },
  },
  channels: { site: {}, amazon: {}, edi: { splitting: 'NONE' } },
  regions: [{ name: 'west', countries: ['US'], regions: ['CA'], locations: ['WEST'] }, { name: 'elsewhere', locations: ['MAIN', 'EAST', 'WEST'] }],
};

function policyFile(): string {
  const file = join(mkdtempSync(join(tmpdir(), 'ucg-policy-')), 'inventory-policy.json');
  writeFileSync(file, JSON.stringify(POLICY));
  return file;
}

/** A merchant with channels, regions and things sold before they are there. */
const hosting = hostings().at(-1)!;
describe(`selling through channels on ${hosting} hosting`, () => {
  let house: Deployment;
  let graph: ReturnType<typeof createGraph>;

  beforeAll(async () => {
    house = await startDeployment({ hosting, env: { ...access(hosting), INVENTORY_POLICY_FILE: policyFile() } });
    graph = createGraph(house.url, credentials(hosting));
    await stockArticle(house.sandbox, 'STORY-PLACES', { MAIN: '4', WEST: '3' });
    await stockArticle(house.sandbox, 'STORY-MAIN', { MAIN: '6' });
    await stockArticle(house.sandbox, 'STORY-LEAD', { MAIN: '2' });
    await stockArticle(house.sandbox, 'STORY-PRE', {});
    await orderGoods(house.sandbox, 'STORY-PRE', '50', 30);
    await stockArticle(house.sandbox, 'STORY-SHARED', { MAIN: '60', EAST: '40' });
    for (const [sku, quantity] of [['STORY-PLACES', '7'], ['STORY-MAIN', '6'], ['STORY-LEAD', '2'], ['STORY-PRE', '0'], ['STORY-SHARED', '100']] as const) {
      await eventually(async () => expect((await availabilityOf(sku))?.quantity).toBe(quantity), 60_000);
    }
  }, 180_000);
  afterAll(async () => {
    await house.stop();
  }, 60_000);

  const through = (channel: string | null): Record<string, string> => (channel === null ? {} : { 'x-channel': channel });
  const availabilityOf = async (sku: string, channel: string | null = null) => (await graph<Availability>(AVAILABILITY, { sku }, through(channel))).data?.productVariant?.availability ?? null;
  const outcomeOf = async (sku: string, quantity: string, more: object = {}, channel: string | null = null) =>
    (await graph<CheckedLines>(CHECK_LINES, { input: { lines: [{ sku, quantity }], ...more } }, through(channel))).data!.checkAvailability.lines[0]!.outcome;
  const hold = async (sku: string, quantity: string, channel: string | null) =>
    (await graph<HeldLines>(HOLD_LINES, { input: { idempotencyKey: randomUUID(), ttlSeconds: 120, lines: [{ sku, quantity }] } }, through(channel))).data!.holdStock;

  it('draws on the locations that serve the address, and names those that do not', async () => {
    const shipTo = { countryCode: 'US', regionCode: 'CA', postalCode: '94103' };
    expect(await outcomeOf('STORY-PLACES', '3', { shipTo })).toMatchObject({ __typename: 'AvailabilityConfirmed', basis: 'ON_HAND', sources: [{ location: { code: 'WEST' }, quantity: '3' }] });
    expect(await outcomeOf('STORY-PLACES', '5', { shipTo })).toMatchObject({ __typename: 'AvailabilityPartial', confirmedQuantity: '3' });
    expect(await outcomeOf('STORY-MAIN', '5', { shipTo })).toMatchObject({
      __typename: 'AvailabilityRejected', reason: 'NOT_SERVED', alternatives: [{ quantity: '5', location: { code: 'MAIN' } }],
    });
    expect(await outcomeOf('STORY-MAIN', '5', { shipTo: { countryCode: 'DE' } })).toMatchObject({ __typename: 'AvailabilityConfirmed' });
  });

  it('ships a line from several places, unless the channel wants it from one', async () => {
    const split = await outcomeOf('STORY-PLACES', '6', {}, 'site');
    expect(split).toMatchObject({ __typename: 'AvailabilityConfirmed' });
    expect(split['sources']).toHaveLength(2);
    expect(await outcomeOf('STORY-PLACES', '6', {}, 'edi')).toMatchObject({ __typename: 'AvailabilityRejected', reason: 'SPLIT_NOT_ALLOWED', alternatives: [{ quantity: '4', location: null }] });
    const { errors } = await graph(CHECK_LINES, { input: { lines: [{ sku: 'STORY-PLACES', quantity: '1' }] } }, through('no-such-channel'));
    expect(errors[0]).toMatchObject({ extensions: { code: 'INVALID_INPUT', field: ['channel'] } });
  });

  it('sells by lead time what it has not, says so, and the ERP gets one order of all of it', async () => {
    expect(await outcomeOf('STORY-LEAD', '5')).toMatchObject({ __typename: 'AvailabilityConfirmed', basis: 'LEAD_TIME', date: inDays(LEAD_DAYS) });
    const { data } = await graph<Placed & { placeOrder: { warnings: readonly { code: string }[] } }>(PLACE, { input: order('STORY-LEAD', '5') });
    expect(data!.placeOrder.userErrors).toEqual([]);
    expect(data!.placeOrder.warnings.length).toBeGreaterThan(0);
    const { number } = data!.placeOrder.order!;
    await eventually(async () => expect((await house.sandbox.ordersOf(number)).map((one) => one.state)).toEqual(['sale']));
    expect((await availabilityOf('STORY-LEAD'))!).toMatchObject({ quantity: '0', status: 'BACKORDER' });
  }, 60_000);

  it('takes preorders up to their limit, for the day they may leave', async () => {
    expect((await availabilityOf('STORY-PRE'))!).toMatchObject({ status: 'PREORDER', quantity: '0', earliestDate: ON_SALE });
    expect(await outcomeOf('STORY-PRE', '5')).toMatchObject({ __typename: 'AvailabilityConfirmed', date: ON_SALE });
    expect((await hold('STORY-PRE', '4', null)).hold).toMatchObject({ state: 'HELD' });
    expect(await outcomeOf('STORY-PRE', '5')).toMatchObject({ __typename: 'AvailabilityPartial', confirmedQuantity: '1' });
  });

  describe('stock that is shared out', () => {
    const SET = 'mutation ($input: SetChannelAllocationInput!) { setChannelAllocation(input: $input) { allocation { code } userErrors { code field message } } }';
    const MOVE = 'mutation ($input: MoveAllocationInput!) { moveAllocation(input: $input) { allocation { channels { channel own } } userErrors { code message } } }';
    const LISTED = '{ channelListings(skus: ["STORY-SHARED"]) { nodes { variant { sku } quantity } } }';
    const rule = (idempotencyKey: string, percent: string) => ({
      idempotencyKey, code: 'story', name: 'Story', skus: ['STORY-SHARED'],
      shares: [{ channel: 'site', percent }, { channel: 'amazon', percent: '20', buffer: '2' }, { channel: 'edi', percent: '10' }],
    });

    it('gives each channel its own, and no other channel\'s', async () => {
      expect((await graph<{ setChannelAllocation: object }>(SET, { input: rule(randomUUID(), '70') })).data!.setChannelAllocation).toMatchObject({ allocation: { code: 'story' }, userErrors: [] });
      const quantities = await Promise.all(['site', 'amazon', 'edi'].map(async (channel) => (await availabilityOf('STORY-SHARED', channel))!.quantity));
      expect(quantities).toEqual(['70', '18', '10']);
      expect(await outcomeOf('STORY-SHARED', '30', {}, 'edi')).toMatchObject({ __typename: 'AvailabilityPartial', confirmedQuantity: '10' });
      expect(await hold('STORY-SHARED', '19', 'amazon')).toMatchObject({ hold: null, shortLines: [{ available: '18' }] });
      expect((await hold('STORY-SHARED', '18', 'amazon')).hold).toMatchObject({ state: 'HELD' });
      expect(await hold('STORY-SHARED', '1', 'amazon')).toMatchObject({ hold: null, shortLines: [{ reason: 'CHANNEL_EXHAUSTED', available: '0' }] });
      expect((await availabilityOf('STORY-SHARED', 'site'))!.quantity).toBe('70');
    });

    it('lists on a marketplace what the marketplace may sell', async () => {
      const { data } = await graph<{ channelListings: { nodes: readonly { quantity: string }[] } }>(LISTED, {}, through('amazon'));
      expect(data!.channelListings.nodes).toMatchObject([{ variant: { sku: 'STORY-SHARED' }, quantity: '0' }]);
    });

    it('moves what a channel does not use, by hand and for the record', async () => {
      const input = { idempotencyKey: randomUUID(), sku: 'STORY-SHARED', from: 'site', to: 'amazon', quantity: '25', reason: 'a campaign' };
      for (const _once of ['first', 'again']) expect((await graph<{ moveAllocation: object }>(MOVE, { input })).data!.moveAllocation).toMatchObject({ userErrors: [] });
      expect((await availabilityOf('STORY-SHARED', 'amazon'))!.quantity).toBe('25');
      expect((await availabilityOf('STORY-SHARED', 'site'))!.quantity).toBe('45');
      const { data } = await graph<{ allocationMoves: object }>('{ allocationMoves(sku: "STORY-SHARED") { nodes { from to quantity cause reason } } }');
      expect(data!.allocationMoves).toMatchObject({ nodes: [{ from: 'site', to: 'amazon', quantity: '25', reason: 'a campaign' }] });
      const tooMuch = await graph<{ moveAllocation: object }>(MOVE, { input: { ...input, idempotencyKey: randomUUID(), quantity: '46' } });
      expect(tooMuch.data!.moveAllocation).toMatchObject({ allocation: null, userErrors: [{ code: expect.any(String) }] });
      expect((await availabilityOf('STORY-SHARED', 'site'))!.quantity).toBe('45');
    });

    it('refuses shares of more than all there is', async () => {
      const refused = (await graph<{ setChannelAllocation: object }>(SET, { input: rule(randomUUID(), '71') })).data!.setChannelAllocation;
      expect(refused).toMatchObject({ allocation: null, userErrors: [{ code: 'INVALID_INPUT' }] });
      expect((await availabilityOf('STORY-SHARED', 'site'))!.quantity).toBe('45');
    });
  });
});
