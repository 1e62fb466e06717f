import { Ctx, FieldResolver, ID, Int, Resolver, Root } from 'type-graphql';
import { globalId } from '../../domain/ids.ts';
import { money, type Money } from '../../domain/money.ts';
import { GraphMoney } from '../graph/money.ts';
import type { OrdersContext } from './context.ts';
import type { LineRecord, OrderRecord, ShipmentRow, TimelineRecord } from './records.ts';
import { GraphErpOrder, GraphOrder, GraphOrderConnection, GraphOrderLine, GraphTimelineEntry } from './types-order.ts';
import { GraphShipment } from './types-shipment.ts';
import { OrderedVariant, OrderingCompany, OrderingCustomer } from './types-stubs.ts';

type PricedLineRecord = LineRecord & { readonly currencyCode: string | null };

const amountOf = (amount: LineRecord['unitPrice'], currencyCode: string | null): Money | null =>
  amount === null || currencyCode === null ? null : money(amount, currencyCode);

@Resolver(() => GraphOrder)
export class OrderResolver {
  @FieldResolver(() => ID)
  id(@Root() order: OrderRecord): string {
    return globalId('Order', order.id);
  }

  @FieldResolver(() => OrderingCustomer, { nullable: true, description: 'Null for guests, and for orders whose buyer the ERP does not tell.' })
  customer(@Root() order: OrderRecord): OrderingCustomer | null {
    return order.customerNumber === null ? null : { number: order.customerNumber };
  }

  @FieldResolver(() => OrderingCompany, { nullable: true, description: 'The company it was bought for; null for private buyers.' })
  company(@Root() order: OrderRecord): OrderingCompany | null {
    return order.companyNumber === null ? null : { number: order.companyNumber };
  }

  @FieldResolver(() => GraphMoney, { nullable: true, description: 'What the buyer was told to pay: lines less discounts, and charges, and the tax that was told. Null only where the ERP tells none.' })
  total(@Root() order: OrderRecord): Money | null {
    return amountOf(order.total, order.currencyCode);
  }

  @FieldResolver(() => GraphErpOrder, { nullable: true, description: 'Null while the ERP has no document for it.' })
  erpOrder(@Root() { erpOrderId, erpNumber, erpAcceptedAt }: OrderRecord): GraphErpOrder | null {
    return erpOrderId === null ? null : { id: erpOrderId, number: erpNumber ?? erpOrderId, acceptedAt: erpAcceptedAt };
  }

  @FieldResolver(() => [GraphOrderLine])
  async lines(@Root() { id, currencyCode }: OrderRecord, @Ctx() { loaders }: OrdersContext): Promise<readonly PricedLineRecord[]> {
    return (await loaders.lines.load(id)).map((line) => ({ ...line, currencyCode }));
  }

  @FieldResolver(() => [GraphShipment], { description: 'Goods on their way out.' })
  async shipments(@Root() { id }: OrderRecord, @Ctx() { loaders }: OrdersContext): Promise<readonly ShipmentRow[]> {
    return (await loaders.shipmentsOfOrder.load(id)).filter((shipment) => shipment.direction === 'OUTBOUND');
  }

  @FieldResolver(() => [GraphTimelineEntry], { description: 'Everything that is known to have happened to it, oldest first.' })
  timeline(@Root() { id }: OrderRecord, @Ctx() { loaders }: OrdersContext): Promise<readonly TimelineRecord[]> {
    return loaders.timeline.load(id);
  }
}

@Resolver(() => GraphOrderLine)
export class OrderLineResolver {
  @FieldResolver(() => OrderedVariant)
  variant(@Root() { sku }: LineRecord): OrderedVariant {
    return { sku };
  }

  @FieldResolver(() => GraphMoney, { nullable: true, description: 'As priced when the order was placed. Null where the ERP tells none.' })
  unitPrice(@Root() line: PricedLineRecord): Money | null {
    return amountOf(line.unitPrice, line.currencyCode);
  }

  @FieldResolver(() => GraphMoney, { nullable: true, description: 'Unit price times quantity, rounded once by the price list\'s rule; before the discount.' })
  lineTotal(@Root() line: PricedLineRecord): Money | null {
    return amountOf(line.lineTotal, line.currencyCode);
  }
}

@Resolver(() => GraphOrderConnection)
export class OrderConnectionResolver {
  @FieldResolver(() => Int, { nullable: true, description: 'Orders on all pages; counted only when asked.' })
  totalCount(@Root() { count }: GraphOrderConnection): Promise<number> {
    return count();
  }
}
