import { afterEach, describe, expect, it } from 'vitest';
import { AkeneoClient } from '../../../connectors/akeneo/client.ts';
import { akeneoSettings } from '../../../connectors/akeneo/settings.ts';
import { OdooClient } from '../../../connectors/odoo/client.ts';
import { odooSettings } from '../../../connectors/odoo/settings.ts';
import type { BudgetLimits, CallBudgets } from '../../../platform/call/budget.ts';
import { createMemoryBudgets } from '../../../platform/call/budgets.ts';
import { manualClock, systemClock } from '../../../platform/clock.ts';
import { silentLog } from '../../../platform/log.ts';
import { call, startFakeVendor, type FakeAnswer, type FakeVendor, type SeenRequest } from './fake-vendor.ts';

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

/** Budgets that remember what they were asked for. */
function counting(): { budgets: CallBudgets; lanes: (string | undefined)[]; opened: [unknown, BudgetLimits][] } {
  const lanes: (string | undefined)[] = [];
  const opened: [unknown, BudgetLimits][] = [];
  const inner = createMemoryBudgets({ clock: systemClock });
  const open: CallBudgets['open'] = (name, limits, maxQueued) => {
    opened.push([name, limits]);
    const budget = inner.open(name, limits, maxQueued);
    return { take: (request) => (lanes.push(request.lane), budget.take(request)) };
  };
  return { budgets: { ...inner, open }, lanes, opened };
}

async function vendorThat(answer: (request: SeenRequest, count: number) => FakeAnswer): Promise<FakeVendor> {
  const vendor = await startFakeVendor(answer);
  stops.push(() => vendor.close());
  return vendor;
}

const READ = { model: 'res.company', method: 'search_count', args: { domain: [] } };
const odoo = (vendor: FakeVendor, budgets: CallBudgets, rest: object = {}): OdooClient => {
  const settings = odooSettings.parse({ url: vendor.url, database: 'db', protocol: 'jsonrpc', login: 'bot', apiKey: 'key', attempts: 2, requestsPerMinute: 30, ...rest });
  const client = new OdooClient({ name: 'erp', settings, log: silentLog, clock: systemClock, budgets });
  stops.push(() => client.close());
  return client;
};

describe('every request a vendor gets is counted', () => {
  it('of Odoo: logins, repeated attempts and all; the login in the first lane', async () => {
    const { budgets, lanes, opened } = counting();
    let reads = 0;
    const vendor = await vendorThat(({ body }) => {
      if (JSON.stringify(body).includes('authenticate')) return { body: { jsonrpc: '2.0', result: 5 } };
      reads += 1;
      if (reads === 1) return { status: 503, body: '' };
      if (reads === 2) return { body: { error: { message: 'denied', data: { name: 'odoo.exceptions.AccessDenied', message: 'denied' } } } };
      return { body: { jsonrpc: '2.0', result: 1 } };
    });
    expect(await odoo(vendor, budgets).read(READ, { ...call(), lane: 'FEED' })).toBe(1);
    expect(lanes).toEqual(['CHECKOUT', 'FEED', 'FEED', 'CHECKOUT', 'FEED']);
    expect(vendor.seen).toHaveLength(lanes.length);
    expect(opened).toEqual([[{ source: 'erp', address: `${vendor.url} db` }, { maxConcurrency: 8, requestsPerMinute: 30, callTimeoutMs: 10_000 }]]);
  });

  it('of Akeneo: tokens, and the second try with a new one', async () => {
    const { budgets, lanes } = counting();
    let gets = 0;
    const vendor = await vendorThat(({ path }) => {
      if (path.startsWith('/api/oauth')) return { body: { access_token: 't', refresh_token: 'r', expires_in: 3_600 } };
      return (gets += 1) === 1 ? { status: 401, body: {} } : { body: { ok: true } };
    });
    const settings = akeneoSettings.parse({ url: vendor.url, clientId: 'c', secret: 'sssss', username: 'u', password: 'ppppp' });
    const client = new AkeneoClient({ name: 'pim', settings, log: silentLog, clock: systemClock, budgets });
    stops.push(() => client.close());
    expect((await client.read('/api/rest/v1/channels/a', { ...call(), lane: 'FEED' })).value).toEqual({ ok: true });
    expect(lanes).toEqual(['CHECKOUT', 'FEED', 'CHECKOUT', 'FEED']);
    expect(vendor.seen).toHaveLength(lanes.length);
  });

  it('and what the budget has no room for is refused as retryable, with when, and certainly not sent', async () => {
    const vendor = await vendorThat(() => ({ body: 1 }));
    const budgets = createMemoryBudgets({ clock: manualClock(systemClock.now()) });
    const client = odoo(vendor, budgets, { protocol: 'json2', requestsPerMinute: 1 });
    expect(await client.read(READ, call())).toBe(1);
    await expect(client.read(READ, call())).rejects.toMatchObject({ code: 'UPSTREAM_RATE_LIMITED', retryable: true, retryAfterMs: 61_000, unprocessed: true, system: 'erp' });
    expect(vendor.seen).toHaveLength(1);
  });
});
