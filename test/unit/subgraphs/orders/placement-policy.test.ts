import 'reflect-metadata';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readConfig } from '../../../../platform/config.ts';
import { createPlaceOrder, type PlaceOrder } from '../../../../subgraphs/orders/placing/place-order.ts';
import { pruneKeys } from '../../../../subgraphs/orders/placing/pruning.ts';
import { canSee, findByExternalId, readOrder, visibilityOf } from '../../../../subgraphs/orders/reading/store-reads.ts';
import { DEFAULT_SETTINGS, settingsOf, type GuestPolicy } from '../../../../subgraphs/orders/settings.ts';
import { submitOrder } from '../../../../subgraphs/orders/submission/submit-order.ts';
import { customerClient } from './fakes.ts';
import { basket, createWorld, principal, QUICK, scopeOf, until, type World } from './harness.ts';

let world: World;
let place: PlaceOrder;
const ASKED: string[] = [];

function placing(guests: GuestPolicy): PlaceOrder {
  const plain = world.dependencies();
  const findCustomerByEmail = async ({ email }: { email: string }) => {
    ASKED.push(email);
    return email === 'ann@example.org' ? customerClient.readCustomer({ number: 'C-ANN' }) : null;
  };
  const customer = { ...customerClient, findCustomerByEmail };
  return createPlaceOrder({ ...plain, clients: { ...plain.clients, customer } }, { ...QUICK, policy: { ...QUICK.policy, guests } });
}
const guest = (email: string) => basket({ customerNumber: null, contact: { email } });

beforeAll(async () => {
  world = await createWorld();
  place = createPlaceOrder(world.dependencies(), QUICK);
});
afterAll(() => world.close());

describe('guests', () => {
  const stored = async (by: PlaceOrder, email: string) => (await readOrder(world.database, (await by(guest(email), scopeOf())).order!.id))!;

  it('become customers of their own, unless told otherwise', async () => {
    expect(await stored(placing({ kind: 'CREATE' }), 'ann@example.org')).toMatchObject({ customerNumber: null, erpCustomerNumber: null });
    expect(ASKED).toEqual([]);
  });

  it('are booked on one account for all, or on that of who has the e-mail', async () => {
    expect(await stored(placing({ kind: 'WEB_GUEST', number: 'C-WEB' }), 'ann@example.org')).toMatchObject({ customerNumber: null, erpCustomerNumber: 'C-WEB' });
    expect(await stored(placing({ kind: 'MATCH' }), 'Ann@Example.org')).toMatchObject({ customerNumber: null, companyNumber: null, erpCustomerNumber: 'C-ANN', priceListCode: null });
    expect(await stored(placing({ kind: 'MATCH' }), 'bob@example.org')).toMatchObject({ customerNumber: null, erpCustomerNumber: null });
  });

  it('show their orders to nobody else: neither to the account\'s owner nor to each other', async () => {
    const order = await stored(placing({ kind: 'MATCH' }), 'ann@example.org');
    const ann = principal('ann', { kind: 'SHOPPER', scopes: ['order:read'], customerNumber: 'C-ANN' });
    expect(canSee(visibilityOf(ann), order)).toBe(false);
    expect(canSee(visibilityOf(principal('other', { kind: 'SHOPPER', scopes: ['order:read'], customerNumber: 'C-WEB' })), order)).toBe(false);
  });

  it('reach the ERP under that account', async () => {
    const order = await stored(placing({ kind: 'WEB_GUEST', number: 'C-WEB' }), 'eve@example.org');
    const before = world.erp.customers.length;
    const asked: unknown[] = [];
    const plain = world.dependencies();
    const ports: typeof plain.ports = {
      port: (name) => {
        const owned = plain.ports.port(name);
        if (name !== 'customers' || !owned) return owned;
        const findCustomer = async (key: unknown) => (asked.push(key), 'erp-web');
        return { ...owned, port: { ...owned.port, findCustomer } as never };
      },
    };
    await submitOrder({ ...plain, ports, settings: QUICK, signal: new AbortController().signal }, { orderId: order.id, attempt: 0 });
    expect(asked).toEqual([{ number: 'C-WEB' }]);
    expect(world.erp.customers).toHaveLength(before);
  });
});

