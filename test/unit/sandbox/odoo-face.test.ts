import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { callJson2, openSandbox, smallCompany } from './small-company.ts';

let sandbox: Awaited<ReturnType<typeof openSandbox>>;
beforeAll(async () => void (sandbox = await openSandbox()));
afterAll(() => sandbox.close());
beforeEach(() => {
  sandbox.faults.clear();
  sandbox.engine.reset({ erp: smallCompany });
});

const call = (model: string, method: string, body: object = {}) => callJson2(sandbox.url, model, method, body);
const ids = async (domain: unknown[], model = 'product.product'): Promise<unknown> => (await call(model, 'search', { domain, order: 'id' })).body;
const idOf = async (sku: string): Promise<number> => (((await ids([['default_code', '=', sku]])) as number[])[0] ?? 0);
const rpc = async (params: object): Promise<Record<string, unknown>> => {
  const answer = await fetch(`${sandbox.url}/jsonrpc`, { method: 'POST', body: JSON.stringify({ jsonrpc: '2.0', method: 'call', id: 7, params }), headers: { 'content-type': 'application/json' } });
  expect(answer.status).toBe(200);
  return (await answer.json()) as Record<string, unknown>;
};
const execute = (...args: unknown[]) => rpc({ service: 'object', method: 'execute_kw', args: ['sandbox', 5, 'sandbox-api-key', ...args] });

describe('domains', () => {
  it.each([
    [[], [1, 2, 3, 4]],
    [[['default_code', 'ilike', 'tee']], [1, 2]],
    [[['default_code', '=like', 'TEE-_']], [1, 2]],
    [['|', ['default_code', '=', 'MUG'], '!', ['default_code', '!=', 'TEE-S']], [1, 3]],
    [['&', ['id', '>', 1], ['id', '<=', 3]], [2, 3]],
    [[['barcode', '=', false]], [2, 3, 4]],
    [[['barcode', '!=', false]], [1]],
    [[['default_code', 'not in', ['MUG']]], [1, 2, 4]],
    [[['categ_id', '=', 'Goods / Clothes']], [1, 2]],
    [[['categ_id', 'child_of', [1]]], [1, 2, 3, 4]],
    [[['categ_id', 'child_of', 2]], [1, 2]],
    [[['product_tmpl_id.categ_id.name', '=', 'Goods']], [3, 4]],
    [[['product_template_attribute_value_ids.name', '=', 'M']], [2]],
    [[['product_template_attribute_value_ids', '=', false]], [3, 4]],
    [[['qty_available', '>', 3]], [3]],
    [[['write_date', '>=', '2026-03-10 10:00:00']], [1, 2, 3, 4]],
    [[['write_date', '>', '2026-03-10 10:00:00']], []],
    [[['product_tmpl_id', 'any', [['name', '=', 'Shirt']]]], [1, 2]],
  ])('%j finds %j', async (domain, expected) => {
    expect(await ids(domain)).toEqual(expected);
  });

  it('hides archived records until they are asked for', async () => {
    sandbox.engine.execute('set-active', { sku: 'MUG', active: false });
    expect(await ids([])).toEqual([1, 2, 4]);
    expect(await ids([['active', 'in', [true, false]]])).toEqual([1, 2, 3, 4]);
  });

  it('pages in a stable order by write_date, id', async () => {
    sandbox.clock.advance(1500);
    sandbox.engine.execute('set-active', { sku: 'TEE-S', active: true });
    const page = (offset: number) => call('product.product', 'search', { domain: [], order: 'write_date,id', limit: 2, offset });
    expect([(await page(0)).body, (await page(2)).body]).toEqual([[2, 3], [4, 1]]);
  });
});

