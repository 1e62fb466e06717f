import { randomUUID } from 'node:crypto';
import { decimal } from '../../../../domain/decimal.ts';
import { globalId } from '../../../../domain/ids.ts';
import { instant } from '../../../../domain/time.ts';
import { createPlaceOrder } from '../../../../subgraphs/orders/placing/place-order.ts';
import { recordErpOrders } from '../../../../subgraphs/orders/following/store-erp-orders.ts';
import { recordShipments } from '../../../../subgraphs/orders/following/store-shipments.ts';
import type { OrderRecord } from '../../../../subgraphs/orders/records.ts';
import { readOrder } from '../../../../subgraphs/orders/reading/store-reads.ts';
import { advanceReturn } from '../../../../subgraphs/orders/returns/advance-return.ts';
import type { ReturnOutcome } from '../../../../subgraphs/orders/returns/keyed-request.ts';
import { DEFAULT_POLICY, type ReturnPolicy } from '../../../../subgraphs/orders/returns/policy.ts';
import { LANES, type ReturnCase } from '../../../../subgraphs/orders/returns/records.ts';
import { requestReturn, type ReturnRequestText } from '../../../../subgraphs/orders/returns/request-return.ts';
import { readCase } from '../../../../subgraphs/orders/returns/store-cases.ts';
import type { AdvanceTools } from '../../../../subgraphs/orders/returns/steps.ts';
import { submitOrder } from '../../../../subgraphs/orders/submission/submit-order.ts';
import type { Database } from '../../../../platform/stores/sql.ts';
import type { Tap } from './fakes.ts';
import { basket, principal, QUICK, scopeOf, until, type World } from './harness.ts';

export const clerk = principal('clerk', { kind: 'OPERATIONS' });
export const buyer = principal('storefront');

export const returnTools = (world: World, more: { readonly tap?: Tap; readonly database?: Database; readonly policy?: ReturnPolicy } = {}): AdvanceTools => {
  const dependencies = world.dependencies(more.tap, more.database);
  return { ...dependencies, settings: QUICK, policy: more.policy ?? DEFAULT_POLICY, placeOrder: createPlaceOrder(dependencies, QUICK), signal: new AbortController().signal };
};

/** An order of `quantity` A and one B, in the ERP and gone from the warehouse. */
export async function shippedOrder(world: World, quantity = '3', more: Parameters<typeof basket>[0] = {}): Promise<OrderRecord> {
  const input = basket({ lines: [{ sku: 'A', quantity: decimal(quantity) }, { sku: 'B', quantity: decimal('1') }], ...more });
  const { order, userErrors } = await createPlaceOrder(world.dependencies(), QUICK)(input, scopeOf(buyer));
  if (!order) throw new Error(JSON.stringify(userErrors));
  await submitOrder({ ...world.dependencies(), settings: QUICK, signal: new AbortController().signal }, { orderId: order.id, attempt: 0 });
  // A worker at work in the same world may have been quicker.
  await until(async () => (await readOrder(world.database, order.id))?.submission === 'DONE', 'the order is in the ERP');
  const document = world.erp.documents.find(({ reference }) => reference === order.number)!;
  const at = instant(Date.now());
  const report = { source: 'erp', at };
  await world.database.transaction((tx) => recordErpOrders(tx, [document], report));
  const shipment = {
    id: `out-${order.number}`, number: `WH/OUT/${order.number}`, orderId: document.id, state: 'SHIPPED' as const, carrier: null, tracking: [], locationCode: null,
    lines: document.lines.map(({ sku, quantity: sent }) => ({ sku, quantity: sent })), shippedAt: at, direction: 'OUTBOUND' as const, updatedAt: at,
  };
  await world.database.transaction((tx) => recordShipments(tx, [shipment], report));
  return (await readOrder(world.database, order.id))!;
}

export const requestText = (order: OrderRecord, more: Partial<ReturnRequestText> = {}): ReturnRequestText => ({
  idempotencyKey: randomUUID(), orderId: globalId('Order', order.id), lines: [{ lineNumber: 1, quantity: decimal('2'), reason: 'DEFECTIVE' }], wants: 'REFUND', ...more,
});

export const returnId = ({ rma }: ReturnCase): string => globalId('Return', rma.id);

/** The case of an outcome that must have gone well. */
export function need({ found, userErrors }: ReturnOutcome): ReturnCase {
  if (!found) throw new Error(JSON.stringify(userErrors));
  return found;
}

export const requested = async (tools: AdvanceTools, order: OrderRecord, more: Partial<ReturnRequestText> = {}): Promise<ReturnCase> => need(await requestReturn(tools, requestText(order, more), buyer));

/** Works off every lane as the queue would, until nothing is planned. */
export async function drive(world: World, rmaId: string, tools: AdvanceTools = returnTools(world)): Promise<ReturnCase> {
  for (let turn = 0; turn < 60; turn += 1) {
    const { work } = (await readCase(world.database, rmaId))!;
    const pending = LANES.filter((lane) => work[lane].state === 'PENDING');
    if (pending.length === 0) break;
    for (const lane of pending) await advanceReturn(tools, { rmaId, lane, turn: work[lane].turn });
    await new Promise((done) => setTimeout(done, 10));
  }
  return (await readCase(world.database, rmaId))!;
}
