import { currencyDigits, type Money } from '../../../domain/money.ts';
import type { Decimal } from '../../../domain/decimal.ts';

/** Intl reads decimal text exactly; a detour over floating point would not. */
const exact = (amount: Decimal): Intl.StringNumericLiteral => amount as unknown as Intl.StringNumericLiteral;

const scale = (amount: Decimal): number => amount.split('.')[1]?.length ?? 0;

/** An amount in the reader's notation, with every digit it has and never fewer than the currency's. */
export function formatMoney({ amount, currencyCode }: Money, languageTag: string): string {
  const digits = currencyDigits(currencyCode);
  return new Intl.NumberFormat(languageTag, { style: 'currency', currency: currencyCode, minimumFractionDigits: digits, maximumFractionDigits: Math.max(digits, scale(amount)) }).format(exact(amount));
}

export const formatQuantity = (quantity: Decimal, languageTag: string): string =>
  new Intl.NumberFormat(languageTag, { maximumFractionDigits: Math.max(3, scale(quantity)) }).format(exact(quantity));

/** A calendar day: no time zone moves it. */
export const formatDay = (date: string, languageTag: string): string =>
  new Intl.DateTimeFormat(languageTag, { dateStyle: 'medium', timeZone: 'UTC' }).format(new Date(`${date}T00:00:00Z`));

export const formatInstant = (instant: string, languageTag: string): string =>
  new Intl.DateTimeFormat(languageTag, { dateStyle: 'medium', timeStyle: 'medium' }).format(new Date(instant));

export const formatTime = (instant: string, languageTag: string): string =>
  new Intl.DateTimeFormat(languageTag, { timeStyle: 'medium' }).format(new Date(instant));

/** Prose of a PIM may be HTML: shown as paragraphs of text, never run. */
export function paragraphsOf(prose: string): readonly string[] {
  const page = new DOMParser().parseFromString(prose.replace(/<(?:br|\/p|\/li|\/div|\/h\d)[^>]*>/gi, '\n'), 'text/html');
  return (page.body.textContent ?? '').split(/\n+/).map((line) => line.trim()).filter(Boolean);
}