describe('/json/2', () => {
  it('writes values as Odoo does: false for empty, pairs for relations, UTC text for moments', async () => {
    const { body } = await call('product.product', 'read', { ids: [3], fields: ['barcode', 'product_tmpl_id', 'list_price', 'write_date', 'qty_available'], context: { warehouse_id: 2 } });
    expect(body).toEqual([{ id: 3, barcode: false, product_tmpl_id: [2, '[MUG] Mug'], list_price: 12.5, write_date: expect.stringMatching(/^2026-03-10 10:00:0\d$/), qty_available: 2.5 }]);
  });

  it('ignores the context key warehouse, as Odoo 19 does', async () => {
    const { body } = await call('product.product', 'read', { ids: [3], fields: ['free_qty'], context: { warehouse: 2 } });
    expect(body).toEqual([{ id: 3, free_qty: 12.5 }]);
  });

  it.each([
    ['product.product', 'search_read', { fields: ['nope'] }, 500, 'builtins.ValueError', "Invalid field 'nope' on 'product.product'"],
    ['product.product', 'search', { domain: [['nope', '=', 1]] }, 500, 'builtins.ValueError', "Invalid field product.product.nope in condition ('nope', '=', 1)"],
    ['nope', 'search', {}, 404, 'werkzeug.exceptions.NotFound', "the model 'nope' does not exist"],
    ['product.product', 'nope', {}, 404, 'werkzeug.exceptions.NotFound', "The method 'product.product.nope' does not exist"],
    ['product.product', '_nope', {}, 403, 'odoo.exceptions.AccessError', "Private methods (such as 'product.product._nope') cannot be called remotely."],
    ['product.product', 'search', {}, 422, 'werkzeug.exceptions.UnprocessableEntity', "missing a required argument: 'domain'"],
    ['product.product', 'get_contextual_price', { ids: [1, 2] }, 500, 'builtins.ValueError', 'Expected singleton: product.product(1, 2)'],
    ['sale.order', 'create', { vals_list: [{ partner_id: 2, nope: 1 }] }, 500, 'builtins.ValueError', "Invalid field 'nope' in 'sale.order'"],
    ['sale.order', 'action_confirm', { ids: [99] }, 404, 'odoo.exceptions.MissingError', 'Record does not exist or has been deleted.\n(Record: sale.order(99,), User: 5)'],
  ])('%s.%s %j answers %i', async (model, method, body, status, name, message) => {
    expect(await call(model, method, body)).toMatchObject({ status, body: { name, message } });
  });

  it('wants a key and a database', async () => {
    const post = (headers: Record<string, string>) => fetch(`${sandbox.url}/json/2/product.product/search`, { method: 'POST', headers, body: '{"domain":[]}' });
    expect((await post({ authorization: 'bearer wrong', 'x-odoo-database': 'sandbox' })).status).toBe(401);
    const lost = await post({ authorization: 'bearer sandbox-api-key' });
    expect([lost.status, lost.headers.get('content-type')]).toEqual([404, 'text/html; charset=utf-8']);
  });

  it('sells, ships in parts over the wire, and takes back', async () => {
    const product = await idOf('MUG');
    const partner = ((await ids([['ref', '=', 'C-1']], 'res.partner')) as number[])[0];
    const created = await call('sale.order', 'create', { vals_list: [{ partner_id: partner, client_order_ref: 'W-1', warehouse_id: 1, order_line: [[0, 0, { product_id: product, product_uom_qty: 10 }]] }] });
    expect(created.body).toEqual([1]);
    expect((await call('sale.order', 'action_confirm', { ids: [1] })).body).toBe(true);
    expect((await call('sale.order', 'action_confirm', { ids: [1] })).status).toBe(422);
    const [picking, move] = [((await ids([['sale_id', '=', 1]], 'stock.picking')) as number[])[0]!, ((await ids([['sale_line_id.order_id', '=', 1]], 'stock.move')) as number[])[0]!];
    await call('stock.move', 'write', { ids: [move], vals: { quantity: 4, picked: true } });
    const wizard = (await call('stock.picking', 'button_validate', { ids: [picking] })).body as { res_model: string; context: object };
    expect(wizard.res_model).toBe('stock.backorder.confirmation');
    const [form] = (await call('stock.backorder.confirmation', 'create', { vals_list: [{ pick_ids: [[4, picking]] }], context: wizard.context })).body as [number];
    expect((await call('stock.backorder.confirmation', 'process', { ids: [form], context: wizard.context })).body).toBe(true);
    expect((await call('sale.order', 'read', { ids: [1], fields: ['delivery_status', 'picking_ids', 'amount_total'] })).body).toEqual([{ id: 1, delivery_status: 'partial', picking_ids: [3, 2], amount_total: 123.75 }]);
    const context = { active_id: picking, active_ids: [picking], active_model: 'stock.picking' };
    const [back] = (await call('stock.return.picking', 'create', { vals_list: [{}], context })).body as [number];
    expect((await call('stock.return.picking', 'action_create_returns', { ids: [back] })).status).toBe(422);
    await call('stock.return.picking.line', 'write', { ids: await ids([['wizard_id', '=', back]], 'stock.return.picking.line'), vals: { quantity: 1 } });
    const action = (await call('stock.return.picking', 'action_create_returns', { ids: [back] })).body as { res_id: number };
    expect((await call('stock.picking', 'button_validate', { ids: [action.res_id] })).body).toBe(true);
    expect((await call('sale.order.line', 'read', { ids: [1], fields: ['qty_delivered'] })).body).toEqual([{ id: 1, qty_delivered: 3 }]);
  });

  it('reserves the same goods twice for confirmations that run at once', async () => {
    const product = await idOf('MUG');
    const orders = Array.from({ length: 8 }, () => ({ partner_id: 3, warehouse_id: 1, order_line: [[0, 0, { product_id: product, product_uom_qty: 2 }]] }));
    const made = (await call('sale.order', 'create', { vals_list: orders })).body as number[];
    await Promise.all(made.map((id) => call('sale.order', 'action_confirm', { ids: [id] })));
    const { body } = await call('product.product', 'read', { ids: [product], fields: ['free_qty'], context: { warehouse_id: 1 } });
    expect((body as [{ free_qty: number }])[0].free_qty).toBeLessThan(0);
  });
});

describe('/jsonrpc', () => {
  it('authenticates or says false', async () => {
    expect((await rpc({ service: 'common', method: 'authenticate', args: ['sandbox', 'bot', 'sandbox-api-key', {}] })).result).toBe(5);
    expect((await rpc({ service: 'common', method: 'authenticate', args: ['sandbox', 'bot', 'wrong', {}] })).result).toBe(false);
  });

  it('binds positional arguments, and gives one id for one dict', async () => {
    expect((await execute('product.product', 'search_read', [[['default_code', '=', 'MUG']], ['default_code']], { limit: 1 })).result).toEqual([{ id: 3, default_code: 'MUG' }]);
    expect((await execute('product.product', 'read', [[3], ['default_code']])).result).toEqual([{ id: 3, default_code: 'MUG' }]);
    expect((await execute('res.partner', 'create', [{ name: 'New' }])).result).toBe(5);
    expect((await execute('res.partner', 'create', [[{ name: 'Newer' }]])).result).toEqual([6]);
  });

  it('refuses inside a 200', async () => {
    expect(await execute('product.product', 'read', [[3], ['nope']])).toMatchObject({ error: { message: 'Odoo Server Error', data: { name: 'builtins.ValueError', message: "Invalid field 'nope' on 'product.product'" } } });
    expect(await execute('nope', 'read', [[3]])).toMatchObject({ error: { data: { name: 'odoo.exceptions.UserError' } } });
  });
});
