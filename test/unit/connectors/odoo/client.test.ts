import { afterEach, describe, expect, it } from 'vitest';
import { OdooClient } from '../../../../connectors/odoo/client.ts';
import { odooSettings } from '../../../../connectors/odoo/settings.ts';
import { systemClock } from '../../../../platform/clock.ts';
import { silentLog } from '../../../../platform/log.ts';
import { call, startFakeVendor, type FakeAnswer, type FakeVendor, type SeenRequest } from '../fake-vendor.ts';

const KEY = 'key-0123456789abcdef';
const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

async function open(protocol: 'json2' | 'jsonrpc', answer: (request: SeenRequest, count: number) => FakeAnswer): Promise<{ client: OdooClient; vendor: FakeVendor; logged: string[] }> {
  const vendor = await startFakeVendor(answer);
  const logged: string[] = [];
  const log = { ...silentLog, debug: (fields: object) => void logged.push(JSON.stringify(fields)) };
  const settings = odooSettings.parse({ url: vendor.url, database: 'db', protocol, login: 'bot', apiKey: KEY, companyId: 7, attempts: 2 });
  const client = new OdooClient({ name: 'erp', settings, log, clock: systemClock });
  stops.push(() => client.close(), () => vendor.close());
  return { client, vendor, logged };
}

const read = { model: 'sale.order', method: 'search_read', args: { domain: [], fields: ['name'] } };
const loggedIn = (rest: (request: SeenRequest) => FakeAnswer) => (request: SeenRequest): FakeAnswer =>
  JSON.stringify(request.body).includes('authenticate') ? { body: { jsonrpc: '2.0', result: 5 } } : rest(request);

describe('the wire of json2', () => {
  it('names model and method in the path, the key in a header, arguments in the body', async () => {
    const { client, vendor } = await open('json2', () => ({ body: [{ id: 1 }] }));
    expect(await client.read(read, call())).toEqual([{ id: 1 }]);
    expect(vendor.seen).toMatchObject([{
      method: 'POST', path: '/json/2/sale.order/search_read',
      headers: { authorization: `bearer ${KEY}`, 'x-odoo-database': 'db' },
      body: { domain: [], fields: ['name'], context: { allowed_company_ids: [7] } },
    }]);
  });

  it.each([
    [401, { name: 'werkzeug.exceptions.Unauthorized', message: 'Invalid apikey' }, 'MISCONFIGURED'],
    [403, { name: 'odoo.exceptions.AccessError', message: 'no rights' }, 'UPSTREAM_REJECTED'],
    [404, { name: 'werkzeug.exceptions.NotFound', message: 'the model does not exist' }, 'UNSUPPORTED'],
    [404, '<html>', 'MISCONFIGURED'],
    [404, { name: 'odoo.exceptions.MissingError', message: 'gone' }, 'UPSTREAM_REJECTED'],
    [422, { name: 'odoo.exceptions.UserError', message: 'no' }, 'UPSTREAM_REJECTED'],
    [500, { name: 'builtins.ValueError', message: 'Expected singleton' }, 'UPSTREAM_REJECTED'],
    [500, { name: 'psycopg2.errors.SerializationFailure', message: 'again' }, 'UPSTREAM_UNAVAILABLE'],
    [503, '', 'UPSTREAM_UNAVAILABLE'],
    [200, '<html>', 'UPSTREAM_MALFORMED'],
  ])('%i %j is %s', async (status, body, code) => {
    const { client } = await open('json2', () => ({ status, body }));
    await expect(client.read(read, call())).rejects.toMatchObject({ code, system: 'erp' });
  });

  it('is told to slow down and waits as long as it is told', async () => {
    const { client, vendor } = await open('json2', (_request, count) => (count === 1 ? { status: 429, headers: { 'retry-after': '0' }, body: '' } : { body: [] }));
    expect(await client.read(read, call())).toEqual([]);
    expect(vendor.seen).toHaveLength(2);
  });

  it('repeats reads after silence, never writes', async () => {
    const { client, vendor } = await open('json2', () => ({ status: 503, body: '' }));
    await expect(client.read(read, call())).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' });
    expect(vendor.seen).toHaveLength(2);
    await expect(client.write({ model: 'sale.order', method: 'create', args: { vals_list: [{}] } }, call())).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' });
    expect(vendor.seen).toHaveLength(3);
  });
});

describe('the wire of jsonrpc', () => {
  it('logs in once and passes ids and created values by position', async () => {
    const { client, vendor } = await open('jsonrpc', loggedIn(() => ({ body: { jsonrpc: '2.0', result: [9] } })));
    await client.write({ model: 'sale.order', method: 'create', args: { vals_list: [{ note: 'x' }] } }, call());
    await client.write({ model: 'sale.order', method: 'action_confirm', ids: [9] }, call());
    const sent = vendor.seen.map(({ body }) => (body as { params: { method: string; args: unknown[] } }).params);
    const context = { allowed_company_ids: [7] };
    expect(sent).toMatchObject([
      { service: 'common', method: 'authenticate', args: ['db', 'bot', KEY, {}] },
      { method: 'execute_kw', args: ['db', 5, KEY, 'sale.order', 'create', [[{ note: 'x' }]], { context }] },
      { method: 'execute_kw', args: ['db', 5, KEY, 'sale.order', 'action_confirm', [[9]], { context }] },
    ]);
  });

  it('logs in again once when its user is refused', async () => {
    const denied = { jsonrpc: '2.0', error: { message: 'Odoo Server Error', data: { name: 'odoo.exceptions.AccessDenied', message: 'Access Denied' } } };
    let refused = 0;
    const { client, vendor } = await open('jsonrpc', loggedIn(() => ({ body: (refused += 1) === 1 ? denied : { jsonrpc: '2.0', result: true } })));
    expect(await client.read(read, call())).toBe(true);
    expect(vendor.seen).toHaveLength(4);
  });

  it('a wrong password is a configuration to mend', async () => {
    const { client } = await open('jsonrpc', () => ({ body: { jsonrpc: '2.0', result: false } }));
    await expect(client.read(read, call())).rejects.toMatchObject({ code: 'MISCONFIGURED', field: ['apiKey'] });
  });

  it('an error inside a 200 is an error', async () => {
    const data = { name: 'odoo.exceptions.UserError', message: 'not in a state requiring confirmation' };
    const { client } = await open('jsonrpc', loggedIn(() => ({ body: { jsonrpc: '2.0', error: { message: 'Odoo Server Error', data } } })));
    await expect(client.read(read, call())).rejects.toMatchObject({ code: 'UPSTREAM_REJECTED', message: data.message, vendorCode: data.name });
  });
});

describe('transcripts', () => {
  it.each(['json2', 'jsonrpc'] as const)('of %s hold no key', async (protocol) => {
    const { client, logged } = await open(protocol, loggedIn(() => ({ body: protocol === 'json2' ? [KEY] : { jsonrpc: '2.0', result: [KEY] } })));
    await client.read(read, call());
    expect(logged.length).toBeGreaterThan(0);
    expect(logged.join('\n')).not.toContain(KEY);
  });
});
