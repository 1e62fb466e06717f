import { Failure } from '../../../domain/failure.ts';
import type { Principal } from '../../../domain/principal.ts';
import type { RequestScope } from '../../frame/module.ts';
import type { OrderRecord } from '../records.ts';
import type { ReturnCase } from './records.ts';
import { record, type AdvanceTools } from './steps.ts';
import { countExchangeRefusal, writeExchangeOrder } from './store-writes.ts';

/** Acts in the name of whoever placed the order: the replacement is theirs as the order is. */
const inNameOf = ({ owner, channel }: OrderRecord): Principal => ({
  subject: owner, kind: 'SERVICE', scopes: ['checkout:write', 'order:read'], channel, customerNumber: null, companyNumber: null,
});

function scopeOf({ clock, config, signal }: AdvanceTools, order: OrderRecord): RequestScope {
  return {
    principal: inNameOf(order),
    shopping: { channel: order.channel, locale: null, currencyCode: order.currencyCode, companyLocation: order.companyLocation },
    signal,
    deadlineAtMs: clock.now() + config.REQUEST_DEADLINE_MS,
    traceparent: null,
  };
}

/**
 * Places the order that replaces the goods, as any order is placed, under a key of the return's: however often this runs there
 * is one. A refusal is its key's answer for ever, so the next try takes the next key. @throws Failure
 */
export async function placeExchange(tools: AdvanceTools, found: ReturnCase, order: OrderRecord): Promise<void> {
  const { rma } = found;
  const { customerNumber, contact, shipTo } = order;
  const outcome = await tools.placeOrder(
    {
      idempotencyKey: `exchange:${rma.number}:${rma.exchangeRefusals}`, customerNumber, contact, shipTo, lines: rma.exchangeLines,
      note: `Exchange for return ${rma.number} of order ${order.number}`,
    },
    scopeOf(tools, order),
  );
  const placed = outcome.order;
  if (placed) {
    await record(tools, found, { source: 'graph', told: { told: `replaced by order ${placed.number}` } }, (tx) => writeExchangeOrder(tx, rma.id, placed.id));
    return;
  }
  const why = outcome.userErrors.map(({ message }) => message).join('; ');
  if (outcome.userErrors.some(({ retryable }) => retryable)) throw new Failure('UPSTREAM_UNAVAILABLE', why);
  await record(tools, found, { source: 'graph', told: null }, (tx) => countExchangeRefusal(tx, rma.id));
  throw new Failure('UPSTREAM_REJECTED', `the replacement could not be ordered: ${why}`);
}
