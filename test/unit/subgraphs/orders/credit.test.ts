import 'reflect-metadata';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Clients } from '../../../../domain/clients.ts';
import type { CreditQuestion } from '../../../../domain/credit.ts';
import type { CustomerRecord } from '../../../../domain/customers.ts';
import { decimal, type Decimal } from '../../../../domain/decimal.ts';
import { Failure } from '../../../../domain/failure.ts';
import type { SubgraphDependencies } from '../../../../subgraphs/frame/module.ts';
import { checkCredit } from '../../../../subgraphs/customer/credit.ts';
import { createChangeOrder } from '../../../../subgraphs/orders/changes/request-change.ts';
import { createPlaceOrder, type PlaceOrder } from '../../../../subgraphs/orders/placing/place-order.ts';
import type { PlacementText } from '../../../../subgraphs/orders/placing/placement-text.ts';
import type { PlacementPolicy } from '../../../../subgraphs/orders/settings.ts';
import { customerClient } from './fakes.ts';
import { basket, createWorld, QUICK, scopeOf, until, type World } from './harness.ts';

/* Real limits: the customer subgraph's own rule over customers kept here. One of A costs 11.00 EUR. */

let world: World;
let place: PlaceOrder;
let asked: CreditQuestion[];
let customers: Map<string, CustomerRecord>;
let silence: Failure | null;
/** So many must have asked before anybody is answered. */
let gathering = 0;

const eur = (amount: string) => ({ amount: decimal(amount), currencyCode: 'EUR' });
const one: Partial<PlacementText> = { lines: [{ sku: 'A', quantity: decimal('1') }] };
const onAccount: Partial<PlacementText> = { ...one, payments: [{ methodCode: 'invoice', kind: 'ON_ACCOUNT' }] };

const client: Clients['customer'] = {
  ...customerClient,
  readCustomer: async ({ number }) => customers.get(number) ?? null,
  checkCredit: async (question) => {
    asked.push(question);
    if (silence) throw silence;
    if (gathering > 0) await until(async () => asked.length >= gathering, 'all have asked');
    return checkCredit({ readAll: async (numbers: readonly string[]) => numbers.map((number) => customers.get(number) ?? null) } as never, question);
  },
};
const dependencies = (): SubgraphDependencies => ({ ...world.dependencies(), clients: { ...world.dependencies().clients, customer: client } });
const withPolicy = (policy: Partial<PlacementPolicy>): PlaceOrder => createPlaceOrder(dependencies(), { ...QUICK, policy: { ...QUICK.policy, ...policy } });
const send = (number: string | null, more: Partial<PlacementText>, by = place) => by(basket({ customerNumber: number, ...more }), scopeOf());

async function know(number: string, creditLimit: string | null, more: Partial<CustomerRecord> = {}): Promise<void> {
  customers.set(number, { ...(await customerClient.readCustomer({ number: 'C0' }))!, number, creditLimit: creditLimit as Decimal | null, currencyCode: 'EUR', ...more });
}
const setState = (number: string, state: string): Promise<number> =>
  world.database.run('update orders.sales_order set state = $2 where customer_number = $1 or company_number = $1', [number, state]);

beforeAll(async () => {
  world = await createWorld();
  place = createPlaceOrder(dependencies(), QUICK);
});
beforeEach(() => {
  [asked, customers, silence] = [[], new Map(), null];
});
afterAll(() => world.close());

