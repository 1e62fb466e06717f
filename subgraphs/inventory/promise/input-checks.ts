import { compare, decimal, isPositive } from '../../../domain/decimal.ts';
import { invalidInput } from '../../../domain/failure.ts';
import type { AvailabilityCheck, BasketLine, HoldRequest, ShipTo } from '../../../domain/inventory.ts';
import { addDays, type CalendarDate } from '../../../domain/time.ts';

/* Every refusal names the field and the remedy. @throws Failure INVALID_INPUT */

const MAX_LINES = 500;
export const MIN_TTL_SECONDS = 10;
export const MAX_TTL_SECONDS = 86_400;
const MIN_DEADLINE_MS = 50;
const MAX_QUANTITY = decimal('1000000000');
const MAX_SKU_LENGTH = 64;
const MAX_KEY_LENGTH = 255;

/** PostgreSQL holds neither NUL nor half a character. */
const isStorable = (text: string): boolean => !text.includes('\0') && text.isWellFormed();

function checkLines(lines: readonly BasketLine[]): void {
  if (lines.length === 0) throw invalidInput(['lines'], 'lines must not be empty');
  if (lines.length > MAX_LINES) throw invalidInput(['lines'], `at most ${MAX_LINES} lines; split the basket`);
  for (const [index, { sku, quantity }] of lines.entries()) {
    if (sku.length === 0 || sku.length > MAX_SKU_LENGTH) throw invalidInput(['lines', String(index), 'sku'], `sku must have 1 to ${MAX_SKU_LENGTH} characters`);
    if (!isStorable(sku)) throw invalidInput(['lines', String(index), 'sku'], 'sku holds a character no system can store');
    const field = ['lines', String(index), 'quantity'];
    if (!isPositive(quantity)) throw invalidInput(field, 'quantity must be above zero');
    if (compare(quantity, MAX_QUANTITY) > 0) throw invalidInput(field, 'quantity must not be above one billion');
  }
}

export function checkHoldRequest({ idempotencyKey, lines, ttlSeconds, shipTo }: HoldRequest): void {
  if (idempotencyKey.length === 0 || idempotencyKey.length > MAX_KEY_LENGTH) {
    throw invalidInput(['idempotencyKey'], `idempotencyKey must have 1 to ${MAX_KEY_LENGTH} characters`);
  }
  if (!isStorable(idempotencyKey)) throw invalidInput(['idempotencyKey'], 'idempotencyKey holds a character no system can store');
  checkTtl(ttlSeconds);
  checkLines(lines);
  checkShipTo(shipTo);
}

export function checkTtl(ttlSeconds: number): void {
  if (Number.isInteger(ttlSeconds) && ttlSeconds >= MIN_TTL_SECONDS && ttlSeconds <= MAX_TTL_SECONDS) return;
  throw invalidInput(['ttlSeconds'], `ttlSeconds must be a whole number from ${MIN_TTL_SECONDS} to ${MAX_TTL_SECONDS}`);
}

/** Null asks about this moment. Beyond the horizon nothing is known, which is not "out of stock". */
export function checkRequestedDay(requestedOn: CalendarDate | null, today: CalendarDate, horizonDays: number): void {
  if (requestedOn === null) return;
  const lastDay = addDays(today, horizonDays);
  if (requestedOn < today) throw invalidInput(['requestedDate'], `requestedDate ${requestedOn} is past; today is ${today}`);
  if (requestedOn > lastDay) throw invalidInput(['requestedDate'], `requestedDate ${requestedOn} is too far; stock can be promised up to ${lastDay}`);
}

/** @throws Failure INVALID_INPUT for what is no country. */
function checkShipTo(shipTo: ShipTo | null | undefined): void {
  if (shipTo == null || /^[A-Za-z]{2}$/.test(shipTo.countryCode)) return;
  throw invalidInput(['shipTo', 'countryCode'], 'shipTo.countryCode must be an ISO 3166-1 code of two letters, like "US"');
}

export function checkQuestion({ lines, requestedOn, deadlineMs, shipTo }: AvailabilityCheck, today: CalendarDate, maxDeadlineMs: number, horizonDays: number): void {
  checkLines(lines);
  checkShipTo(shipTo);
  checkRequestedDay(requestedOn, today, horizonDays);
  if (!Number.isInteger(deadlineMs) || deadlineMs < MIN_DEADLINE_MS || deadlineMs > maxDeadlineMs) {
    throw invalidInput(['deadlineMs'], `deadlineMs must be a whole number from ${MIN_DEADLINE_MS} to ${maxDeadlineMs}`);
  }
}
