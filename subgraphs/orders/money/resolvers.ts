import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { add, subtract, type Decimal } from '../../../domain/decimal.ts';
import { money, type Money } from '../../../domain/money.ts';
import type { RoutingHint, TaxAmount } from '../../../domain/orders.ts';
import type { CalendarDate } from '../../../domain/time.ts';
import { NeedsScopes } from '../../graph/access.ts';
import { GraphLinePromotion } from '../../graph/changed-price.ts';
import { GraphMoney } from '../../graph/money.ts';
import { GraphDate } from '../../graph/scalars.ts';
import type { OrdersContext } from '../context.ts';
import { totalsOf } from '../placing/totals.ts';
import type { LineRecord, OrderRecord } from '../records.ts';
import { GraphOrder, GraphOrderLine } from '../types-order.ts';
import { GraphErpTotals, GraphOrderCharge, GraphOrderPayment, GraphOrderTax, GraphOrderTotals, GraphRoutingHint } from './types.ts';

type PricedLineRecord = LineRecord & { readonly currencyCode: string | null };

const moneyOf = (amount: Decimal | null, currencyCode: string): Money | null => (amount === null ? null : money(amount, currencyCode));

const taxesOf = (taxes: readonly TaxAmount[] | null, currencyCode: string): readonly GraphOrderTax[] | null =>
  taxes && taxes.map((tax) => ({ ...tax, amount: money(tax.amount, currencyCode) }));

/** Like with like: where nobody was told a tax that comes on top, the ERP's is left out as well. */
function differenceOf({ total, tax, taxIncluded, erpTotal, erpTax }: OrderRecord): Decimal | null {
  if (total === null || erpTotal === null) return null;
  if (tax !== null || taxIncluded) return subtract(erpTotal, total);
  return erpTax === null ? null : subtract(subtract(erpTotal, erpTax), total);
}

/** One entry per code and rate. */
function sumByCode(taxes: readonly TaxAmount[]): TaxAmount[] {
  const sums = new Map<string, TaxAmount>();
  for (const tax of taxes) {
    const key = JSON.stringify([tax.code, tax.ratePercent]);
    const earlier = sums.get(key);
    sums.set(key, earlier ? { ...earlier, amount: add(earlier.amount, tax.amount) } : tax);
  }
  return [...sums.values()];
}

@Resolver(() => GraphOrder)
export class OrderMoneyResolver {
  @FieldResolver(() => GraphOrderTotals, { nullable: true, description: 'How the total comes about. Null where the ERP tells no currency.' })
  async totals(@Root() order: OrderRecord, @Ctx() { loaders }: OrdersContext): Promise<GraphOrderTotals | null> {
    const { currencyCode, charges, taxIncluded, tax, total } = order;
    if (currencyCode === null) return null;
    const lines = await loaders.lines.load(order.id);
    const priced = lines.flatMap((line) => (line.lineTotal === null ? [] : [{ ...line, lineTotal: line.lineTotal }]));
    const { subtotal, discount, shipping, handling, surcharge } = totalsOf({ lines: priced, charges, taxIncluded });
    const shown = (amount: Decimal): Money => money(amount, currencyCode);
    return {
      subtotal: priced.length === lines.length ? shown(subtotal) : null,
      discount: shown(discount), shipping: shown(shipping), handling: shown(handling), surcharge: shown(surcharge),
      tax: moneyOf(tax, currencyCode), total: moneyOf(total, currencyCode),
    };
  }

  @FieldResolver(() => [GraphOrderCharge], { description: 'Shipping, handling, surcharges, and what is let off the whole order.' })
  charges(@Root() { charges, currencyCode }: OrderRecord): readonly GraphOrderCharge[] {
    return charges.map((charge) => ({ ...charge, amount: money(charge.amount, currencyCode!), taxes: taxesOf(charge.taxes, currencyCode!) }));
  }

  @FieldResolver(() => [GraphOrderPayment], { description: 'Empty where none was told when the order was placed; see paymentReference.' })
  payments(@Root() { payments, currencyCode }: OrderRecord): readonly GraphOrderPayment[] {
    return payments.map((payment) => ({ ...payment, amount: money(payment.amount, currencyCode!) }));
  }

  @FieldResolver(() => [GraphOrderTax], { nullable: true, description: 'Sums by code and rate, over lines and charges. Null: none was told, the ERP computes them.' })
  async taxes(@Root() { id, charges, currencyCode }: OrderRecord, @Ctx() { loaders }: OrdersContext): Promise<readonly GraphOrderTax[] | null> {
    const told = [...(await loaders.lines.load(id)), ...charges].flatMap(({ taxes }) => (taxes === null ? [] : [taxes]));
    return told.length === 0 || currencyCode === null ? null : taxesOf(sumByCode(told.flat()), currencyCode);
  }

  @FieldResolver(() => GraphErpTotals, { nullable: true, description: 'Null while the ERP has told no total of it.' })
  erpTotals(@Root() order: OrderRecord): GraphErpTotals | null {
    const { erpTotal, erpTax, currencyCode } = order;
    if (currencyCode === null || erpTotal === null) return null;
    return { total: moneyOf(erpTotal, currencyCode), tax: moneyOf(erpTax, currencyCode), difference: moneyOf(differenceOf(order), currencyCode) };
  }

  @NeedsScopes(['operations'], ['order:read:all'])
  @FieldResolver(() => [GraphRoutingHint], { nullable: true, description: 'Where sourcing would have the lines leave from; empty where nothing was reserved.' })
  routingHints(@Root() { routing }: OrderRecord): readonly RoutingHint[] {
    return routing;
  }
}

@Resolver(() => GraphOrderLine)
export class OrderLineMoneyResolver {
  @FieldResolver(() => GraphMoney, { nullable: true, description: 'What is let off the whole line: not negative. Null where the ERP tells no currency.' })
  discount(@Root() { discount, currencyCode }: PricedLineRecord): Money | null {
    return currencyCode === null ? null : money(discount, currencyCode);
  }

  @FieldResolver(() => [GraphLinePromotion], { description: 'Ours, as applied when the order was placed; what they took off the line is in its discount, what they took off a piece in its price.' })
  promotions(@Root() { promotions, currencyCode }: PricedLineRecord): readonly GraphLinePromotion[] {
    return currencyCode === null ? [] : promotions.map((promotion) => ({ ...promotion, amount: money(promotion.amount, currencyCode) }));
  }

  @FieldResolver(() => [GraphOrderTax], { nullable: true, description: 'As told when the order was placed. Null: none was told, the ERP taxes the line by its own rules.' })
  taxes(@Root() { taxes, currencyCode }: PricedLineRecord): readonly GraphOrderTax[] | null {
    return currencyCode === null ? null : taxesOf(taxes, currencyCode);
  }

  @FieldResolver(() => GraphDate, { nullable: true, description: 'Delivery day asked for of this line; null: the order\'s.' })
  requestedDate(@Root() { requestedOn }: LineRecord): CalendarDate | null {
    return requestedOn;
  }
}
