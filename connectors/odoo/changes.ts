import { timingSafeEqual } from 'node:crypto';
import type { ChangeHint, ChangePort, FlowName } from '../../domain/connector.ts';
import { Failure, invalidInput } from '../../domain/failure.ts';
import type { OdooSettings } from './settings.ts';

/** Which flows to look at again when a record of this model was written. */
const FLOWS_BY_MODEL: Readonly<Record<string, readonly FlowName[]>> = {
  'product.product': ['items', 'prices'],
  'product.template': ['items', 'prices'],
  // A list that is deleted takes its rules along.
  'product.pricelist': ['priceLists', 'priceRules'],
  'product.pricelist.item': ['priceRules'],
  'product.category': ['items', 'prices', 'priceRules'],
  'res.currency.rate': ['currencyRates'],
  'account.tax': ['taxRates'],
  'stock.quant': ['stock'],
  'stock.move': ['stock', 'receipts'],
  'stock.picking': ['shipments', 'stock'],
  'stock.warehouse': ['locations', 'stock'],
  'purchase.order': ['receipts'],
  'purchase.order.line': ['receipts'],
  'res.partner': ['customers'],
  'stock.move.line': ['shipments'],
  'account.move': ['creditMemos'],
  'sale.order': ['orders'],
  'sale.order.line': ['orders'],
};

/**
 * Odoo's server action "Send Webhook Notification": `{_model, _id, _action, …chosen fields}`, unsigned, one second of
 * patience, failures only logged. So: a hint at most. The token travels in the URL (`?token=`), which the receiver hands
 * on as the pseudo header `:path`; a proxy may send it as `x-webhook-token` instead.
 */
export function changePort({ webhookToken }: Pick<OdooSettings, 'webhookToken'>): ChangePort {
  return {
    decodeWebhook: (headers, rawBody) => {
      if (webhookToken !== undefined && !sameText(tokenOf(headers), webhookToken)) {
        throw new Failure('UNAUTHENTICATED', 'the webhook token is missing or wrong');
      }
      return hintsOf(parse(rawBody));
    },
  };
}

function hintsOf(body: Record<string, unknown>): readonly ChangeHint[] {
  const flows = typeof body['_model'] === 'string' ? FLOWS_BY_MODEL[body['_model']] : undefined;
  if (flows === undefined) throw invalidInput(['_model'], `no flow reads ${JSON.stringify(body['_model'])}`);
  const code = body['default_code'];
  // A row id is no key of ours; the SKU is there only where the action was told to send it.
  const keys = typeof code === 'string' && code !== '' ? [code] : [];
  return flows.map((flow) => ({ flow, keys }));
}

function parse(rawBody: Uint8Array): Record<string, unknown> {
  try {
    const body = JSON.parse(new TextDecoder().decode(rawBody)) as unknown;
    if (typeof body === 'object' && body !== null) return body as Record<string, unknown>;
  } catch {
    // Refused below: whatever it was, it was no JSON object.
  }
  throw invalidInput(['body'], 'a webhook body is a JSON object');
}

const tokenOf = (headers: Readonly<Record<string, string | undefined>>): string =>
  headers['x-webhook-token'] ?? new URL(headers[':path'] ?? '/', 'http://webhook.invalid').searchParams.get('token') ?? '';

function sameText(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}
