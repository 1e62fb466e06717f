import { createHash } from 'node:crypto';
import type { PostalAddress } from '../../../domain/customers.ts';
import { compare, isDecimal, isNegative, isZero, scaleOf, type Decimal } from '../../../domain/decimal.ts';
import type { CalendarDate } from '../../../domain/time.ts';
import { readAddress, type AddressText } from '../placing/address-validation.ts';
import { checkText, type Problem } from '../placing/text-validation.ts';

/** A request as it comes in: nothing in it is trusted. */
export interface ChangeText {
  readonly idempotencyKey: string;
  readonly reason?: string | null | undefined;
  readonly lines?: readonly { readonly lineNumber: number; readonly quantity?: Decimal | null | undefined }[] | null | undefined;
  readonly shipTo?: AddressText | null | undefined;
  /** Absent: the day stays; null: no day asked for. */
  readonly requestedDate?: CalendarDate | null | undefined;
}

export type ChangeKind = 'CANCEL' | 'AMEND';

/** A checked request: trimmed, free of card numbers. */
export interface ChangeRequest {
  readonly idempotencyKey: string;
  readonly kind: ChangeKind;
  readonly reason: string | null;
  /** CANCEL: how many to cancel, null: the whole line; no lines: all. AMEND: how many are wanted from now on. */
  readonly lines: readonly { readonly lineNumber: number; readonly quantity: Decimal | null }[] | null;
  readonly shipTo: PostalAddress | null;
  readonly requestedDay: { readonly on: CalendarDate | null } | null;
}

const MAX_LINES = 500;
const MAX_QUANTITY = '1000000' as Decimal;
const MAX_QUANTITY_DIGITS = 3;

/** Checks a whole request and names every field at fault. */
export function checkChange(kind: ChangeKind, input: ChangeText, today: CalendarDate): { readonly request: ChangeRequest } | { readonly problems: readonly Problem[] } {
  const problems: Problem[] = [];
  const idempotencyKey = checkText(input.idempotencyKey, ['idempotencyKey'], 200, 'IDENTIFIER', problems);
  if (idempotencyKey === null) problems.push({ field: ['idempotencyKey'], message: 'idempotencyKey must not be empty; send a new UUID per change' });
  const { requestedDate } = input;
  if (requestedDate != null && requestedDate < today) problems.push({ field: ['requestedDate'], message: `requestedDate ${requestedDate} is in the past` });
  const request: ChangeRequest = {
    idempotencyKey: idempotencyKey ?? '', kind,
    reason: checkText(input.reason, ['reason'], 500, 'FREE_TEXT', problems),
    lines: input.lines ? checkLines(kind, input.lines, problems) : null,
    shipTo: input.shipTo ? readAddress(input.shipTo, ['shipTo'], problems) : null,
    requestedDay: requestedDate === undefined ? null : { on: requestedDate },
  };
  if (kind === 'AMEND' && request.lines === null && request.shipTo === null && request.requestedDay === null) {
    problems.push({ field: [], message: 'nothing is to be changed: give lines, shipTo or requestedDate' });
  }
  return problems.length > 0 ? { problems } : { request };
}

function checkLines(kind: ChangeKind, lines: NonNullable<ChangeText['lines']>, problems: Problem[]): { lineNumber: number; quantity: Decimal | null }[] {
  if (lines.length === 0) problems.push({ field: ['lines'], message: kind === 'CANCEL' ? 'name at least one line, or leave lines out to cancel all' : 'name at least one line, or leave lines out' });
  if (lines.length > MAX_LINES) {
    problems.push({ field: ['lines'], message: `a change has at most ${MAX_LINES} lines` });
    return [];
  }
  const seen = new Set<number>();
  return lines.map(({ lineNumber, quantity = null }, index) => {
    const at = (name: string, message: string): void => void problems.push({ field: ['lines', String(index), name], message });
    if (seen.has(lineNumber)) at('lineNumber', `line ${lineNumber} is named twice`);
    seen.add(lineNumber);
    if (quantity === null) {
      if (kind === 'AMEND') at('quantity', 'say how many are wanted from now on');
    } else if (!isDecimal(quantity) || isNegative(quantity) || (kind === 'CANCEL' && isZero(quantity))) at('quantity', kind === 'CANCEL' ? 'quantity to cancel must be greater than zero' : 'quantity must not be below zero');
    else if (compare(quantity, MAX_QUANTITY) > 0) at('quantity', `quantity must be at most ${MAX_QUANTITY}`);
    else if (scaleOf(quantity) > MAX_QUANTITY_DIGITS) at('quantity', `quantity has at most ${MAX_QUANTITY_DIGITS} fraction digits`);
    return { lineNumber, quantity };
  });
}

/** Equal for equal requests about one order, whatever their key and the order of their lines. */
export function hashChange(orderId: string, { idempotencyKey: _, lines, ...rest }: ChangeRequest): string {
  const sorted = lines && lines.toSorted((a, b) => a.lineNumber - b.lineNumber).map(({ lineNumber, quantity }) => [lineNumber, quantity]);
  const address = rest.shipTo && Object.entries(rest.shipTo).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256').update(JSON.stringify([orderId, rest.kind, rest.reason, sorted, address, rest.requestedDay])).digest('hex');
}

/** The same for the same owner and key: a request that died midway is found again by what it began. */
export function changeIdOf(owner: string, idempotencyKey: string): string {
  const hex = createHash('sha256').update(JSON.stringify(['change', owner, idempotencyKey])).digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), `8${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join('-');
}
