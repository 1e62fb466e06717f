import type { Engine } from './engine/engine.ts';
import { pickingsOf } from './engine/lookups.ts';
import { totalsOf } from './engine/order-totals.ts';
import { deliveredOf, deliveryStatusOf } from './engine/sales.ts';

/** Counts of everything the engine holds. */
export function createCounts(engine: Engine): { readonly erp: Record<string, number>; readonly pim: Record<string, number> } {
  const pim = Object.entries(engine.pim.state).filter(([, value]) => typeof value === 'object');
  return {
    erp: engine.erp.tables.database.counts(),
    pim: Object.fromEntries(pim.map(([name, value]) => [name, Object.keys(value as object).length])),
  };
}

/** The newest orders first, with what tests assert on; `reference` narrows to one customer reference. */
export function describeOrders(engine: Engine, reference: string | undefined, limit: number): readonly object[] {
  const { tables } = engine.erp;
  const all = reference === undefined ? [...tables.orders.all()] : tables.orders.where('reference', reference);
  return all.reverse().slice(0, limit).map((order) => ({
    id: order.id,
    name: order.name,
    client_order_ref: order.reference,
    state: order.state,
    customer: tables.parties.get(order.partyId)!.code ?? tables.parties.get(order.partyId)!.name,
    delivery_status: deliveryStatusOf(tables, order),
    total: totalsOf(tables, order).total,
    currency: tables.currencies.get(order.currencyId)!.code,
    lines: tables.orderLines.where('orderId', order.id).map((line) => ({
      sku: line.variantId === null ? null : tables.variants.get(line.variantId)!.sku,
      quantity: line.quantity,
      delivered: deliveredOf(tables, line),
      unitPrice: line.unitPrice,
      discountPercent: line.discountPercent,
    })),
    shipments: pickingsOf(tables, order.id).map(({ name, kind, state, trackingReference }) => ({ name, kind, state, tracking: trackingReference })),
  }));
}
