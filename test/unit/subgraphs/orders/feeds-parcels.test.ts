import 'reflect-metadata';
import { execute, parse, type ExecutionResult } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decimal } from '../../../../domain/decimal.ts';
import type { OrderChanged, ShipmentChanged } from '../../../../domain/events.ts';
import { globalId } from '../../../../domain/ids.ts';
import type { ErpOrder } from '../../../../domain/orders.ts';
import type { Principal } from '../../../../domain/principal.ts';
import type { CreditMemoRecord } from '../../../../domain/returns.ts';
import type { ShipmentRecord } from '../../../../domain/shipments.ts';
import { instant } from '../../../../domain/time.ts';
import type { Subgraph } from '../../../../subgraphs/frame/module.ts';
import { recordCreditMemos } from '../../../../subgraphs/orders/following/store-credit-memos.ts';
import { recordErpOrders } from '../../../../subgraphs/orders/following/store-erp-orders.ts';
import { recordShipments } from '../../../../subgraphs/orders/following/store-shipments.ts';
import { orderUpdated, shipmentUpdated } from '../../../../subgraphs/orders/following/subscriptions.ts';
import { createOrders } from '../../../../subgraphs/orders/index.ts';
import { createWorld, principal, QUICK, scopeOf, type World } from './harness.ts';
import { storeOrder } from './stored-orders.ts';

let world: World;
let subgraph: Subgraph<'orders'>;
let serial = 0;
const at = (second: number) => instant(Date.UTC(2026, 0, 1, 0, 0, second));
const report = { source: 'erp', at: at(50) };
const clerk = principal('clerk', { kind: 'OPERATIONS', scopes: ['order:read:all'] });
const dhl = principal('dhl', { scopes: ['fulfilment:write'] });

async function ask(query: string, variableValues: Record<string, unknown>, who = clerk, rootValue?: unknown): Promise<ExecutionResult<Record<string, never>>> {
  return (await execute({ schema: subgraph.schema, document: parse(query), contextValue: subgraph.createContext(scopeOf(who)), variableValues, rootValue })) as never;
}

const document = (id: string, more: Partial<ErpOrder>): ErpOrder => ({
  id, number: `S${id}`, reference: null, state: 'CONFIRMED', total: null, lines: [{ sku: 'A', quantity: decimal('5'), delivered: decimal('0') }], updatedAt: at(1), ...more,
});
const shipment = (id: string, orderId: string, more: Partial<ShipmentRecord>): ShipmentRecord => ({
  id, number: `OUT/${id}`, orderId, state: 'PLANNED', carrier: null, tracking: [], locationCode: 'MAIN', lines: [], shippedAt: null, direction: 'OUTBOUND', updatedAt: at(3), ...more,
});
const memo = (id: string, orderId: string | null, more: Partial<CreditMemoRecord> = {}): CreditMemoRecord => ({
  id, number: `RINV/${id}`, reference: null, orderId, state: 'POSTED', paymentState: 'NOT_PAID', total: { amount: decimal('11.90'), currencyCode: 'EUR' }, tax: { amount: decimal('1.90'), currencyCode: 'EUR' },
  lines: [{ sku: 'A', description: 'Article A', quantity: decimal('1'), total: { amount: decimal('10'), currencyCode: 'EUR' } }], postedAt: at(9), updatedAt: at(9), ...more,
});
const tell = (...records: ErpOrder[]) => world.database.transaction((tx) => recordErpOrders(tx, records, report));
const tellShipments = (...records: ShipmentRecord[]) => world.database.transaction((tx) => recordShipments(tx, records, report));
const tellMemos = (...records: CreditMemoRecord[]) => world.database.transaction((tx) => recordCreditMemos(tx, records, report));

async function accepted(columns: Record<string, unknown> = {}, quantity = '5'): Promise<{ id: string; erpId: string }> {
  const erpId = `F${(serial += 1)}E`;
  const { id, number } = await storeOrder(world.database, columns, [{ sku: 'A', quantity }]);
  await tell(document(erpId, { reference: number, lines: [{ sku: 'A', quantity: decimal(quantity), delivered: decimal('0') }] }));
  return { id, erpId };
}

