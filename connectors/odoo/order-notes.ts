import { equals, round, type Decimal } from '../../domain/decimal.ts';
import type { LocationCode } from '../../domain/ids.ts';
import { currencyDigits, type CurrencyCode } from '../../domain/money.ts';
import type { NewOrder, NewOrderLine, NewPayment, PaymentKind } from '../../domain/orders.ts';

/** What Odoo's columns have no place for is said in lines of text, so that people there see it. */

const KINDS: Readonly<Record<PaymentKind, string>> = { AUTHORISED: 'authorised', CAPTURED: 'captured', GIFT_CARD: 'gift card', ON_ACCOUNT: 'on account' };

/** "20.00 USD" */
export function showAmount(amount: Decimal, currencyCode: CurrencyCode): string {
  const digits = currencyDigits(currencyCode);
  const [whole, fraction = ''] = round(amount, digits, 'HALF_UP').split('.');
  return `${whole}${digits === 0 ? '' : `.${fraction.padEnd(digits, '0')}`} ${currencyCode}`;
}

const paymentNote = ({ amount, methodCode, kind, reference }: NewPayment): string =>
  [`Payment: ${showAmount(amount.amount, amount.currencyCode)} by ${methodCode}`, KINDS[kind], ...(reference === null ? [] : [`reference ${reference}`])].join(', ');

export interface OrderNoteGiven {
  /** Units of the order's currency that Odoo reckons one unit of the rate's base to be; null: it knows no such rate. */
  readonly ownRate: Decimal | null;
  /** Whether the carrier has a column. */
  readonly carrierKept: boolean;
}

/** Below all lines. */
export function orderNotes({ payments = [], exchangeRate, currencyCode, carrierCode }: NewOrder, { ownRate, carrierKept }: OrderNoteGiven): readonly string[] {
  const notes = payments.map(paymentNote);
  if (carrierCode != null && !carrierKept) notes.push(`Carrier: ${carrierCode}`);
  if (exchangeRate != null && (ownRate === null || !equals(round(ownRate, 6, 'HALF_UP'), round(exchangeRate.rate, 6, 'HALF_UP')))) {
    const odoo = ownRate === null ? '' : ` (here: ${round(ownRate, 6, 'HALF_UP')})`;
    notes.push(`Exchange rate agreed: 1 ${exchangeRate.baseCurrencyCode} = ${exchangeRate.rate} ${currencyCode}, ${exchangeRate.asOf.slice(0, 10)}${odoo}`);
  }
  return notes;
}

export interface LineNoteGiven {
  /** Code of the warehouse the order ships from; null: Odoo's choice. */
  readonly warehouse: LocationCode | null;
  /** Whether the line's discount is hidden in its unit price. */
  readonly folded: boolean;
}

/** Right below its line. */
export function lineNotes(order: NewOrder, line: NewOrderLine, { warehouse, folded }: LineNoteGiven): readonly string[] {
  const notes: string[] = [];
  if (folded) notes.push(`${showAmount(line.discount ?? ('0' as Decimal), order.currencyCode)} off is in the unit price`);
  if (line.requestedOn != null && line.requestedOn !== order.requestedOn) notes.push(`Asked for by ${line.requestedOn}`);
  if (line.locationCode !== null && line.locationCode !== warehouse) notes.push(`To be taken from ${line.locationCode}`);
  for (const hint of order.routing ?? []) {
    if (hint.lineNumber !== line.lineNumber || (hint.dueOn === null && hint.locationCode === (line.locationCode ?? warehouse))) continue;
    notes.push(`Planned from ${hint.locationCode}: ${hint.quantity}${hint.dueOn === null ? '' : `, there on ${hint.dueOn}`}`);
  }
  return notes;
}
