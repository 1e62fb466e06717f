import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createFaults } from '../../../sandbox/faults.ts';
import { openSandbox, smallCompany } from './small-company.ts';

let sandbox: Awaited<ReturnType<typeof openSandbox>>;
beforeAll(async () => void (sandbox = await openSandbox()));
afterAll(() => sandbox.close());
beforeEach(() => {
  sandbox.faults.clear();
  sandbox.calls.clear();
  sandbox.engine.reset({ erp: smallCompany });
});

const post = (model: string, method: string, body: object, signal?: AbortSignal) =>
  fetch(`${sandbox.url}/json/2/${model}/${method}`, {
    method: 'POST', body: JSON.stringify(body), headers: { authorization: 'bearer sandbox-api-key', 'x-odoo-database': 'sandbox' }, ...(signal !== undefined && { signal }),
  });
const place = (signal?: AbortSignal) => post('sale.order', 'create', { vals_list: [{ partner_id: 3, client_order_ref: 'F-1' }] }, signal);
const orders = (): number => sandbox.engine.erp.tables.orders.size;

describe('fault knobs', () => {
  it('answers 429 with Retry-After as often as asked, then works', async () => {
    sandbox.faults.add({ kind: 'status', status: 429, retryAfterSeconds: 2, times: 1, match: { model: 'sale.order', method: 'create' } });
    const limited = await place();
    expect([limited.status, limited.headers.get('retry-after'), orders()]).toEqual([429, '2', 0]);
    expect((await place()).status).toBe(200);
  });

  it('drops the connection after the order is there', async () => {
    sandbox.faults.add({ kind: 'dropAfterProcessing', times: 1 });
    await expect(place()).rejects.toThrow();
    expect(orders()).toBe(1);
  });

  it('drops the connection before anything happened', async () => {
    sandbox.faults.add({ kind: 'dropBefore', times: 1 });
    await expect(place()).rejects.toThrow();
    expect(orders()).toBe(0);
  });

  it.each([['timeout', 0], ['timeoutAfterProcessing', 1]] as const)('%s never answers and leaves %i orders', async (kind, expected) => {
    sandbox.faults.add({ kind, times: 1 });
    const stop = new AbortController();
    const silent = place(stop.signal);
    while (sandbox.calls.get('odoo sale.order.create') !== 1 || orders() !== expected) await new Promise(setImmediate);
    stop.abort();
    await expect(silent).rejects.toThrow();
    expect(orders()).toBe(expected);
  });

  it('breaks the body, or answers with a proxy page', async () => {
    sandbox.faults.add({ kind: 'malformed', times: 1 });
    await expect(place().then((answer) => answer.json())).rejects.toThrow(SyntaxError);
    sandbox.faults.add({ kind: 'html', times: 1 });
    const page = await place();
    expect([page.status, page.headers.get('content-type')]).toEqual([502, 'text/html; charset=utf-8']);
  });

  it('draws the same calls from the same seed, in the share asked for', () => {
    const target = { face: 'odoo', model: 'sale.order', method: 'create', path: '/json/2/sale.order/create' } as const;
    const draw = (): boolean[] => {
      const faults = createFaults();
      faults.add({ kind: 'dropBefore', probability: 0.3, seed: 42 });
      return Array.from({ length: 1000 }, () => faults.take(target) !== null);
    };
    const hits = draw();
    expect(draw()).toEqual(hits);
    expect(hits.filter(Boolean).length).toBeGreaterThan(250);
    expect(hits.filter(Boolean).length).toBeLessThan(350);
  });

  it('matches by face, method and the beginning of a path', () => {
    const faults = createFaults();
    faults.add({ kind: 'timeout', match: { face: 'akeneo', path: '/akeneo/api/rest/*' } });
    expect(faults.take({ face: 'odoo', model: '', method: 'GET', path: '/akeneo/api/rest/v1/x' })).toBeNull();
    expect(faults.take({ face: 'akeneo', model: '', method: 'GET', path: '/akeneo/api/rest/v1/x' })).not.toBeNull();
  });
});

describe('control', () => {
  const control = async (method: string, path: string, body?: object) => {
    const answer = await fetch(`${sandbox.url}/sandbox${path}`, { method, ...(body !== undefined && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }) });
    return { status: answer.status, body: (await answer.json()) as unknown };
  };

  it('is never hit by a fault and counts the vendors calls only', async () => {
    sandbox.faults.add({ kind: 'dropBefore' });
    await expect(place()).rejects.toThrow();
    expect(await control('GET', '/calls')).toEqual({ status: 200, body: { 'odoo sale.order.create': 1 } });
  });

  it('runs commands and refuses with a sentence', async () => {
    expect((await control('POST', '/commands/receive-goods', { sku: 'MUG', quantity: '1', location: 'EAST' })).body).toMatchObject({ onHand: '3.5' });
    expect(await control('POST', '/commands/receive-goods', { sku: 'MUG', quantity: '1', location: 'NOPE' })).toEqual({ status: 404, body: { error: 'There is no location "NOPE". Known: MAIN, EAST' } });
    expect((await control('POST', '/commands/set-stock', { sku: 'MUG', quantity: 'many' })).body).toEqual({ error: 'quantity must be a decimal number, got "many"' });
  });

  it('sets and clears knobs, refusing what is no fault', async () => {
    expect((await control('PUT', '/faults', { kind: 'latency', latencyMs: 5, times: 1 })).body).toMatchObject([{ hits: 0, rule: { kind: 'latency' } }]);
    expect((await control('PUT', '/faults', { kind: 'gremlin' })).status).toBe(422);
    expect((await control('DELETE', '/faults')).body).toEqual([]);
  });

  it('lists orders by reference for assertions', async () => {
    await place();
    expect((await control('GET', '/orders?reference=F-1')).body).toMatchObject([{ name: 'S00001', client_order_ref: 'F-1', state: 'draft', lines: [] }]);
  });
});