async function orderOf(id: string, selection: string): Promise<Record<string, unknown>> {
  const { data, errors } = await ask(`query ($id: ID!) { order(by: {id: $id}) { ${selection} } }`, { id: globalId('Order', id) });
  expect(errors).toBeUndefined();
  return (data as unknown as { order: Record<string, unknown> }).order;
}

beforeAll(async () => {
  world = await createWorld();
  subgraph = await createOrders(world.dependencies(), QUICK);
});
afterAll(async () => {
  await subgraph.stop();
  await world.close();
});

describe('parcels', () => {
  it('show contents, numbers, links and how far they have come, carriers in our words', async () => {
    const { id, erpId } = await accepted();
    await world.database.run(
      `insert into orders.code_map (system, kind, ours, theirs, detail, updated_by, updated_at) values ('erp', 'CARRIER', 'dhl', 'DHL Paket', '{"trackingUrl": "https://dhl.example/{number}"}', 'clerk', now()) on conflict do nothing`);
    const lines = [{ sku: 'A', quantity: decimal('2') }];
    await tellShipments(shipment(`${erpId}-1`, erpId, {
      state: 'SHIPPED', carrier: 'DHL Paket', lines, shippedAt: at(5), printed: true, picking: true,
      packages: [
        { reference: 'PACK1', carrier: 'dhl paket', trackings: [{ trackingNumber: `a/${erpId}`, trackingUrl: null }, { trackingNumber: `b${erpId}`, trackingUrl: 'https://erp.example/b' }], lines },
        { reference: 'PACK2', carrier: 'UPS', trackings: [{ trackingNumber: `c${erpId}`, trackingUrl: null }], lines: [] },
        { reference: 'PACK3', carrier: null, trackings: [], lines: [] },
      ],
    }));
    const news = `mutation ($input: RecordCarrierNewsInput!) { recordCarrierNews(input: $input) { news { trackingNumber kind } shipmentIds userErrors { code } warnings { code } } }`;
    const input = { idempotencyKey: erpId, trackingNumber: `C${erpId.toLowerCase()}`, kind: 'DELIVERED', at: at(8), location: 'Berlin' };
    expect((await ask(news, { input }, dhl)).data).toMatchObject({ recordCarrierNews: { shipmentIds: [globalId('Shipment', `${erpId}-1`)], userErrors: [], warnings: [] } });
    expect((await ask(news, { input }, clerk)).errors?.[0]?.originalError).toMatchObject({ code: 'FORBIDDEN' });
    const shown = await orderOf(id, `shipments { carrier carrierCode locationCode printedAt pickingAt customerMayBeTold carrierNews { kind location }
      packages { reference carrier carrierCode status deliveredAt pickedUpAt tracking { trackingNumber trackingUrl } trackingNumber lines { sku quantity } } }`);
    expect(shown).toEqual({ shipments: [{
      carrier: 'DHL Paket', carrierCode: 'dhl', locationCode: 'MAIN', printedAt: at(3), pickingAt: at(3), customerMayBeTold: true, carrierNews: [{ kind: 'DELIVERED', location: 'Berlin' }],
      packages: [
        { reference: 'PACK1', carrier: 'dhl paket', carrierCode: 'dhl', status: null, deliveredAt: null, pickedUpAt: null, trackingNumber: `a/${erpId}`, lines: [{ sku: 'A', quantity: '2' }],
          tracking: [{ trackingNumber: `a/${erpId}`, trackingUrl: `https://dhl.example/a%2F${erpId}` }, { trackingNumber: `b${erpId}`, trackingUrl: 'https://erp.example/b' }] },
        { reference: 'PACK2', carrier: 'UPS', carrierCode: null, status: 'DELIVERED', deliveredAt: at(8), pickedUpAt: at(8), trackingNumber: `c${erpId}`, lines: [], tracking: [{ trackingNumber: `c${erpId}`, trackingUrl: null }] },
        { reference: 'PACK3', carrier: 'DHL Paket', carrierCode: 'dhl', status: null, deliveredAt: null, pickedUpAt: null, trackingNumber: '', lines: [], tracking: [] },
      ],
    }] });
  });

  it('say what of each line is set aside, follows later, has left and has come back', async () => {
    const { id, erpId } = await accepted();
    const facts = `lines { orderedQuantity quantity allocatedQuantity shippedQuantity backorderedQuantity returnedQuantity }`;
    const line = async () => ((await orderOf(id, facts))['lines'] as unknown[])[0];
    const rest = (more: Partial<ShipmentRecord>): ShipmentRecord => shipment(`${erpId}-2`, erpId, { backorderOf: `${erpId}-1`, lines: [{ sku: 'A', quantity: decimal('3'), allocated: decimal('1') }], ...more });
    expect(await line()).toEqual({ orderedQuantity: '5', quantity: '5', allocatedQuantity: null, shippedQuantity: '0', backorderedQuantity: '0', returnedQuantity: '0' });
    await tellShipments(shipment(`${erpId}-1`, erpId, { lines: [{ sku: 'A', quantity: decimal('5'), allocated: decimal('2') }] }));
    expect(await line()).toMatchObject({ allocatedQuantity: '2', shippedQuantity: '0' });
    await tellShipments(shipment(`${erpId}-1`, erpId, { state: 'SHIPPED', lines: [{ sku: 'A', quantity: decimal('2') }], shippedAt: at(5), updatedAt: at(5) }), rest({}));
    expect(await line()).toMatchObject({ allocatedQuantity: '1', shippedQuantity: '2', backorderedQuantity: '3' });
    await tellShipments(rest({ state: 'SHIPPED', shippedAt: at(6), updatedAt: at(6) }), shipment(`${erpId}-3`, erpId, { direction: 'RETURN', state: 'SHIPPED', lines: [{ sku: 'A', quantity: decimal('1') }] }));
    expect(await line()).toMatchObject({ allocatedQuantity: null, shippedQuantity: '5', backorderedQuantity: '0', returnedQuantity: '1' });
    const { shipments, timeline } = await orderOf(id, 'shipments { number backorderOf { number } } timeline { kind detail source }');
    expect(shipments).toEqual([{ number: `OUT/${erpId}-1`, backorderOf: null }, { number: `OUT/${erpId}-2`, backorderOf: { number: `OUT/${erpId}-1` } }]);
    expect(timeline).toContainEqual({ kind: 'BACKORDERED', detail: `OUT/${erpId}-2 has the rest of OUT/${erpId}-1`, source: 'erp' });
  });
});

