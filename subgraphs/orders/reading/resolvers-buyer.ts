import { Arg, Ctx, FieldResolver, Int, Resolver, Root } from 'type-graphql';
import { NeedsScopes } from '../../graph/access.ts';
import type { OrdersContext } from '../context.ts';
import { GraphOrderConnection } from '../types-order.ts';
import { OrderingCompany, OrderingCustomer } from '../types-stubs.ts';
import { EVERY_ORDER } from './order-filter.ts';
import { readOrderPage } from './order-page.ts';

const AFTER = 'Cursor of the last order you have.';

@Resolver(() => OrderingCustomer)
export class OrdersOfCustomerResolver {
  @NeedsScopes(['order:read'], ['order:read:all'])
  @FieldResolver(() => GraphOrderConnection, { description: 'Orders for this customer the caller may see, newest first.' })
  orders(
    @Root() { number }: OrderingCustomer,
    @Arg('first', () => Int, { defaultValue: 24, description: 'At most 250.' }) first: number,
    @Arg('after', () => String, { nullable: true, description: AFTER }) after: string | null,
    @Ctx() context: OrdersContext,
  ): Promise<GraphOrderConnection> {
    return readOrderPage(context, { filter: { ...EVERY_ORDER, customerNumber: number }, sort: 'PLACED_NEWEST', first, after: after ?? null });
  }
}

@Resolver(() => OrderingCompany)
export class OrdersOfCompanyResolver {
  @NeedsScopes(['order:read'], ['order:read:all'])
  @FieldResolver(() => GraphOrderConnection, { description: 'Orders for this company the caller may see, whoever placed them, newest first.' })
  orders(
    @Root() { number }: OrderingCompany,
    @Arg('first', () => Int, { defaultValue: 24, description: 'At most 250.' }) first: number,
    @Arg('after', () => String, { nullable: true, description: AFTER }) after: string | null,
    @Ctx() context: OrdersContext,
  ): Promise<GraphOrderConnection> {
    return readOrderPage(context, { filter: { ...EVERY_ORDER, companyNumber: number }, sort: 'PLACED_NEWEST', first, after: after ?? null });
  }
}
