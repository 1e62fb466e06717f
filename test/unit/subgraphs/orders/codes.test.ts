import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readAudit } from '../../../../platform/audit.ts';
import { builtInMappings } from '../../../../subgraphs/orders/codes/built-in.ts';
import { createCarrierBook } from '../../../../subgraphs/orders/codes/carriers.ts';
import { createCodeBook, type CodeKind } from '../../../../subgraphs/orders/codes/code-map.ts';
import { parseCodes } from '../../../../subgraphs/orders/codes/codes-file.ts';
import { putFirstMappings, removeCodeMapping, setCodeMapping } from '../../../../subgraphs/orders/codes/set-code.ts';
import { listMappings, readMappings, readMappingsOfKind } from '../../../../subgraphs/orders/codes/store.ts';
import { createPlaceOrder } from '../../../../subgraphs/orders/placing/place-order.ts';
import { readOrder } from '../../../../subgraphs/orders/reading/store-reads.ts';
import type { OperatorTools } from '../../../../subgraphs/orders/resolution/manual-action.ts';
import { submitOrder } from '../../../../subgraphs/orders/submission/submit-order.ts';
import { basket, createWorld, QUICK, scopeOf, type World } from './harness.ts';

const row = (kind: CodeKind, ours: string, theirs: string, detail = {}) => ({ kind, ours, theirs, detail });
const request = () => ({ actor: 'ops', idempotencyKey: randomUUID() });

describe('a code book', () => {
  it('has our own code for SKU, unit and carrier, and none for what must be mapped', () => {
    const empty = createCodeBook('erp', []);
    expect((['SKU', 'UNIT', 'CARRIER', 'TAX', 'PAYMENT', 'CHARGE'] as const).map((kind) => empty.their(kind, 'X'))).toEqual(['X', 'X', 'X', null, null, null]);
  });

  it('prefers a row of its own to the default of its kind', () => {
    const codes = createCodeBook('erp', [row('PAYMENT', '*', 'manual'), row('PAYMENT', 'CARD', 'stripe'), row('TAX', '*', '*')]);
    expect([codes.their('PAYMENT', 'CARD'), codes.their('PAYMENT', 'CASH'), codes.their('TAX', 'DE19')]).toEqual(['stripe', 'manual', 'DE19']);
  });

  it('knows carriers by the ERP\'s names and where they show a parcel', () => {
    const carriers = createCarrierBook([row('CARRIER', 'DHL', 'delivery_dhl', { trackingUrl: 'https://dhl.example/track?n={number}', names: ['DHL Express'] }), row('CARRIER', 'UPS', 'ups')]);
    expect(carriers.find(' dhl express ')).toMatchObject({ code: 'DHL' });
    expect(carriers.find('DELIVERY_DHL')!.trackingUrl('a b/1')).toBe('https://dhl.example/track?n=a%20b%2F1');
    expect([carriers.find('UPS')!.trackingUrl('1'), carriers.find('unknown')]).toEqual([null, null]);
  });
});