describe('messages of one second that differ', () => {
  it('are both heard: of orders', async () => {
    const { id, erpId } = await accepted();
    const { number } = await storeOrder(world.database);
    await tell(document(erpId, { total: { amount: decimal('31'), currencyCode: 'EUR' } }));
    expect(await world.database.query('select erp_total from orders.sales_order where id = $1', [id])).toEqual([{ erp_total: '31' }]);
    expect(await tell(document(erpId, { total: { amount: decimal('31'), currencyCode: 'EUR' } }))).toEqual({ changed: 0, rejected: [] });
    const external = `F${(serial += 1)}X`;
    await tell(document(external, { number: `X${number}` }));
    await tell(document(external, { number: `X${number}`, lines: [{ sku: 'B', quantity: decimal('1'), delivered: decimal('0') }] }));
    expect(await world.database.query('select l.sku from orders.order_line l join orders.sales_order o on o.id = l.order_id where o.erp_order_id = $1', [external])).toEqual([{ sku: 'B' }]);
  });

  it('are both heard: of shipments and credit memos, in one page the last one counts', async () => {
    const { id, erpId } = await accepted();
    const numbered = (trackingNumber: string): ShipmentRecord => shipment(`${erpId}-1`, erpId, { tracking: [{ trackingNumber, trackingUrl: null }] });
    await tellShipments(numbered('one'), numbered('two'));
    await tellShipments(numbered('three'), numbered('four'));
    await tellMemos(memo(`${erpId}-M`, erpId));
    await tellMemos(memo(`${erpId}-M`, erpId, { paymentState: 'PAID' }));
    expect(await orderOf(id, 'shipments { packages { tracking { trackingNumber } } } creditMemos { paymentState }')).toEqual({
      shipments: [{ packages: [{ tracking: [{ trackingNumber: 'four' }] }] }], creditMemos: [{ paymentState: 'PAID' }],
    });
    expect(await tellShipments(numbered('four'))).toEqual({ changed: 0 });
    expect(await tellMemos(memo(`${erpId}-M`, erpId, { paymentState: 'PAID' }))).toEqual({ changed: 0 });
  });
});

