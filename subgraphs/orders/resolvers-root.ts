import { Arg, Ctx, ID, Int, Mutation, Query, Resolver, Root, Subscription } from 'type-graphql';
import type { ChangeEvent } from '../../domain/events.ts';
import { Failure, invalidInput } from '../../domain/failure.ts';
import { NeedsScopes } from '../graph/access.ts';
import { visibleOrder, visibleOrderByGlobalId, visibleShipment, type OrdersContext } from './context.ts';
import { readOrderPage } from './order-page.ts';
import type { OrderRecord } from './records.ts';
import { canSee, findByExternalId, findByNumber } from './store-reads.ts';
import { OrderFilterInput, OrderReference, PlaceOrderInput } from './types-input.ts';
import { GraphOrder, GraphOrderConnection } from './types-order.ts';
import { GraphPlaceOrderPayload } from './types-payload.ts';
import { GraphOrderUpdate, GraphShipmentUpdate } from './types-shipment.ts';

type Fed<Type extends ChangeEvent['type']> = Extract<ChangeEvent, { type: Type }> & { readonly cursor: string };

@Resolver()
export class OrderQueryResolver {
  @NeedsScopes(['order:read'], ['order:read:all'])
  @Query(() => GraphOrder, { nullable: true, description: 'One order; null when there is none the caller may see.' })
  async order(@Arg('by', () => OrderReference) by: OrderReference, @Ctx() context: OrdersContext): Promise<OrderRecord | null> {
    const { id, number, external } = by;
    if ([id, number, external].filter((key) => key != null).length !== 1) throw invalidInput(['by'], 'give exactly one of id, number and external');
    if (id != null) return visibleOrderByGlobalId(context, id);
    const { database, visibility, scope } = context;
    const channel = external?.channel ?? scope.principal.channel ?? scope.shopping.channel;
    const order = number != null ? await findByNumber(database, number) : await findByExternalId(database, channel, external!.externalOrderId);
    return order && canSee(visibility, order) ? order : null;
  }

  @NeedsScopes(['order:read'], ['order:read:all'])
  @Query(() => GraphOrderConnection, { description: 'Orders the caller may see: placed by the caller, or for the caller\'s customer or company; all with order:read:all. Newest first.' })
  orders(
    @Arg('filter', () => OrderFilterInput, { nullable: true }) filter: OrderFilterInput | null,
    @Arg('first', () => Int, { defaultValue: 24 }) first: number,
    @Arg('after', () => String, { nullable: true }) after: string | null,
    @Ctx() context: OrdersContext,
  ): Promise<GraphOrderConnection> {
    const { state = null, customerNumber = null, placedAfter = null, placedBefore = null } = filter ?? {};
    return readOrderPage(context, { state, customerNumber, placedAfter, placedBefore }, first, after ?? null);
  }
}

@Resolver()
export class OrderMutationResolver {
  @NeedsScopes(['checkout:write'])
  @Mutation(() => GraphPlaceOrderPayload, {
    description: 'Places an order: prices and stock are checked live, the stock is taken, the order stored; the ERP gets it within seconds and whatever happens. Idempotent by key.',
  })
  placeOrder(@Arg('input', () => PlaceOrderInput) input: PlaceOrderInput, @Ctx() { placeOrder, scope }: OrdersContext): Promise<unknown> {
    return placeOrder(input, scope);
  }
}

const AFTER = 'Cursor of the last event you have: what you missed comes first, then what happens. Where that is no longer kept an error LAGGED says so.';

@Resolver()
export class OrderSubscriptionResolver {
  @NeedsScopes(['order:read'], ['order:read:all'])
  @Subscription(() => GraphShipmentUpdate, { topics: 'shipment', description: 'Every shipment of the order, as it comes to be and as it changes.' })
  async shipmentUpdated(
    @Arg('orderId', () => ID, { description: 'The order\'s id.' }) _orderId: string,
    @Arg('after', () => String, { nullable: true, description: AFTER }) _after: string | null,
    @Root() { cursor, at, shipmentId }: Fed<'shipment.changed'>,
    @Ctx() context: OrdersContext,
  ): Promise<GraphShipmentUpdate> {
    const shipment = await visibleShipment(context, shipmentId);
    if (!shipment) throw new Failure('FORBIDDEN', 'the order of this shipment is not yours to see');
    return { cursor, at, shipment };
  }

  @NeedsScopes(['order:read'], ['order:read:all'])
  @Subscription(() => GraphOrderUpdate, { topics: 'order', description: 'Every change of the order.' })
  async orderUpdated(
    @Arg('orderId', () => ID, { description: 'The order\'s id.' }) _orderId: string,
    @Arg('after', () => String, { nullable: true, description: AFTER }) _after: string | null,
    @Root() { cursor, at, orderId }: Fed<'order.changed'>,
    @Ctx() context: OrdersContext,
  ): Promise<GraphOrderUpdate> {
    const order = await visibleOrder(context, orderId);
    if (!order) throw new Failure('FORBIDDEN', 'this order is not yours to see');
    return { cursor, at, order };
  }
}