describe('the file of first codes', () => {
  const text = (...lines: string[]) => ['[', ...lines.map((one, index) => `  ${one}${index < lines.length - 1 ? ',' : ''}`), ']'].join('\n');

  it('is a list of mappings', () => {
    const found = parseCodes(text('{"system": "erp", "kind": "PAYMENT", "ours": "CARD", "theirs": "stripe"}', '{"system": "erp", "kind": "CARRIER", "ours": "DHL", "theirs": "dhl", "trackingUrl": "https://d.example/{number}"}'), 'codes.json');
    expect(found).toMatchObject([{ ours: 'CARD', detail: {} }, { ours: 'DHL', detail: { trackingUrl: 'https://d.example/{number}' } }]);
  });

  it('names the line of everything that is unusable', () => {
    const good = '{"system": "erp", "kind": "TAX", "ours": "a,[{", "theirs": "x"}';
    const faulty = text(good, '{"system": "erp", "kind": "TAXES", "ours": "b", "theirs": "x"}', '{"system": "erp",\n "kind": "TAX", "ours": ""}', good, '{"system": "erp", "kind": "SKU", "ours": "*", "theirs": "X"}');
    expect(() => parseCodes(faulty, 'codes.json')).toThrow(/codes\.json holds no usable code maps[^]*line 3: kind must be one of SKU[^]*line 4: ours must not be empty[^]*line 6: TAX a,\[\{ is on line 2 already[^]*line 7: ours one code for every SKU/);
    expect(() => parseCodes('[{"a": 1},\n{"b": }]', 'codes.json')).toThrow(/line 2: /);
    expect(() => parseCodes('[\n{"a": 1}\n{"b": 2}\n]', 'codes.json')).toThrow(/line 3: /);
    expect(() => parseCodes('[\n{"a": "x}\n]', 'codes.json')).toThrow(/line 2: /);
    expect(() => parseCodes('{}', 'codes.json')).toThrow(/line 1: must be a list/);
  });
});

describe('built-in codes', () => {
  it('are the sandbox\'s alone', () => {
    expect(builtInMappings({ useSandbox: true, SANDBOX_URL: undefined, CONNECTIONS_FILE: undefined }, 'erp').map(({ kind }) => kind)).toEqual(['TAX', 'PAYMENT', 'CHARGE']);
    expect(builtInMappings({ useSandbox: false, SANDBOX_URL: undefined, CONNECTIONS_FILE: undefined }, 'erp')).toEqual([]);
    expect(builtInMappings({ useSandbox: true, SANDBOX_URL: undefined, CONNECTIONS_FILE: 'connections.json' }, 'erp')).toEqual([]);
  });
});

describe('stored codes', () => {
  let world: World;
  let tools: OperatorTools;
  beforeAll(async () => {
    world = await createWorld();
    const dependencies = world.dependencies();
    // As with a real ERP: nothing is built in.
    tools = { ...dependencies, config: { ...dependencies.config, useSandbox: false }, settings: QUICK };
  });
  afterAll(() => world.close());

  it('start with the file, and stay what people made of them', async () => {
    const first = [{ system: 'erp', ...row('TAX', 'FULL', 'S19') }, { system: 'erp', ...row('TAX', 'HALF', 'S7') }];
    expect(await putFirstMappings(tools, first)).toBe(2);
    await setCodeMapping(tools, request(), { system: 'erp', kind: 'TAX', ours: 'FULL', theirs: 'S20' }, false);
    expect(await putFirstMappings(tools, first)).toBe(0);
    expect((await readMappingsOfKind(world.database, 'erp', 'TAX')).map(({ ours, theirs, updatedBy }) => [ours, theirs, updatedBy])).toEqual([['FULL', 'S20', 'ops'], ['HALF', 'S7', 'ORDER_CODES_FILE']]);
  });

  it('overrule what is built in, and give way to it when they are taken back', async () => {
    const builtIn = builtInMappings({ useSandbox: true, SANDBOX_URL: undefined, CONNECTIONS_FILE: undefined }, 'erp');
    const shown = async () => (await listMappings(world.database, { system: 'erp', kind: 'CHARGE', after: null, limit: 10 }, builtIn)).map(({ theirs }) => theirs);
    expect(await shown()).toEqual(['SRV-CHARGE']);
    await setCodeMapping(tools, request(), { system: 'erp', kind: 'CHARGE', ours: '*', theirs: 'FREIGHT' }, false);
    expect(await shown()).toEqual(['FREIGHT']);
    expect((await readMappings(world.database, 'erp', [{ kind: 'CHARGE', ours: 'ANY' }], builtIn)).map(({ theirs }) => theirs)).toEqual(['FREIGHT']);
    await removeCodeMapping(tools, request(), 'erp', { kind: 'CHARGE', ours: '*' });
    expect(await shown()).toEqual(['SRV-CHARGE']);
  });

  it('are set once per key, and audited with what was before', async () => {
    const key = request();
    const text = { system: 'erp', kind: 'PAYMENT' as const, ours: 'GIFT', theirs: 'voucher' };
    const [one, other] = await Promise.all([setCodeMapping(tools, key, text, false), setCodeMapping(tools, key, text, false)]);
    expect(other).toEqual(one);
    await expect(setCodeMapping(tools, key, { ...text, theirs: 'other' }, false)).rejects.toMatchObject({ userErrors: [{ code: 'CONFLICT', field: ['idempotencyKey'] }] });
    await setCodeMapping(tools, request(), { ...text, theirs: 'coupon' }, false);
    expect((await readAudit(world.database, 'orders', 'erp PAYMENT GIFT')).map(({ actor, detail }) => [actor, detail['before'], detail['after']])).toEqual([
      ['ops', null, { theirs: 'voucher' }], ['ops', { theirs: 'voucher' }, { theirs: 'coupon' }],
    ]);
    await expect(setCodeMapping(tools, request(), { ...text, theirs: '4111111111111111' }, false)).rejects.toMatchObject({ userErrors: [{ code: 'INVALID_INPUT' }] });
  });

  it('let the orders go that waited for them', async () => {
    const place = createPlaceOrder(tools, QUICK);
    const placed = (await place(basket(), scopeOf())).order!;
    await world.database.run(`update orders.sales_order set payments = $2 where id = $1`, [placed.id, JSON.stringify([{ methodCode: 'CARD', kind: 'AUTHORISED', amount: placed.total, reference: 'r' }])]);
    const submission = { ...tools, signal: new AbortController().signal };
    await submitOrder(submission, { orderId: placed.id, attempt: 0 });
    expect(await readOrder(world.database, placed.id)).toMatchObject({
      state: 'NEEDS_ATTENTION', attentionCode: 'UNMAPPED_CODE', attentionDetail: [{ kind: 'PAYMENT', ours: 'CARD' }], attention: expect.stringContaining('setCodeMapping(kind: PAYMENT, ours: "CARD"'),
    });
    expect(world.erp.documents).toEqual([]);
    expect(await setCodeMapping(tools, request(), { system: 'erp', kind: 'PAYMENT', ours: 'OTHER', theirs: 'x' }, true)).toMatchObject({ ordersWaiting: 0, ordersRetried: 0 });
    expect(await setCodeMapping(tools, request(), { system: 'erp', kind: 'PAYMENT', ours: 'CARD', theirs: 'stripe' }, false)).toMatchObject({ ordersWaiting: 1, ordersRetried: 0 });
    expect(await setCodeMapping(tools, request(), { system: 'erp', kind: 'PAYMENT', ours: 'CARD', theirs: 'stripe' }, true)).toMatchObject({ ordersWaiting: 0, ordersRetried: 1 });
    expect(await readOrder(world.database, placed.id)).toMatchObject({ state: 'RECEIVED', submission: 'PENDING', attention: null });
    await submitOrder(submission, { orderId: placed.id, attempt: 0 });
    expect(await readOrder(world.database, placed.id)).toMatchObject({ state: 'ACCEPTED_BY_ERP', submission: 'DONE' });
  });
});
