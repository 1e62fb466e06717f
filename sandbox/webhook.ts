import { request } from 'undici';
import type { Log } from '../platform/log.ts';
import type { Engine } from './engine/engine.ts';

const MODELS: Readonly<Record<string, string>> = {
  quant: 'stock.quant', picking: 'stock.picking', order: 'sale.order', 'credit-memo': 'account.move', 'price-rule': 'product.pricelist.item',
  'price-list': 'product.pricelist', 'currency-rate': 'res.currency.rate', tax: 'account.tax', category: 'product.category', variant: 'product.product', item: 'product.template',
};

/** Odoo's server action webhook: unsigned, one second to answer, failures only logged, nothing repeated. */
export function startWebhook(engine: Engine, url: string, log: Log): () => void {
  return engine.onChange((changes) => {
    const told = new Set<string>();
    for (const { table, id } of changes) {
      const model = MODELS[table];
      const body = JSON.stringify({ _model: model, _id: id, _action: 'Send Webhook Notification' });
      if (model === undefined || told.has(body)) continue;
      told.add(body);
      void post(url, body, log);
    }
  });
}

async function post(url: string, body: string, log: Log): Promise<void> {
  try {
    const { body: answer } = await request(url, { method: 'POST', body, headers: { 'content-type': 'application/json' }, signal: AbortSignal.timeout(1000) });
    await answer.dump();
  } catch (error) {
    log.warn({ url, error: error instanceof Error ? error.message : String(error) }, 'the webhook was not taken; it is not sent again');
  }
}
