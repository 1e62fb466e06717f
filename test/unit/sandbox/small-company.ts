import { manualClock } from '../../../platform/clock.ts';
import { silentLog } from '../../../platform/log.ts';
import type { SandboxSeed } from '../../../sandbox/engine/engine.ts';
import type { ErpSeed } from '../../../sandbox/engine/seed-types.ts';
import { startSandbox, type Sandbox } from '../../../sandbox/server.ts';

/** A company small enough to check by hand: two warehouses, a shirt in two sizes, a mug, a service. */
export const smallCompany: ErpSeed = {
  company: { name: 'Small Ltd', currency: 'USD', country: 'US' },
  currencies: [{ code: 'USD', name: 'US Dollar', symbol: '$', perCompanyCurrency: '1' }, { code: 'EUR', name: 'Euro', symbol: '€', perCompanyCurrency: '0.5' }],
  countries: [{ code: 'US', name: 'United States' }],
  taxPercent: '10',
  paymentTerm: { name: 'Net 30', days: 30 },
  units: [{ code: 'unit', name: 'Units', rounding: '0.01' }],
  categories: [{ name: 'Goods' }, { name: 'Clothes', parent: 'Goods' }],
  attributes: [{ name: 'Size', values: ['S', 'M'] }],
  locations: [{ code: 'MAIN', name: 'Main' }, { code: 'EAST', name: 'East' }],
  items: [
    {
      code: 'TEE', name: 'Shirt', category: 'Clothes', unit: 'unit', kind: 'goods', listPrice: '20', cost: '8', sellable: true, active: true,
      variants: [{ sku: 'TEE-S', barcode: '2000000000015', options: { Size: 'S' } }, { sku: 'TEE-M', barcode: null, options: { Size: 'M' }, listPrice: '22' }],
    },
    { code: 'MUG', name: 'Mug', category: 'Goods', unit: 'unit', kind: 'goods', listPrice: '12.50', cost: '4', sellable: true, active: true, variants: [{ sku: 'MUG', barcode: null, options: {} }] },
    { code: 'SETUP', name: 'Set-up', category: 'Goods', unit: 'unit', kind: 'service', listPrice: '95', cost: '0', sellable: true, active: true, variants: [{ sku: 'SETUP', barcode: null, options: {} }] },
  ],
  stock: [{ sku: 'MUG', location: 'MAIN', onHand: '10' }, { sku: 'MUG', location: 'EAST', onHand: '2.5' }, { sku: 'TEE-S', location: 'MAIN', onHand: '3' }],
  vendors: [{ code: 'V-1', name: 'Potter', email: null }],
  purchaseOrders: [{ reference: 'PO-1', vendor: 'V-1', lines: [{ sku: 'MUG', location: 'MAIN', quantity: '50', received: '20', due: { inDays: 7 } }] }],
  priceLists: [
    { code: 'TRADE', name: 'Trade', currency: 'USD', rules: [{ minQuantity: '10', price: { kind: 'percentage', percentOff: '10' } }, { appliesTo: { sku: 'MUG' }, minQuantity: '24', price: { kind: 'fixed', amount: '9.99' } }] },
    { code: 'EURO', name: 'Euro', currency: 'EUR', rules: [{ appliesTo: { category: 'Goods' }, price: { kind: 'formula', base: 'cost', percentOff: '-50', roundTo: '0.05', surcharge: '-0.01' } }] },
    { code: 'OVER', name: 'Over trade', currency: 'USD', rules: [{ price: { kind: 'formula', base: { priceList: 'TRADE' }, surcharge: '1' } }] },
  ],
  customers: [{
    code: 'C-1', name: 'Trader', email: 'trader@example.com', kind: 'company', priceList: 'TRADE', creditLimit: '500',
    address: { street: '1 Road', postalCode: '10001', city: 'Town', country: 'US' }, deliveryAddresses: [{ name: 'Dock', street: '2 Quay', postalCode: '10002', city: 'Port', country: 'US' }],
  }],
};

export const startedAtMs = Date.parse('2026-03-10T10:00:00Z');

/** The vendors in memory on a free port, with a clock that stands still. */
export async function openSandbox(seed: SandboxSeed = { erp: smallCompany }): Promise<Sandbox & { readonly clock: ReturnType<typeof manualClock> }> {
  const clock = manualClock(startedAtMs);
  const sandbox = await startSandbox({ port: 0, host: '127.0.0.1', dataDir: null, log: silentLog, clock, seed });
  return Object.assign(sandbox, { clock });
}

/** One /json/2 call; the status and the parsed body (the text where it is not JSON). */
export async function callJson2(url: string, model: string, method: string, body: object = {}): Promise<{ readonly status: number; readonly body: unknown }> {
  const answer = await fetch(`${url}/json/2/${model}/${method}`, {
    method: 'POST', body: JSON.stringify(body),
    headers: { 'content-type': 'application/json', authorization: 'bearer sandbox-api-key', 'x-odoo-database': 'sandbox' },
  });
  const text = await answer.text();
  return { status: answer.status, body: text.startsWith('<') ? text : JSON.parse(text) };
}
