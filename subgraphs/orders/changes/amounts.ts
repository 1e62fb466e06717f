import { add, compare, divide, equals, isPositive, isZero, least, multiply, round, scaleOf, subtract, sum, ZERO, type Decimal, type RoundingMode } from '../../../domain/decimal.ts';
import { currencyDigits, type CurrencyCode } from '../../../domain/money.ts';
import type { TaxAmount } from '../../../domain/orders.ts';
import type { ChargeRecord, LineRecord, OrderRecord } from '../records.ts';

/*
 * What an order costs after its quantities have changed. Pure and exact: what is taken off is rounded once, what stays is
 * the rest, so both together are what there was, to the penny. Of an order that keeps nothing nothing remains.
 */

export type LineAmounts = Pick<LineRecord, 'lineNumber' | 'quantity' | 'unitPrice' | 'lineTotal' | 'discount' | 'taxes'>;

export type OrderAmounts = Pick<OrderRecord, 'total' | 'tax' | 'taxIncluded' | 'charges'> & {
  readonly currencyCode: CurrencyCode | null;
  readonly lines: readonly LineAmounts[];
};

export interface ChangedAmounts {
  readonly total: Decimal | null;
  readonly tax: Decimal | null;
  readonly charges: readonly ChargeRecord[];
  /** Every line, changed or not. */
  readonly lines: readonly LineAmounts[];
  /** New total less the one before: below zero is to be refunded, above zero to be authorised. Null: the order has no total. */
  readonly difference: Decimal | null;
}

/** `quantities`: by line number; lines that are not named stay. */
export function changeAmounts(order: OrderAmounts, quantities: ReadonlyMap<number, Decimal>): ChangedAmounts {
  const digits = order.currencyCode === null ? 2 : currencyDigits(order.currencyCode);
  const extend = extensionOf(order.lines, digits);
  const lines = order.lines.map((line) => changeLine(line, quantities.get(line.lineNumber) ?? line.quantity, extend, digits));
  if (lines.every((line) => isZero(line.quantity))) return keepNothing(order, lines);
  const before = sum(order.lines.map(netOf));
  const after = sum(lines.map(netOf));
  const charges = order.charges.map((charge) => changeCharge(charge, before, after, digits));
  const taxed = taxOf(lines, charges);
  const taxedBefore = taxOf(order.lines, order.charges);
  const told = order.tax === null ? null : scaleDown(subtract(order.tax, taxedBefore), before, after, digits);
  const tax = told === null ? null : add(told, taxed);
  const taxGrowth = tax === null ? subtract(taxed, taxedBefore) : subtract(tax, order.tax!);
  const growth = sum([subtract(after, before), subtract(sumOf(charges), sumOf(order.charges)), order.taxIncluded ? ZERO : taxGrowth]);
  const total = order.total === null ? null : add(order.total, growth);
  return { total, tax, charges, lines, difference: total === null ? null : growth };
}

function keepNothing({ total, tax }: OrderAmounts, lines: readonly LineAmounts[]): ChangedAmounts {
  return { total: total === null ? null : ZERO, tax: tax === null ? null : ZERO, charges: [], lines, difference: total === null ? null : subtract(ZERO, total) };
}

const netOf = ({ lineTotal, discount }: LineAmounts): Decimal => (lineTotal === null ? ZERO : subtract(lineTotal, discount));
const sumOf = (charges: readonly ChargeRecord[]): Decimal => sum(charges.map((charge) => charge.amount));
const taxesOf = (taxes: readonly TaxAmount[] | null): Decimal => sum((taxes ?? []).map((tax) => tax.amount));
const taxOf = (lines: readonly LineAmounts[], charges: readonly ChargeRecord[]): Decimal =>
  sum([...lines.map((line) => taxesOf(line.taxes)), ...charges.map((charge) => taxesOf(charge.taxes))]);

/** An amount that follows another from `before` to `after`: what is taken off, or put on, is rounded once. */
function scale(amount: Decimal, before: Decimal, after: Decimal, digits: number): Decimal {
  if (equals(before, after) || !isPositive(before)) return amount;
  if (isZero(after)) return ZERO;
  const moved = round(divide(multiply(amount, subtract(before, after)), before), digits, 'HALF_UP');
  const kept = subtract(amount, moved);
  // A fraction of a penny taken off as a whole one would leave less than nothing.
  return compare(multiply(kept, amount), ZERO) < 0 ? ZERO : kept;
}

