import { add, multiply, round, subtract, sum, ZERO, type Decimal } from '../../../domain/decimal.ts';
import { currencyDigits, type Money } from '../../../domain/money.ts';
import type { ChargeKind, ExchangeRate, TaxAmount } from '../../../domain/orders.ts';
import type { Sku } from '../../../domain/ids.ts';

/** What of an order decides its margin. */
export interface MarginFacts {
  readonly currencyCode: string;
  readonly taxIncluded: boolean;
  readonly exchangeRate: ExchangeRate | null;
  readonly lines: readonly {
    readonly sku: Sku;
    readonly quantity: Decimal;
    /** Before the discount; null where the ERP told none. */
    readonly lineTotal: Decimal | null;
    readonly discount: Decimal;
    readonly taxes: readonly TaxAmount[] | null;
    /** What one cost when the order was placed; null: nobody knew. */
    readonly unitCost: Money | null;
  }[];
  readonly charges: readonly { readonly kind: ChargeKind; readonly amount: Decimal; readonly taxes: readonly TaxAmount[] | null }[];
}

/** All in the order's currency, without tax. A figure that cannot be known is null, and `unknown` says why. */
export interface Margin {
  /** Goods before discounts. */
  readonly revenue: Decimal | null;
  /** Off lines and off the order; not negative. */
  readonly discounts: Decimal | null;
  /** Charged for shipping, handling and the like; what the carrier takes is not known here. */
  readonly shipping: Decimal | null;
  readonly costOfGoods: Decimal | null;
  /** Revenue less discounts less cost of goods. */
  readonly margin: Decimal | null;
  readonly unknown: readonly string[];
}

/**
 * Where prices include tax, a line's tax is that of what is left after its discount: the parts add up, and a discount is told
 * as the buyer saw it. Costs are rounded once per line, to the currency's digits, half up.
 */
export function marginOf(facts: MarginFacts): Margin {
  const unknown: string[] = [];
  const net = netOf(facts, unknown);
  const discounts = net && add(net.lineDiscounts, net.orderDiscounts);
  const costOfGoods = costOf(facts, unknown);
  const margin = net && discounts !== null && costOfGoods !== null ? subtract(subtract(net.revenue, discounts), costOfGoods) : null;
  return { revenue: net?.revenue ?? null, discounts: discounts ?? null, shipping: net?.shipping ?? null, costOfGoods, margin, unknown };
}

interface Net {
  readonly revenue: Decimal;
  readonly lineDiscounts: Decimal;
  readonly orderDiscounts: Decimal;
  readonly shipping: Decimal;
}

const taxIn = (taxes: readonly TaxAmount[] | null): Decimal => sum((taxes ?? []).map((tax) => tax.amount));

function netOf({ lines, charges, taxIncluded }: MarginFacts, unknown: string[]): Net | null {
  const unpriced = lines.filter((line) => line.lineTotal === null);
  if (unpriced.length > 0) unknown.push(`no price is known of ${unpriced.map(({ sku }) => sku).join(', ')}`);
  const untaxed = taxIncluded && [...lines, ...charges].some(({ taxes }) => taxes === null);
  if (untaxed) unknown.push('prices include tax, and how much is not known of every line and charge');
  if (unpriced.length > 0 || untaxed) return null;
  const less = (amount: Decimal, taxes: readonly TaxAmount[] | null): Decimal => (taxIncluded ? subtract(amount, taxIn(taxes)) : amount);
  const part = (wanted: (kind: ChargeKind) => boolean): Decimal => sum(charges.filter(({ kind }) => wanted(kind)).map(({ amount, taxes }) => less(amount, taxes)));
  return {
    revenue: sum(lines.map(({ lineTotal, taxes }) => less(lineTotal!, taxes))),
    lineDiscounts: sum(lines.map(({ discount }) => discount)),
    orderDiscounts: subtract(ZERO, part((kind) => kind === 'DISCOUNT')),
    shipping: part((kind) => kind !== 'DISCOUNT'),
  };
}

function costOf({ lines, currencyCode, exchangeRate }: MarginFacts, unknown: string[]): Decimal | null {
  const costs = lines.map(({ quantity, unitCost }) => inCurrency(unitCost, currencyCode, exchangeRate, quantity));
  const missing = lines.filter((_, index) => costs[index] === null).map(({ sku }) => sku);
  if (missing.length === 0) return sum(costs as readonly Decimal[]);
  unknown.push(`what ${missing.join(', ')} cost is not known in ${currencyCode}`);
  return null;
}

function inCurrency(cost: Money | null, currencyCode: string, rate: ExchangeRate | null, quantity: Decimal): Decimal | null {
  if (cost === null) return null;
  const whole = multiply(cost.amount, quantity);
  const digits = currencyDigits(currencyCode);
  if (cost.currencyCode === currencyCode) return round(whole, digits, 'HALF_UP');
  return rate?.baseCurrencyCode === cost.currencyCode ? round(multiply(whole, rate.rate), digits, 'HALF_UP') : null;
}