describe('credit', () => {
  it('is asked for what goes on account, with what is open already', async () => {
    await know('K1', '30');
    expect((await send('K1', onAccount)).order).not.toBeNull();
    const parts = { ...one, payments: [{ methodCode: 'card', kind: 'CAPTURED' as const, amount: eur('8') }, { methodCode: 'invoice', kind: 'ON_ACCOUNT' as const }] };
    expect((await send('K1', parts)).order).not.toBeNull();
    const { userErrors } = await send('K1', { ...onAccount, lines: [{ sku: 'A', quantity: decimal('2') }] });
    expect(asked).toEqual([
      { number: 'K1', amount: eur('11'), openAmount: eur('0') }, { number: 'K1', amount: eur('3'), openAmount: eur('11') }, { number: 'K1', amount: eur('21.99'), openAmount: eur('14') },
    ]);
    expect(userErrors).toEqual([{ code: 'CREDIT_REFUSED', field: ['payments', '0', 'amount'], message: 'with this order 35.99 EUR would be open; the credit limit is 30 EUR', retryable: false }]);
  });

  it('counts an order until it is shipped whole or cancelled', async () => {
    await know('K2', '11');
    const room = async (): Promise<boolean> => (await send('K2', onAccount)).order !== null;
    expect(await room()).toBe(true);
    for (const state of ['ACCEPTED_BY_ERP', 'PARTIALLY_SHIPPED', 'NEEDS_ATTENTION']) {
      await setState('K2', state);
      expect(await room()).toBe(false);
    }
    for (const state of ['SHIPPED', 'CANCELLED']) {
      await setState('K2', state);
      expect(await room()).toBe(true);
    }
  });

  it('is asked of customers with a limit who tell no payment, and of nobody else', async () => {
    await know('K3', '5');
    await know('K4', null);
    expect((await send('K3', one)).userErrors).toMatchObject([{ code: 'CREDIT_REFUSED', field: ['customerNumber'] }]);
    expect((await send('K3', { ...one, paymentReference: 'auth-1' })).order).not.toBeNull();
    expect((await send('K3', { ...one, payments: [{ methodCode: 'card', kind: 'CAPTURED', amount: eur('11') }] })).order).not.toBeNull();
    expect((await send('K4', one)).order).not.toBeNull();
    expect((await send('K3', one, withPolicy({ creditAppliesTo: 'ON_ACCOUNT' }))).order).not.toBeNull();
    expect(asked).toHaveLength(1);
  });

  it('is the company\'s, and one for all who buy for it', async () => {
    await know('FIRM', '25', { kind: 'COMPANY' });
    await know('P1', null, { companyNumber: 'FIRM' });
    await know('P2', null, { companyNumber: 'FIRM' });
    expect((await send('P1', one)).order).not.toBeNull();
    expect((await send('P2', one)).order).not.toBeNull();
    expect((await send('FIRM', one)).userErrors).toMatchObject([{ code: 'CREDIT_REFUSED' }]);
    expect(asked.map((question) => [question.number, question.openAmount.amount])).toEqual([['FIRM', '0'], ['FIRM', '11'], ['FIRM', '22']]);
  });

  it('is refused to guests and to customers on hold', async () => {
    await know('GONE', '100', { kind: 'COMPANY', active: false });
    await know('P3', null, { companyNumber: 'GONE' });
    expect((await send(null, { ...onAccount, contact: { email: 'guest@example.org' } })).userErrors).toMatchObject([{ code: 'CREDIT_REFUSED' }]);
    expect((await send('P3', onAccount)).userErrors).toMatchObject([{ code: 'CREDIT_REFUSED', message: expect.stringContaining('on hold') }]);
  });

  it('that cannot be asked for is refused, or flagged, as the policy says', async () => {
    await know('K5', '100');
    await know('K6', '100', { currencyCode: 'USD' });
    const flagging = withPolicy({ creditSilence: 'ACCEPT_FLAGGED' });
    silence = new Failure('UPSTREAM_TIMEOUT', 'nobody answers');
    expect((await send('K5', onAccount)).userErrors).toMatchObject([{ code: 'UNVERIFIED', retryable: true }]);
    expect(await send('K5', onAccount, flagging)).toMatchObject({ order: { state: 'RECEIVED', stockVerified: true }, warnings: [{ code: 'CREDIT_UNVERIFIED' }] });
    silence = null;
    expect((await send('K6', onAccount)).userErrors).toMatchObject([{ code: 'UNVERIFIED' }]);
    expect((await send('K6', onAccount, flagging)).warnings).toMatchObject([{ code: 'CREDIT_UNVERIFIED' }]);
  });

  it('has no sum where orders of another currency are open', async () => {
    await know('K7', '100');
    expect((await send('K7', { ...one, currencyCode: 'USD' }, withPolicy({ creditAppliesTo: 'ON_ACCOUNT' }))).order).not.toBeNull();
    expect((await send('K7', onAccount)).userErrors).toMatchObject([{ code: 'UNVERIFIED', message: expect.stringContaining('currencies') }]);
  });

  it('of five lets five of twenty parallel orders through, and gives back what the others held', async () => {
    await know('K8', '55');
    const before = Number(world.inventory.stock.get('A'));
    gathering = 20;
    const processes = Array.from({ length: 4 }, () => createPlaceOrder(dependencies(), QUICK));
    const outcomes = await Promise.all(Array.from({ length: 20 }, (_, index) => send('K8', onAccount, processes[index % 4]!)));
    gathering = 0;
    // All of them asked while there was room: the last word is spoken under the lock.
    expect(asked.map((question) => question.openAmount.amount)).toEqual(Array.from({ length: 20 }, () => '0'));
    expect(outcomes.filter((outcome) => outcome.order !== null)).toHaveLength(5);
    expect(new Set(outcomes.flatMap((outcome) => outcome.userErrors.map((error) => error.code)))).toEqual(new Set(['CREDIT_REFUSED']));
    expect(Number(world.inventory.stock.get('A'))).toBe(before - 5);
    expect([...world.inventory.holds.values()].filter((held) => held.hold.state === 'HELD')).toEqual([]);
  });

  it('counts an order once, however often it is sent', async () => {
    await know('K9', '11');
    const input = basket({ customerNumber: 'K9', ...onAccount });
    const outcomes = await Promise.all(Array.from({ length: 10 }, () => place(input, scopeOf())));
    expect(new Set(outcomes.map((outcome) => outcome.order?.id)).size).toBe(1);
    expect((await place(input, scopeOf())).order).not.toBeNull();
  });
});

