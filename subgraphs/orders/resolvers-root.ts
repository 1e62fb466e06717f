import { Arg, Ctx, ID, Int, Mutation, Query, Resolver, Root, Subscription } from 'type-graphql';
import type { ChangeEvent } from '../../domain/events.ts';
import { Failure, invalidInput } from '../../domain/failure.ts';
import { NeedsScopes } from '../graph/access.ts';
import { visibleOrder, visibleOrderByGlobalId, visibleShipment, type OrdersContext } from './context.ts';
import { priceChangesOf } from './placing/price-refusals.ts';
import { readOrderPage } from './reading/order-page.ts';
import type { OrderRecord } from './records.ts';
import { orderFilterOf } from './reading/order-filter-input.ts';
import { canSee, findByExternalId, findVisibleByErpNumber, findVisibleByNumber } from './reading/store-reads.ts';
import { type ExternalOrderReference, OrderFilterInput, OrderReference, PlaceOrderInput } from './types-input.ts';
import { GraphOrder, GraphOrderConnection, GraphOrderSort } from './types-order.ts';
import { GraphPlaceOrderPayload } from './types-payload.ts';
import { GraphOrderUpdate, GraphShipmentUpdate } from './types-shipment.ts';

type Fed<Type extends ChangeEvent['type']> = Extract<ChangeEvent, { type: Type }> & { readonly cursor: string };

@Resolver()
export class OrderQueryResolver {
  @NeedsScopes(['order:read'], ['order:read:all'])
  @Query(() => GraphOrder, { nullable: true, description: 'One order; null when there is none the caller may see.' })
  async order(@Arg('by', () => OrderReference) by: OrderReference, @Ctx() context: OrdersContext): Promise<OrderRecord | null> {
    const { id, number, erpNumber, external } = by;
    if ([id, number, erpNumber, external].filter((key) => key != null).length !== 1) throw invalidInput(['by'], 'give exactly one of id, number, erpNumber and external');
    if (id != null) return visibleOrderByGlobalId(context, id);
    const { database, visibility } = context;
    if (number != null) return findVisibleByNumber(database, visibility, number);
    return erpNumber != null ? findVisibleByErpNumber(database, visibility, erpNumber) : orderByExternalId(context, external!);
  }

  @NeedsScopes(['order:read'], ['order:read:all'])
  @Query(() => GraphOrderConnection, { description: 'Orders the caller may see: placed by the caller, or for the caller\'s customer or company; all with order:read:all.' })
  orders(
    @Arg('filter', () => OrderFilterInput, { nullable: true }) filter: OrderFilterInput | null,
    @Arg('sort', () => GraphOrderSort, { defaultValue: GraphOrderSort.PLACED_NEWEST }) sort: GraphOrderSort,
    @Arg('first', () => Int, { defaultValue: 24, description: 'At most 250.' }) first: number,
    @Arg('after', () => String, { nullable: true, description: 'Cursor of the last order you have, of a list of the same sort.' }) after: string | null,
    @Ctx() context: OrdersContext,
  ): Promise<GraphOrderConnection> {
    return readOrderPage(context, { filter: orderFilterOf(filter), sort, first, after: after ?? null });
  }
}

/** An order by its channel's number; of callers bound to a channel, in theirs alone. */
async function orderByExternalId({ database, visibility, scope }: OrdersContext, external: ExternalOrderReference): Promise<OrderRecord | null> {
  const own = scope.principal.channel;
  // Who is bound to a channel has no business with another one's numbers.
  if (own !== null && (external.channel ?? own) !== own) return null;
  const order = await findByExternalId(database, external.channel ?? own ?? scope.shopping.channel, external.externalOrderId);
  return order && canSee(visibility, order) ? order : null;
}

@Resolver()
export class OrderMutationResolver {
  @NeedsScopes(['checkout:write'])
  @Mutation(() => GraphPlaceOrderPayload, {
    description: 'Places an order: prices and stock are checked live, the stock is taken, the order stored; the ERP gets it within seconds and whatever happens. Idempotent by key.',
  })
  async placeOrder(@Arg('input', () => PlaceOrderInput) input: PlaceOrderInput, @Ctx() { placeOrder, scope }: OrdersContext): Promise<GraphPlaceOrderPayload> {
    const outcome = await placeOrder(input, scope);
    return { ...outcome, warnings: outcome.warnings as GraphPlaceOrderPayload['warnings'], priceChanges: priceChangesOf(outcome.userErrors) };
  }
}

const AFTER = 'Cursor of the last event you have: what you missed comes first, then what happens. Where that is no longer kept an error LAGGED says so.';

const ONE_OR_ALL = 'The order\'s id. None: every order the caller may see; with order:read:all that is every one.';

@Resolver()
export class OrderSubscriptionResolver {
  @NeedsScopes(['order:read'], ['order:read:all'])
  @Subscription(() => GraphShipmentUpdate, { topics: 'shipment', description: 'Every shipment of the order, as it comes to be and as it changes: for its owner, its customer, the people of its company, and operations.' })
  async shipmentUpdated(
    @Arg('orderId', () => ID, { nullable: true, description: ONE_OR_ALL }) _orderId: string | null,
    @Arg('onlyTellable', () => Boolean, { defaultValue: false, description: 'Only from the moment the customer may be told of the shipment on, see Shipment.customerMayBeTold.' }) _onlyTellable: boolean,
    @Arg('after', () => String, { nullable: true, description: AFTER }) _after: string | null,
    @Root() { cursor, at, shipmentId, tellable }: Fed<'shipment.changed'>,
    @Ctx() context: OrdersContext,
  ): Promise<GraphShipmentUpdate> {
    const shipment = await visibleShipment(context, shipmentId);
    if (!shipment) throw new Failure('FORBIDDEN', 'the order of this shipment is not yours to see');
    return { cursor, at, shipment, firstTellable: tellable === 'FIRST' };
  }

  @NeedsScopes(['order:read'], ['order:read:all'])
  @Subscription(() => GraphOrderUpdate, { topics: 'order', description: 'Every change of the order: for its owner, its customer, the people of its company, and operations.' })
  async orderUpdated(
    @Arg('orderId', () => ID, { nullable: true, description: ONE_OR_ALL }) _orderId: string | null,
    @Arg('after', () => String, { nullable: true, description: AFTER }) _after: string | null,
    @Root() { cursor, at, orderId }: Fed<'order.changed'>,
    @Ctx() context: OrdersContext,
  ): Promise<GraphOrderUpdate> {
    const order = await visibleOrder(context, orderId);
    if (!order) throw new Failure('FORBIDDEN', 'this order is not yours to see');
    return { cursor, at, order };
  }
}
