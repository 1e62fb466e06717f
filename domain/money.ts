import { multiply, round, type Decimal, type RoundingMode } from './decimal.ts';

/** ISO 4217 code, upper case. */
export type CurrencyCode = string;

/** An amount of one currency. Unit prices may carry more digits than the currency has (10.995). */
export interface Money {
  readonly amount: Decimal;
  readonly currencyCode: CurrencyCode;
}

/** ISO 4217 minor units that are not 2. */
const DIGITS: Readonly<Record<string, number>> = { JPY: 0, KRW: 0, CLP: 0, ISK: 0, VND: 0, BHD: 3, KWD: 3, OMR: 3, TND: 3, JOD: 3 };

export const isCurrencyCode = (text: string): boolean => CURRENCY_CODES.has(text);
export const currencyDigits = (code: CurrencyCode): number => DIGITS[code] ?? 2;

export const money = (amount: Decimal, currencyCode: CurrencyCode): Money => ({ amount, currencyCode });

/** Line amount: unit price times quantity, rounded once to the currency's digits. */
export function extendPrice(unitPrice: Money, quantity: Decimal, mode: RoundingMode): Money {
  return money(round(multiply(unitPrice.amount, quantity), currencyDigits(unitPrice.currencyCode), mode), unitPrice.currencyCode);
}

const CURRENCY_CODES: ReadonlySet<string> = new Set(Intl.supportedValuesOf('currency'));