describe('more of an order', () => {
  const more = (orderId: string, quantity: string) =>
    createChangeOrder({ ...dependencies(), settings: QUICK.changes, signal: new AbortController().signal })(
      'AMEND', { idempotencyKey: `${orderId} ${quantity}`, lines: [{ lineNumber: 1, quantity: decimal(quantity) }] }, orderId, scopeOf());

  it('is owed, whatever was paid: it must fit below the limit, and is refused while nobody can say', async () => {
    await know('C70', '30');
    const { order } = await send('C70', { ...one, payments: [{ methodCode: 'card', kind: 'CAPTURED', amount: eur('11.00') }] });
    expect((await more(order!.id, '4')).userErrors).toMatchObject([{ code: 'CREDIT_REFUSED', field: ['lines'], retryable: false }]);
    silence = new Failure('UPSTREAM_UNAVAILABLE', 'away');
    expect((await more(order!.id, '3')).userErrors).toMatchObject([{ code: 'UNVERIFIED', retryable: true }]);
    silence = null;
    expect((await more(order!.id, '2')).change).toMatchObject({ state: 'APPLIED' });
    expect([...world.inventory.holds.values()].filter(({ hold }) => hold.state === 'HELD')).toEqual([]);
  });

  it('of many orders at once takes no room twice', async () => {
    await know('C71', '40');
    const orders = await Promise.all(Array.from({ length: 6 }, () => send('C71', { ...one, payments: [{ methodCode: 'card', kind: 'CAPTURED', amount: eur('11.00') }] })));
    asked.length = 0;
    gathering = 6;
    const answers = await Promise.all(orders.map(({ order }) => more(order!.id, '2')));
    gathering = 0;
    expect(answers.filter(({ change }) => change?.state === 'APPLIED')).toHaveLength(3);
    expect(answers.flatMap(({ userErrors }) => userErrors).map(({ code }) => code)).toEqual(Array(3).fill('CREDIT_REFUSED'));
  });
});
