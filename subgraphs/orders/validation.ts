import { compare, isDecimal, isNegative, isPositive, scaleOf, type Decimal } from '../../domain/decimal.ts';
import { isCurrencyCode, type Money } from '../../domain/money.ts';
import type { CalendarDate } from '../../domain/time.ts';
import { readAddress, type AddressText } from './address-validation.ts';
import { checkText, type Problem } from './text-validation.ts';
import type { Contact, Placement, PlacementLine } from './placement.ts';

/** A request as it comes in: nothing in it is trusted. */
export interface PlacementText {
  readonly idempotencyKey: string;
  readonly externalOrderId?: string | null | undefined;
  readonly customerNumber?: string | null | undefined;
  readonly contact?: { readonly [K in keyof Contact]?: string | null | undefined } | null | undefined;
  readonly lines: readonly { readonly sku: string; readonly quantity: Decimal; readonly unit?: string | null | undefined; readonly expectedUnitPrice?: Money | null | undefined }[];
  readonly shipTo?: AddressText | null | undefined;
  readonly requestedDate?: CalendarDate | null | undefined;
  readonly note?: string | null | undefined;
  readonly holdId?: string | null | undefined;
  readonly paymentReference?: string | null | undefined;
}

export interface PlacementContext {
  readonly channel: string | null;
  readonly currencyCode: string | null;
  readonly today: CalendarDate;
}

export type CheckedPlacement = { readonly placement: Placement } | { readonly problems: readonly Problem[] };

const MAX_LINES = 500;
const MAX_QUANTITY = '1000000' as Decimal;
const MAX_QUANTITY_DIGITS = 3;
const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;

/** Checks a whole request and names every field at fault, so that a form can mark them all at once. */
export function checkPlacement(input: PlacementText, context: PlacementContext): CheckedPlacement {
  const problems: Problem[] = [];
  const text = (value: string | null | undefined, path: string[], maxLength: number, kind: 'FREE_TEXT' | 'IDENTIFIER') =>
    checkText(value, path, maxLength, kind, problems);
  const idempotencyKey = text(input.idempotencyKey, ['idempotencyKey'], 200, 'IDENTIFIER');
  if (idempotencyKey === null) problems.push({ field: ['idempotencyKey'], message: 'idempotencyKey must not be empty; send a new UUID per order' });
  const customerNumber = text(input.customerNumber, ['customerNumber'], 64, 'IDENTIFIER');
  const placement: Placement = {
    idempotencyKey: idempotencyKey ?? '',
    externalOrderId: text(input.externalOrderId, ['externalOrderId'], 128, 'IDENTIFIER'),
    channel: context.channel,
    currencyCode: checkCurrency(context.currencyCode, problems),
    customerNumber,
    contact: checkContact(input.contact, problems),
    lines: checkLines(input.lines, problems),
    shipTo: input.shipTo ? readAddress(input.shipTo, problems) : null,
    requestedOn: checkDate(input.requestedDate ?? null, context.today, problems),
    note: text(input.note, ['note'], 2_000, 'FREE_TEXT'),
    holdId: text(input.holdId, ['holdId'], 128, 'IDENTIFIER'),
    paymentReference: text(input.paymentReference, ['paymentReference'], 255, 'IDENTIFIER'),
  };
  return problems.length > 0 ? { problems } : { placement };
}

function checkCurrency(code: string | null, problems: Problem[]): string | null {
  if (code !== null && !isCurrencyCode(code)) problems.push({ field: ['currencyCode'], message: 'the currency of the request is no ISO 4217 code' });
  return code;
}

function checkDate(date: CalendarDate | null, today: CalendarDate, problems: Problem[]): CalendarDate | null {
  if (date !== null && date < today) problems.push({ field: ['requestedDate'], message: `requestedDate ${date} is in the past` });
  return date;
}

function checkContact(contact: PlacementText['contact'], problems: Problem[]): Contact | null {
  if (!contact) return null;
  const name = checkText(contact.name, ['contact', 'name'], 200, 'FREE_TEXT', problems);
  const email = checkText(contact.email, ['contact', 'email'], 254, 'FREE_TEXT', problems);
  const phone = checkText(contact.phone, ['contact', 'phone'], 40, 'PHONE', problems);
  if (email !== null && !EMAIL.test(email)) problems.push({ field: ['contact', 'email'], message: 'contact.email is no e-mail address' });
  return { name, email: email?.toLowerCase() ?? null, phone };
}

function checkLines(lines: PlacementText['lines'], problems: Problem[]): PlacementLine[] {
  if (lines.length === 0) problems.push({ field: ['lines'], message: 'an order needs at least one line' });
  if (lines.length > MAX_LINES) {
    problems.push({ field: ['lines'], message: `an order has at most ${MAX_LINES} lines; split it` });
    return [];
  }
  return lines.map((line, index) => checkLine(line, ['lines', String(index)], problems));
}

function checkLine(line: PlacementText['lines'][number], path: string[], problems: Problem[]): PlacementLine {
  const at = (name: string, message: string): void => void problems.push({ field: [...path, name], message });
  // Blanks are part of a SKU: it is not trimmed.
  if (line.sku.trim() === '' || line.sku.length > 64 || /\p{Cc}/u.test(line.sku)) at('sku', 'a sku has 1 to 64 printable characters');
  const { quantity, unit = null, expectedUnitPrice = null } = line;
  if (unit !== null && (unit === '' || unit.length > 64 || /\p{Cc}/u.test(unit))) at('unit', 'a unit has 1 to 64 printable characters; leave it out for the own unit');
  if (!isDecimal(quantity) || !isPositive(quantity)) at('quantity', 'quantity must be greater than zero');
  else if (compare(quantity, MAX_QUANTITY) > 0) at('quantity', `quantity must be at most ${MAX_QUANTITY}`);
  else if (scaleOf(quantity) > MAX_QUANTITY_DIGITS) at('quantity', `quantity has at most ${MAX_QUANTITY_DIGITS} fraction digits`);
  if (expectedUnitPrice && (!isDecimal(expectedUnitPrice.amount) || isNegative(expectedUnitPrice.amount))) at('expectedUnitPrice', 'a price is not negative');
  if (expectedUnitPrice && !isCurrencyCode(expectedUnitPrice.currencyCode)) at('expectedUnitPrice', 'the currency is no ISO 4217 code');
  // Left out where it was not given: keys of before units must go on meaning the same.
  return { sku: line.sku, quantity, ...(unit !== null && { unit }), expectedUnitPrice: expectedUnitPrice && { amount: expectedUnitPrice.amount, currencyCode: expectedUnitPrice.currencyCode } };
}
