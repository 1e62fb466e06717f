import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import { ZERO } from '../../../domain/decimal.ts';
import { asFailure } from '../../../domain/failure.ts';
import { NeedsScopes } from '../../graph/access.ts';
import { userErrorOf } from '../../graph/user-error.ts';
import type { OrdersContext } from '../context.ts';
import { importOrders } from './import-orders.ts';
import type { PastOrder } from './past-order.ts';
import { GraphImportOrdersPayload, ImportOrdersInput, type PastOrderInput, type PastOrderLineInput } from './types.ts';

@Resolver()
export class HistoryMutationResolver {
  @NeedsScopes(['operations'])
  @Mutation(() => GraphImportOrdersPayload, {
    description: 'Stores orders of the time before, so that customers find them and figures have a past. They are never submitted, hold no stock and announce nothing.',
  })
  async importOrders(@Arg('input', () => ImportOrdersInput) { source, orders }: ImportOrdersInput, @Ctx() context: OrdersContext): Promise<GraphImportOrdersPayload> {
    try {
      return { ...(await importOrders(context, source, orders.map(pastOrder))), userErrors: [] };
    } catch (error) {
      return { imported: 0, unchanged: 0, rejected: [], notAddingUp: [], total: 0, userErrors: [userErrorOf(asFailure(error))] };
    }
  }
}

/** Fields in one order, absent ones null: the hash of an order is taken of it. */
const pastOrder = (order: PastOrderInput): PastOrder => ({
  number: order.number, placedAt: order.placedAt, state: order.state, shippedAt: order.shippedAt ?? null, channel: order.channel ?? null,
  externalOrderId: order.externalOrderId ?? null, customerNumber: order.customerNumber ?? null, companyNumber: order.companyNumber ?? null,
  email: order.email ?? null, currencyCode: order.currencyCode, shipping: order.shipping ?? null, tax: order.tax ?? null, total: order.total,
  note: order.note ?? null, lines: order.lines.map((line) => pastLine(line, order.state === 'SHIPPED' || order.state === 'DELIVERED')),
});

const pastLine = (line: PastOrderLineInput, hasLeft: boolean): PastOrder['lines'][number] => ({
  sku: line.sku, quantity: line.quantity, unitPrice: line.unitPrice, lineTotal: line.lineTotal, discount: line.discount ?? ZERO, tax: line.tax ?? null,
  shippedQuantity: line.shippedQuantity ?? (hasLeft ? line.quantity : ZERO),
});
