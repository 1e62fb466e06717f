import { compare, isNegative, isZero, negate, subtract, type Decimal } from '../../../domain/decimal.ts';
import type { ChangeRecord } from './records.ts';
import type { Settlement } from './store.ts';

/* What became of a change, for people: in the timeline, and beside the payments it touches. No addresses, no names. */

const lineSentence = (sku: string, from: Decimal, now: Decimal): string => {
  if (isZero(now)) return `${from} ${sku} cancelled`;
  return compare(now, from) < 0 ? `${subtract(from, now)} of ${from} ${sku} cancelled` : `${now} ${sku} instead of ${from}`;
};

export function changeSentence({ lines, shipTo, requestedDay }: ChangeRecord, word: Settlement, difference: Decimal | null, currencyCode: string | null): string {
  if (word.state === 'REFUSED' || word.state === 'WITHDRAWN') return `nothing was changed: ${word.explanation ?? 'the order is over'}`;
  const now = new Map(word.outcome.map(({ lineNumber, quantity }) => [lineNumber, quantity]));
  const parts = lines.flatMap(({ lineNumber, sku, from }) => {
    const quantity = now.get(lineNumber) ?? from;
    return compare(quantity, from) === 0 ? [] : [lineSentence(sku, from, quantity)];
  });
  if (word.appliedAddress && shipTo !== null) parts.push('another address');
  if (word.appliedDay && requestedDay !== null) parts.push(requestedDay.on === null ? 'no day asked for any more' : `wanted on ${requestedDay.on}`);
  const money = moneySentence(difference, currencyCode);
  return [parts.join(', '), ...(money === null ? [] : [money]), ...(word.explanation === null ? [] : [`not all of it: ${word.explanation}`])].join('; ');
}

/** What is to be done about the payments, which a change never touches; null: nothing. */
export function moneySentence(difference: Decimal | null, currencyCode: string | null): string | null {
  if (difference === null || isZero(difference)) return null;
  if (isNegative(difference)) return `${negate(difference)} ${currencyCode} to be refunded, or released from the authorisation`;
  return `${difference} ${currencyCode} to be authorised in addition`;
}
