import { createServer, request, type Server } from 'node:http';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePorts } from '../../../support/deployment.ts';
import type { RealOdoo } from '../../../support/real-odoo.ts';
import { createRandom, type Random } from '../../world/random.ts';
import type { ErpWitness } from './erp-witness.ts';

/**
 * A real Odoo behind a proxy that loses requests and answers. What it holds of other orders stays out of sight: only documents
 * made since it was opened are told of.
 */
export async function startOdooWitness(odoo: RealOdoo): Promise<ErpWitness> {
  const [port] = (await freePorts(1)) as [number];
  const state: { kind: 'NONE' | 'FLAKY' | 'DOWN'; random: Random } = { kind: 'NONE', random: createRandom(1) };
  const proxy = await startProxy(odoo.url, port, () => (state.kind === 'NONE' ? null : state.kind === 'DOWN' ? 'BEFORE' : lossOf(state.random)));
  const directory = mkdtempSync(join(tmpdir(), 'ucg-odoo-proof-'));
  const file = join(directory, 'connections.json');
  writeFileSync(file, JSON.stringify({ connections: { erp: { vendor: 'odoo', url: `http://127.0.0.1:${port}`, database: odoo.database, login: 'bot', apiKey: { env: 'ODOO_KEY' } } } }));
  const [newest] = await odoo.call<{ id: number }[]>('sale.order', 'search_read', { domain: [], fields: ['id'], order: 'id desc', limit: 1 });
  return {
    env: { CONNECTIONS_FILE: file, ODOO_KEY: odoo.apiKey },
    stockUp: (skus) => stockUp(odoo, skus),
    documents: async () => {
      const domain = [['id', '>', newest?.id ?? 0], ['client_order_ref', '!=', false]];
      const orders = await odoo.call<{ client_order_ref: string; state: string }[]>('sale.order', 'search_read', { domain, fields: ['client_order_ref', 'state'] });
      return new Map([...Map.groupBy(orders, (order) => order.client_order_ref)].map(([reference, documents]) => [reference, documents.map((document) => document.state)]));
    },
    trouble: async (kind, seed) => void Object.assign(state, { kind, random: createRandom(seed) }),
    kill: null,
    stop: async () => {
      proxy.closeAllConnections();
      await new Promise((done) => proxy.close(done));
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

type Loss = 'BEFORE' | 'AFTER' | 'CUT' | null;

const lossOf = (random: Random): Loss => (random.chance(0.05) ? 'BEFORE' : random.chance(0.05) ? 'AFTER' : random.chance(0.02) ? 'CUT' : null);

/** BEFORE: Odoo never hears of it. AFTER: it does, and nobody hears of its answer. CUT: half of the answer arrives. */
function startProxy(target: string, port: number, loss: () => Loss): Promise<Server> {
  const proxy = createServer((incoming, answer) => {
    const lost = loss();
    if (lost === 'BEFORE') return void incoming.socket.destroy();
    const { method, headers } = incoming;
    const onward = request(new URL(incoming.url ?? '/', target), { ...(method !== undefined && { method }), headers: { ...headers, host: new URL(target).host } }, (given) => {
      const parts: Buffer[] = [];
      given.on('data', (part: Buffer) => parts.push(part));
      given.on('end', () => {
        if (lost === 'AFTER') return void incoming.socket.destroy();
        const body = Buffer.concat(parts);
        const { 'content-length': _length, 'transfer-encoding': _encoding, connection: _connection, ...rest } = given.headers;
        answer.writeHead(given.statusCode ?? 502, rest).end(lost === 'CUT' ? body.subarray(0, body.length / 2) : body);
      });
    });
    onward.on('error', () => incoming.socket.destroy());
    incoming.pipe(onward);
  });
  return new Promise((done) => proxy.listen(port, '127.0.0.1', () => done(proxy)));
}

const PLENTY = 100_000;

/** As a person counts stock: the quantity found, then applied. */
async function stockUp(odoo: RealOdoo, skus: readonly string[]): Promise<void> {
  const products = await odoo.call<{ id: number }[]>('product.product', 'search_read', { domain: [['default_code', 'in', skus]], fields: ['id'] });
  const [warehouse] = await odoo.call<{ lot_stock_id: [number, string] }[]>('stock.warehouse', 'search_read', { domain: [], fields: ['lot_stock_id'], order: 'id', limit: 1 });
  for (const { id } of products) {
    const [quant] = await odoo.call<number[]>('stock.quant', 'create', { vals_list: [{ product_id: id, location_id: warehouse!.lot_stock_id[0], inventory_quantity: PLENTY }], context: { inventory_mode: true } });
    await odoo.call('stock.quant', 'action_apply_inventory', { ids: [quant] });
  }
}
