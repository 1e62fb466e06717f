import { createHash } from 'node:crypto';
import { compare, isDecimal, isNegative, isPositive, isZero, round, subtract, sum, ZERO, type Decimal } from '../../../domain/decimal.ts';
import type { Sku } from '../../../domain/ids.ts';
import { currencyDigits, isCurrencyCode } from '../../../domain/money.ts';
import type { OrderState } from '../../../domain/orders.ts';
import type { Instant } from '../../../domain/time.ts';
import { checkText, type Problem } from '../placing/text-validation.ts';

/** States an order of the time before may be in: it is not ours to bring to the ERP any more. */
export type PastState = Extract<OrderState, 'ACCEPTED_BY_ERP' | 'PARTIALLY_SHIPPED' | 'SHIPPED' | 'DELIVERED' | 'CANCELLED'>;

export interface PastLine {
  readonly sku: Sku;
  readonly quantity: Decimal;
  readonly unitPrice: Decimal;
  /** Before the discount. */
  readonly lineTotal: Decimal;
  readonly discount: Decimal;
  readonly tax: Decimal | null;
  readonly shippedQuantity: Decimal;
}

/** An order as another system kept it. Amounts are in its currency and stay as they were told, even where they do not add up. */
export interface PastOrder {
  /** Unique in its source. */
  readonly number: string;
  readonly placedAt: Instant;
  readonly state: PastState;
  readonly shippedAt: Instant | null;
  readonly channel: string | null;
  readonly externalOrderId: string | null;
  readonly customerNumber: string | null;
  readonly companyNumber: string | null;
  readonly email: string | null;
  readonly currencyCode: string;
  readonly shipping: Decimal | null;
  readonly tax: Decimal | null;
  readonly total: Decimal;
  readonly note: string | null;
  readonly lines: readonly PastLine[];
}

const MAX_LINES = 500;

/** What is wrong with it, each named by its field below `path`; nothing: it can be stored. */
export function problemsOf(order: PastOrder, path: readonly string[]): readonly Problem[] {
  const problems: Problem[] = [];
  const at = (field: readonly string[], message: string): void => void problems.push({ field: [...path, ...field], message });
  const texts = { number: 64, channel: 64, externalOrderId: 128, customerNumber: 64, companyNumber: 64, email: 254 } as const;
  for (const [name, maxLength] of Object.entries(texts)) checkText(order[name as keyof typeof texts], [...path, name], maxLength, 'IDENTIFIER', problems);
  checkText(order.note, [...path, 'note'], 2_000, 'FREE_TEXT', problems);
  if (order.number.trim() === '') at(['number'], 'an order has a number');
  if (!isCurrencyCode(order.currencyCode)) at(['currencyCode'], 'the currency is no ISO 4217 code');
  if (order.lines.length === 0 || order.lines.length > MAX_LINES) at(['lines'], `an order has 1 to ${MAX_LINES} lines`);
  for (const [name, amount] of Object.entries({ total: order.total, shipping: order.shipping ?? ZERO, tax: order.tax ?? ZERO })) {
    if (!isDecimal(amount) || isNegative(amount)) at([name], 'an amount is not negative');
  }
  for (const [index, line] of order.lines.entries()) checkLine(line, (name, message) => at(['lines', String(index), name], message));
  return problems;
}

function checkLine(line: PastLine, at: (name: string, message: string) => void): void {
  if (line.sku.trim() === '' || line.sku.length > 64) at('sku', 'a sku has 1 to 64 characters');
  if (!isPositive(line.quantity)) at('quantity', 'quantity must be greater than zero');
  for (const name of ['unitPrice', 'lineTotal', 'discount'] as const) if (isNegative(line[name])) at(name, 'an amount is not negative');
  if (isNegative(line.shippedQuantity) || compare(line.shippedQuantity, line.quantity) > 0) at('shippedQuantity', 'between none and all of the quantity was shipped');
}

/** Whether its parts sum up to its total, but for less than the currency's smallest coin: other systems keep more digits. Told, never mended. */
export function addsUp({ lines, shipping, tax, total, currencyCode }: PastOrder): boolean {
  const taxes = tax ?? sum(lines.map((line) => line.tax ?? ZERO));
  const goods = sum(lines.map((line) => subtract(line.lineTotal, line.discount)));
  return isZero(round(subtract(total, sum([goods, shipping ?? ZERO, taxes])), currencyDigits(currencyCode), 'DOWN'));
}

/** Equal for equal orders, whose fields stand in one order: told twice, an order is there once; told otherwise, it is refused. */
export const hashOf = (order: PastOrder): string => createHash('sha256').update(JSON.stringify(order)).digest('hex');
