import type { Decimal } from '../../../domain/decimal.ts';
import type { CalendarDate } from '../../../domain/time.ts';
import type { Contact } from '../records.ts';
import { readAddress } from './address-validation.ts';
import { orderCurrency } from './amount-validation.ts';
import { given } from './given.ts';
import { checkLines } from './line-validation.ts';
import { checkMoney } from './money-validation.ts';
import type { PlacementText } from './placement-text.ts';
import type { Placement } from './placement.ts';
import { checkText, type Problem } from './text-validation.ts';

export type { PlacementText } from './placement-text.ts';

export interface PlacementContext {
  readonly channel: string | null;
  readonly currencyCode: string | null;
  readonly today: CalendarDate;
  /** The most of one line. */
  readonly maxQuantity: Decimal;
  /** Whether the system behind the shop sends the lines of one order to several addresses. */
  readonly lineShipTo: boolean;
  readonly companyLocation: string | null;
}

export type CheckedPlacement = { readonly placement: Placement } | { readonly problems: readonly Problem[] };

const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;

/** Checks a whole request and names every field at fault, so that a form can mark them all at once. */
export function checkPlacement(input: PlacementText, context: PlacementContext): CheckedPlacement {
  const problems: Problem[] = [];
  const text = (value: string | null | undefined, path: string[], maxLength: number, kind: 'FREE_TEXT' | 'IDENTIFIER') =>
    checkText(value, path, maxLength, kind, problems);
  const idempotencyKey = text(input.idempotencyKey, ['idempotencyKey'], 200, 'IDENTIFIER');
  if (idempotencyKey === null) problems.push({ field: ['idempotencyKey'], message: 'idempotencyKey must not be empty; send a new UUID per order' });
  const currencyCode = orderCurrency(input, context.currencyCode, problems);
  const shipTo = input.shipTo ? readAddress(input.shipTo, ['shipTo'], problems) : null;
  const rules = { ...context, currencyCode, problems, shipTo, requestedOn: input.requestedDate ?? null };
  const placement: Placement = {
    idempotencyKey: idempotencyKey ?? '',
    externalOrderId: text(input.externalOrderId, ['externalOrderId'], 128, 'IDENTIFIER'),
    channel: context.channel,
    currencyCode,
    customerNumber: text(input.customerNumber, ['customerNumber'], 64, 'IDENTIFIER'),
    contact: checkContact(input.contact, problems),
    lines: checkLines(input.lines, rules),
    shipTo,
    requestedOn: checkDate(rules.requestedOn, context.today, problems),
    note: text(input.note, ['note'], 2_000, 'FREE_TEXT'),
    holdId: text(input.holdId, ['holdId'], 128, 'IDENTIFIER'),
    paymentReference: text(input.paymentReference, ['paymentReference'], 255, 'IDENTIFIER'),
    ...given('billTo', input.billTo && readAddress(input.billTo, ['billTo'], problems)),
    ...given('carrierCode', text(input.carrierCode, ['carrierCode'], 64, 'IDENTIFIER')),
    ...checkMoney(input, rules),
    ...given('quoteToken', checkQuoteToken(input.quoteToken ?? null, problems)),
    ...given('companyLocation', context.companyLocation),
  };
  return problems.length > 0 ? { problems } : { placement };
}

/** Five hundred lines of the longest SKUs stay below. */
const MAX_TOKEN_LENGTH = 64_000;

/** What a token cannot be goes no further: not into a hash, not over to pricing. */
function checkQuoteToken(token: string | null, problems: Problem[]): string | null {
  if (token === null || (token.length <= MAX_TOKEN_LENGTH && /^q\d+\.[\w-]+\.[\w-]{43}$/.test(token))) return token;
  problems.push({ field: ['quoteToken'], code: 'QUOTE_REFUSED', message: 'quoteToken is no token of priceQuote; pass BasketPriceQuote.token on unchanged' });
  return null;
}

function checkDate(date: CalendarDate | null, today: CalendarDate, problems: Problem[]): CalendarDate | null {
  if (date !== null && date < today) problems.push({ field: ['requestedDate'], message: `requestedDate ${date} is in the past` });
  return date;
}

/** Null where none is given. */
export function checkContact(contact: PlacementText['contact'], problems: Problem[]): Contact | null {
  if (!contact) return null;
  const name = checkText(contact.name, ['contact', 'name'], 200, 'FREE_TEXT', problems);
  const email = checkText(contact.email, ['contact', 'email'], 254, 'FREE_TEXT', problems);
  const phone = checkText(contact.phone, ['contact', 'phone'], 40, 'PHONE', problems);
  if (email !== null && !EMAIL.test(email)) problems.push({ field: ['contact', 'email'], message: 'contact.email is no e-mail address' });
  return { name, email: email?.toLowerCase() ?? null, phone };
}