describe('keys', () => {
  const age = (key: string, days: number): Promise<number> =>
    world.database.run(`update orders.claim set created_at = created_at - $2 * interval '1 day', lease_until = lease_until - $2 * interval '1 day' where idempotency_key = $1`, [key, days]);
  const claims = async (key: string): Promise<number> => (await world.database.query('select from orders.claim where idempotency_key = $1', [key])).length;

  it('are kept for thirty days, and forgotten after', async () => {
    const [young, old, refused] = [basket(), basket(), basket({ lines: [] as never, note: 'x' })];
    for (const input of [young, old]) await place(input, scopeOf());
    const noStock = basket({ lines: [{ sku: 'LAST', quantity: '9' as never }] });
    await place(noStock, scopeOf());
    expect((await place(refused, scopeOf())).order).toBeNull();
    await age(young.idempotencyKey, 29);
    await age(old.idempotencyKey, 31);
    await age(noStock.idempotencyKey, 31);
    expect(await pruneKeys({ database: world.database }, QUICK.policy)).toBe(2);
    expect(await Promise.all([young, old, noStock].map((input) => claims(input.idempotencyKey)))).toEqual([1, 0, 0]);
  });

  it('are pruned batch by batch, all of them', async () => {
    await world.database.run(
      `insert into orders.claim (owner, idempotency_key, payload_hash, state, claimant, lease_until, order_id, order_number, created_at)
       select 'many', n::text, '', 'REFUSED', gen_random_uuid(), now() - interval '40 days', gen_random_uuid(), 'SO-' || n, now() - interval '40 days' from generate_series(1, 2500) n`,
    );
    const pruned = await Promise.all([1, 2, 3].map(() => pruneKeys({ database: world.database }, QUICK.policy)));
    expect(pruned.reduce((a, b) => a + b)).toBeLessThanOrEqual(2_500);
    // Rows another process was at are left to it: a turn later none is left.
    await pruneKeys({ database: world.database }, QUICK.policy);
    expect(await world.database.query(`select from orders.claim where owner = 'many'`)).toHaveLength(0);
  });

  it('answer the first order also after that, and CONFLICT for another', async () => {
    const input = basket();
    const { order } = await place(input, scopeOf());
    const forget = (): Promise<number> => world.database.run('delete from orders.claim where idempotency_key = $1', [input.idempotencyKey]);
    await forget();
    expect((await place({ ...input, note: 'another' }, scopeOf())).userErrors).toMatchObject([{ code: 'CONFLICT', field: ['idempotencyKey'] }]);
    expect((await place(input, scopeOf())).order!.id).toBe(order!.id);
    await forget();
    world.inventory.outcome = () => ({ kind: 'REJECTED', reason: 'OUT_OF_STOCK', earliest: null, alternatives: [] });
    const outcomes = await Promise.all(Array.from({ length: 8 }, () => place(input, scopeOf())));
    world.inventory.outcome = null;
    expect(new Set(outcomes.map((outcome) => outcome.order?.id))).toEqual(new Set([order!.id]));
  });
});

describe('channels', () => {
  it('who is bound to one orders in it, whatever the request names', async () => {
    const bound = principal('amazon-feed', { channel: 'amazon' });
    const { order } = await place(basket({ externalOrderId: 'A-1' }), scopeOf(bound));
    expect(order).toMatchObject({ channel: 'amazon', externalOrderId: 'A-1' });
    // The same number in the request's channel is another order.
    expect((await place(basket({ externalOrderId: 'A-1' }), scopeOf())).order).toMatchObject({ channel: 'web' });
    expect(await findByExternalId(world.database, 'amazon', 'A-1')).toMatchObject({ id: order!.id });
  });

  it('a number somebody else ordered under answers nothing of that order', async () => {
    const input = basket({ externalOrderId: 'B-1' });
    const { order } = await place(input, scopeOf(principal('first')));
    const other = principal('second', { kind: 'SHOPPER', scopes: ['checkout:write', 'order:read'], customerNumber: 'C2' });
    const outcome = await place({ ...input, customerNumber: null, idempotencyKey: 'mine' }, scopeOf(other));
    expect(outcome).toMatchObject({ order: null, userErrors: [{ code: 'CONFLICT', field: ['externalOrderId'] }] });
    expect(JSON.stringify(outcome)).not.toContain(order!.number);
  });
});

describe('what the operator chooses', () => {
  it('becomes the policy', () => {
    expect(settingsOf(readConfig({}))).toEqual(DEFAULT_SETTINGS);
    const chosen = { ORDER_MAX_LINE_QUANTITY: '500', ORDER_GUEST_POLICY: 'WEB_GUEST', ORDER_WEB_GUEST_NUMBER: '77', ORDER_CREDIT_APPLIES_TO: 'ON_ACCOUNT', ORDER_CREDIT_SILENCE: 'ACCEPT_FLAGGED' };
    expect(settingsOf(readConfig(chosen)).policy).toMatchObject({ maxLineQuantity: '500', guests: { kind: 'WEB_GUEST', number: '77' }, creditAppliesTo: 'ON_ACCOUNT', creditSilence: 'ACCEPT_FLAGGED' });
    expect(() => readConfig({ ORDER_GUEST_POLICY: 'WEB_GUEST' })).toThrow('ORDER_WEB_GUEST_NUMBER');
    expect(() => readConfig({ ORDER_MAX_LINE_QUANTITY: '0' })).toThrow('ORDER_MAX_LINE_QUANTITY');
  });
});

it('keys are pruned by the subgraph itself', async () => {
  const { startPruning } = await import('../../../../subgraphs/orders/placing/pruning.ts');
  const input = basket();
  await place(input, scopeOf());
  const pruning = startPruning(world.dependencies(), { ...QUICK.policy, keepKeysMs: 0, pruneEveryMs: 20 });
  await until(async () => (await world.database.query('select from orders.claim where idempotency_key = $1', [input.idempotencyKey])).length === 0, 'the key is forgotten');
  await pruning.stop();
});
