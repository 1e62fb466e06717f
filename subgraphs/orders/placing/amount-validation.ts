import { compare, decimal, isDecimal, isNegative, isPositive, scaleOf, ZERO, type Decimal } from '../../../domain/decimal.ts';
import { currencyDigits, isCurrencyCode, type CurrencyCode, type Money } from '../../../domain/money.ts';
import type { TaxAmount } from '../../../domain/orders.ts';
import { looksLikeCardNumber } from './card-number.ts';
import type { PlacementText, TaxText } from './placement-text.ts';
import { cardProblem, checkText, type Problem } from './text-validation.ts';

/** What every amount of a request is checked against. */
export interface AmountRules {
  /** The order's; null: nothing says which, and then there is no amount. */
  readonly currencyCode: CurrencyCode | null;
  readonly problems: Problem[];
}

const MAX_WHOLE_DIGITS = 12;
const MAX_TAXES = 10;
const MAX_RATE = '1000' as Decimal;
const MAX_RATE_DIGITS = 6;

const wholeDigits = (amount: Decimal): number => amount.replace('-', '').split('.')[0]!.length;

/** Digits that may be a card's, wherever the point stands. */
export const isCardLike = (amount: string): boolean => looksLikeCardNumber(amount.replace(/\D/g, ''));

/** Every amount of the request but the prices the buyer saw: those may be of any currency's digits. */
function* amountsOf(input: PlacementText): Generator<Money | null | undefined> {
  for (const line of input.lines) yield* [line.discount, ...(line.taxes ?? []).map((tax) => tax.amount)];
  for (const charge of input.charges ?? []) yield* [charge.amount, ...(charge.taxes ?? []).map((tax) => tax.amount)];
  for (const { amount } of [...(input.discounts ?? []), ...(input.payments ?? [])]) yield amount;
  yield* Object.values(input.expectedTotals ?? {});
}

/** The currency the order names, else the request's, else that of its first amount. */
export function orderCurrency(input: PlacementText, requested: CurrencyCode | null, problems: Problem[]): CurrencyCode | null {
  const named = input.currencyCode ?? requested;
  if (named !== null && !isCurrencyCode(named)) problems.push({ field: ['currencyCode'], message: 'the currency of the request is no ISO 4217 code' });
  if (named !== null) return named;
  for (const amount of amountsOf(input)) if (amount && isCurrencyCode(amount.currencyCode)) return amount.currencyCode;
  return null;
}

/** An amount of the order's currency with no more digits than that has; null, and the fault named, where it is none. */
export function readAmount({ amount, currencyCode }: Money, path: readonly string[], { currencyCode: order, problems }: AmountRules): Decimal | null {
  const name = path.join('.');
  const refuse = (message: string): null => {
    problems.push({ field: path, message: `${name} ${message}` });
    return null;
  };
  if (!isDecimal(amount) || isNegative(amount)) return refuse('must be an amount that is not negative');
  if (isCardLike(amount)) {
    problems.push(cardProblem(path));
    return null;
  }
  if (wholeDigits(amount) > MAX_WHOLE_DIGITS) return refuse(`has at most ${MAX_WHOLE_DIGITS} digits before the point`);
  if (!isCurrencyCode(currencyCode)) return refuse('is of no ISO 4217 currency');
  if (currencyCode !== order) return refuse(`is in ${currencyCode}, the order in ${order}; an order has one currency`);
  const value = decimal(amount);
  return scaleOf(value) > currencyDigits(currencyCode) ? refuse(`has more than the ${currencyDigits(currencyCode)} fraction digits of ${currencyCode}`) : value;
}

/** Taxes as somebody else computed them; undefined where none are told, which is not the same as no tax. */
export function readTaxes(taxes: readonly TaxText[] | null | undefined, path: readonly string[], rules: AmountRules): TaxAmount[] | undefined {
  if (!taxes) return undefined;
  if (taxes.length > MAX_TAXES) rules.problems.push({ field: path, message: `${path.join('.')} has at most ${MAX_TAXES} entries` });
  return taxes.slice(0, MAX_TAXES).map((tax, index) => {
    const at = [...path, String(index)];
    return {
      code: readCode(tax.code, [...at, 'code'], rules.problems),
      ratePercent: readRate(tax.ratePercent ?? null, [...at, 'ratePercent'], rules.problems),
      amount: readAmount(tax.amount, [...at, 'amount'], rules) ?? ZERO,
    };
  });
}

/** A code of ours: what the ERP calls it is in the code maps. */
export function readCode(code: string, path: readonly string[], problems: Problem[]): string {
  const text = checkText(code, path, 64, 'IDENTIFIER', problems);
  if (text === null) problems.push({ field: path, message: `${path.join('.')} must not be empty` });
  return text ?? '';
}

function readRate(rate: Decimal | null, path: readonly string[], problems: Problem[]): Decimal | null {
  if (rate === null) return null;
  const usable = isDecimal(rate) && !isNegative(rate) && compare(rate, MAX_RATE) <= 0 && scaleOf(rate) <= MAX_RATE_DIGITS;
  if (!usable) problems.push({ field: path, message: `${path.join('.')} is a percentage from 0 to ${MAX_RATE} with at most ${MAX_RATE_DIGITS} fraction digits` });
  return usable ? decimal(rate) : null;
}

const MAX_EXCHANGE_WHOLE = 9;

export const isExchangeRate = (rate: Decimal): boolean => isDecimal(rate) && isPositive(rate) && wholeDigits(rate) <= MAX_EXCHANGE_WHOLE && !isCardLike(rate);