describe('credit memos', () => {
  it('wait for their order, and tell of themselves', async () => {
    const erpId = `F${(serial += 1)}E`;
    await tellMemos(memo(`${erpId}-M`, erpId), memo(`${erpId}-none`, null));
    expect(await world.database.query('select order_id from orders.credit_memo where id like $1', [`${erpId}-%`])).toEqual([{ order_id: null }, { order_id: null }]);
    const { id, number } = await storeOrder(world.database);
    await tell(document(erpId, { reference: number }));
    expect(await orderOf(id, 'creditMemos { number reference state total { amount currencyCode } tax { amount } lines { sku description total { amount } } postedAt } timeline { kind detail source at }')).toMatchObject({
      creditMemos: [{ number: `RINV/${erpId}-M`, reference: null, state: 'POSTED', total: { amount: '11.9', currencyCode: 'EUR' }, tax: { amount: '1.9' }, lines: [{ sku: 'A', total: { amount: '10' } }], postedAt: at(9) }],
      timeline: expect.arrayContaining([{ kind: 'CREDITED', detail: `RINV/${erpId}-M: 11.9 EUR`, source: 'erp', at: at(9) }]) as unknown,
    });
  });

  it('change their order', async () => {
    const { id, erpId } = await accepted();
    await tellMemos(memo(`${erpId}-M`, erpId));
    const [, event] = await world.database.query(`select 1 from orders.outbox where payload ->> 'orderId' = $1 and payload ->> 'type' = 'order.changed'`, [id]);
    expect(event).toBeDefined();
  });
});

describe('who follows', () => {
  const buyer = (subject: string, customerNumber: string | null, companyNumber: string | null): Principal => principal(subject, { kind: 'BUYER', scopes: ['order:read'], customerNumber, companyNumber });

  it('hears of every order he may see, or of the one he asks for, and of no other', async () => {
    const { id, erpId } = await accepted({ owner: 'ann', customer_number: 'C1', company_number: 'ACME' });
    await tellShipments(shipment(`${erpId}-1`, erpId, { lines: [{ sku: 'A', quantity: decimal('5') }] }));
    const events = await world.database.query<{ payload: OrderChanged | ShipmentChanged }>(`select payload from orders.outbox where payload ->> 'orderId' = $1 order by id`, [id]);
    const hears = (who: Principal, orderId: string | null): boolean[] => events.map(({ payload }) =>
      payload.type === 'order.changed' ? orderUpdated.matches(payload, { orderId }, who) : shipmentUpdated.matches(payload, { orderId }, who));
    const all = events.map(() => true);
    const none = events.map(() => false);
    expect(events.map(({ payload }) => payload.type)).toEqual(expect.arrayContaining(['order.changed', 'shipment.changed']));
    for (const who of [buyer('ann', null, null), buyer('at home', 'C1', null), buyer('cora', 'C2', 'ACME'), clerk]) {
      expect(hears(who, null)).toEqual(all);
      expect(hears(who, globalId('Order', id))).toEqual(all);
      expect(hears(who, globalId('Order', erpId))).toEqual(none);
    }
    for (const who of [buyer('sam', 'C3', 'OTHER'), buyer('', null, null), { ...buyer('ann', 'C1', 'ACME'), kind: 'ANONYMOUS' as const }]) expect(hears(who, null)).toEqual(none);
  });

  it('need not name an order, but must be somebody, and is told which event is the first to tell customers of', async () => {
    expect(() => orderUpdated.check({}, clerk)).not.toThrow();
    expect(() => shipmentUpdated.check({ orderId: 'x' }, clerk)).toThrow('orderId is not the id of an order');
    expect(() => shipmentUpdated.check({}, { ...clerk, kind: 'ANONYMOUS', scopes: [] })).toThrow();
    const { erpId } = await accepted();
    await tellShipments(shipment(`${erpId}-1`, erpId, {}));
    const root = { type: 'shipment.changed', cursor: '1-0', at: at(1), shipmentId: `${erpId}-1`, tellable: 'FIRST' };
    const { data } = await ask('subscription { shipmentUpdated(onlyTellable: true) { cursor firstTellable shipment { number } } }', {}, clerk, root);
    expect(data).toEqual({ shipmentUpdated: { cursor: '1-0', firstTellable: true, shipment: { number: `OUT/${erpId}-1` } } });
  });
});