/** The same for what follows when there is less, but was never meant to grow. */
const scaleDown = (amount: Decimal, before: Decimal, after: Decimal, digits: number): Decimal => scale(amount, before, least(before, after), digits);

const scaleTaxes = (taxes: readonly TaxAmount[] | null, before: Decimal, after: Decimal, digits: number): readonly TaxAmount[] | null =>
  taxes && taxes.map((tax) => ({ ...tax, amount: scale(tax.amount, before, after, digits) }));

/** The order's own discounts shrink with the goods they were given for; what it costs to send them does not. */
function changeCharge(charge: ChargeRecord, before: Decimal, after: Decimal, digits: number): ChargeRecord {
  if (charge.kind !== 'DISCOUNT' || compare(after, before) >= 0) return charge;
  return { ...charge, amount: scaleDown(charge.amount, before, after, digits), taxes: scaleTaxes(charge.taxes, before, after, digits) };
}

function changeLine(line: LineAmounts, quantity: Decimal, extend: Extension, digits: number): LineAmounts {
  if (equals(quantity, line.quantity)) return line;
  if (isZero(quantity)) return { ...line, quantity, lineTotal: line.lineTotal === null ? null : ZERO, discount: ZERO, taxes: line.taxes && line.taxes.map((tax) => ({ ...tax, amount: ZERO })) };
  const lineTotal = extend(line, quantity);
  const discount = scaleDown(line.discount, line.quantity, quantity, digits);
  // Both are rounded: the last penny of a discount may have nothing left to be taken off.
  const changed: LineAmounts = { ...line, quantity, lineTotal, discount: lineTotal === null ? discount : least(discount, lineTotal) };
  const [before, after] = [netOf(line), netOf(changed)];
  const taxes = isPositive(before) ? scaleTaxes(line.taxes, before, after, digits) : scaleTaxes(line.taxes, line.quantity, quantity, digits);
  return { ...changed, taxes };
}

type Extension = (line: LineAmounts, quantity: Decimal) => Decimal | null;

/**
 * Unit price times quantity, rounded as the price list rounds. The order does not name the list's rule, it shows it: the
 * rule is the usual one that makes of every line what it came to. Lines of a price nobody's rule explains follow in proportion.
 */
function extensionOf(lines: readonly LineAmounts[], digits: number): Extension {
  const priced = lines.filter((line) => line.unitPrice !== null && line.lineTotal !== null && isPositive(line.quantity));
  const rules = rulesOf([digits, ...priced.map((line) => scaleOf(line.lineTotal!))]);
  const explains = (rule: Rule, line: LineAmounts): boolean => equals(rule(line.unitPrice!, line.quantity), line.lineTotal!);
  const common = rules.find((rule) => priced.every((line) => explains(rule, line)));
  return (line, quantity) => {
    if (line.unitPrice === null || line.lineTotal === null) return line.lineTotal;
    const rule = isPositive(line.quantity) ? (common ?? rules.find((one) => explains(one, line))) : (common ?? rules[0]);
    return rule ? rule(line.unitPrice, quantity) : scale(line.lineTotal, line.quantity, quantity, digits);
  };
}

type Rule = (unitPrice: Decimal, quantity: Decimal) => Decimal;

const MODES: readonly RoundingMode[] = ['HALF_UP', 'HALF_EVEN', 'DOWN', 'UP'];

/** By line before by unit, as most price lists do; the usual digits before others. */
function rulesOf(digits: readonly number[]): readonly Rule[] {
  const places = [...new Set(digits)];
  const byLine = places.flatMap((place) => MODES.map((mode): Rule => (unitPrice, quantity) => round(multiply(unitPrice, quantity), place, mode)));
  const byUnit = places.flatMap((place) => MODES.map((mode): Rule => (unitPrice, quantity) => round(multiply(round(unitPrice, place, mode), quantity), place, mode)));
  return [...byLine, ...byUnit];
}
