import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import type { Decimal } from '../../../domain/decimal.ts';
import { money } from '../../../domain/money.ts';
import { NeedsScopes } from '../../graph/access.ts';
import type { OrdersContext } from '../context.ts';
import type { OrderRecord } from '../records.ts';
import { GraphOrder } from '../types-order.ts';
import { marginOf } from './margin.ts';
import { GraphOrderMargin } from './types.ts';

@Resolver(() => GraphOrder)
export class OrderMarginResolver {
  @NeedsScopes(['finance:read'])
  @FieldResolver(() => GraphOrderMargin, { nullable: true, description: 'For finance alone. Null where the currency is unknown.' })
  async margin(@Root() order: OrderRecord, @Ctx() { loaders }: OrdersContext): Promise<GraphOrderMargin | null> {
    const { currencyCode, taxIncluded, exchangeRate, charges } = order;
    if (currencyCode === null) return null;
    const lines = await loaders.lines.load(order.id);
    const { unknown, ...figures } = marginOf({ currencyCode, taxIncluded, exchangeRate, charges, lines });
    const shown = (amount: Decimal | null) => (amount === null ? null : money(amount, currencyCode));
    const { revenue, discounts, shipping, costOfGoods, margin } = figures;
    return { revenue: shown(revenue), discounts: shown(discounts), shipping: shown(shipping), costOfGoods: shown(costOfGoods), margin: shown(margin), unknown };
  }
}
