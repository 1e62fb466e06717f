import { compare, isDecimal, isNegative, isPositive, scaleOf, type Decimal } from '../../../domain/decimal.ts';
import { isCurrencyCode, type Money } from '../../../domain/money.ts';
import type { PostalAddress } from '../../../domain/customers.ts';
import type { CalendarDate } from '../../../domain/time.ts';
import { readAddress } from './address-validation.ts';
import { isCardLike, readAmount, readTaxes, type AmountRules } from './amount-validation.ts';
import { looksLikeCardNumber } from './card-number.ts';
import { given } from './given.ts';
import type { LineText } from './placement-text.ts';
import type { PlacementLine } from './placement.ts';
import { cardProblem, type Problem } from './text-validation.ts';

/** What the lines of an order have in common. */
export interface LineRules extends AmountRules {
  readonly today: CalendarDate;
  readonly maxQuantity: Decimal;
  /** Whether the system behind the shop sends the lines of one order to several addresses. */
  readonly lineShipTo: boolean;
  readonly shipTo: PostalAddress | null;
  readonly requestedOn: CalendarDate | null;
}

const MAX_LINES = 500;
const MAX_QUANTITY_DIGITS = 3;

export function checkLines(lines: readonly LineText[], rules: LineRules): PlacementLine[] {
  const { problems } = rules;
  if (lines.length === 0) problems.push({ field: ['lines'], message: 'an order needs at least one line' });
  if (lines.length > MAX_LINES) {
    problems.push({ field: ['lines'], message: `an order has at most ${MAX_LINES} lines; split it` });
    return [];
  }
  const checked = lines.map((line, index) => checkLine(line, ['lines', String(index)], rules));
  nameRepeated(checked, problems);
  return checked;
}

/**
 * One article twice under the same terms is a double click or a mistaken import, and which it is only the sender knows.
 * Another address, day, price or discount makes it another line: "two, and the third for free" is two lines.
 */
function nameRepeated(lines: readonly PlacementLine[], problems: Problem[]): void {
  const first = new Map<string, number>();
  for (const [index, { sku, unit, shipTo, requestedOn, expectedUnitPrice, discount }] of lines.entries()) {
    const key = JSON.stringify([sku, unit, shipTo, requestedOn, expectedUnitPrice, discount]);
    const earlier = first.get(key);
    if (earlier === undefined) first.set(key, index);
    else problems.push({ field: ['lines', String(index)], message: `lines.${index} repeats lines.${earlier}; send one line with the sum of both quantities` });
  }
}

function checkLine(line: LineText, path: string[], rules: LineRules): PlacementLine {
  const { expectedUnitPrice = null } = line;
  checkArticle(line, path, rules);
  checkPrice(expectedUnitPrice, [...path, 'expectedUnitPrice'], rules);
  // Left out where it was not given: keys of before units must go on meaning the same.
  return {
    sku: line.sku, quantity: line.quantity, ...given('unit', line.unit),
    expectedUnitPrice: expectedUnitPrice && { amount: expectedUnitPrice.amount, currencyCode: expectedUnitPrice.currencyCode },
    ...given('discount', line.discount && readAmount(line.discount, [...path, 'discount'], rules)),
    ...given('taxes', readTaxes(line.taxes, [...path, 'taxes'], rules)),
    ...given('shipTo', checkShipTo(line, [...path, 'shipTo'], rules)),
    ...given('requestedOn', checkDay(line.requestedDate ?? null, [...path, 'requestedDate'], rules)),
  };
}

function checkArticle({ sku, quantity, unit = null }: LineText, path: string[], { maxQuantity, problems }: LineRules): void {
  const at = (name: string, message: string): void => void problems.push({ field: [...path, name], message });
  // Blanks are part of a SKU: it is not trimmed.
  if (sku.trim() === '' || sku.length > 64 || /\p{Cc}/u.test(sku)) at('sku', 'a sku has 1 to 64 printable characters');
  else if (looksLikeCardNumber(sku)) problems.push(cardProblem([...path, 'sku']));
  if (unit !== null && (unit === '' || unit.length > 64 || /\p{Cc}/u.test(unit))) at('unit', 'a unit has 1 to 64 printable characters; leave it out for the own unit');
  else if (unit !== null && looksLikeCardNumber(unit)) problems.push(cardProblem([...path, 'unit']));
  if (!isDecimal(quantity) || !isPositive(quantity)) at('quantity', 'quantity must be greater than zero');
  else if (isCardLike(quantity)) problems.push(cardProblem([...path, 'quantity']));
  else if (compare(quantity, maxQuantity) > 0) at('quantity', `quantity must be at most ${maxQuantity}; for more ask us, or split the order`);
  else if (scaleOf(quantity) > MAX_QUANTITY_DIGITS) at('quantity', `quantity has at most ${MAX_QUANTITY_DIGITS} fraction digits`);
}

/** A unit price may have more digits than the currency. */
function checkPrice(price: Money | null, path: string[], { currencyCode, problems }: LineRules): void {
  if (price === null) return;
  const refuse = (message: string): void => void problems.push({ field: path, message });
  if (!isDecimal(price.amount) || isNegative(price.amount)) refuse('a price is not negative');
  else if (isCardLike(price.amount)) problems.push(cardProblem(path));
  if (!isCurrencyCode(price.currencyCode)) refuse('the currency is no ISO 4217 code');
  else if (currencyCode !== null && price.currencyCode !== currencyCode) refuse(`the price is in ${price.currencyCode}, the order in ${currencyCode}; an order has one currency`);
}

function checkShipTo({ shipTo }: LineText, path: string[], rules: LineRules): PostalAddress | null {
  if (!shipTo) return null;
  const address = readAddress(shipTo, path, rules.problems);
  if (JSON.stringify(address) === JSON.stringify(rules.shipTo)) return null;
  if (!rules.lineShipTo) {
    const message = `the system behind the shop sends an order to one address: place one order per address, or leave ${path.join('.')} out`;
    rules.problems.push({ field: path, message, code: 'UNSUPPORTED' });
  }
  return address;
}

function checkDay(day: CalendarDate | null, path: string[], { today, requestedOn, problems }: LineRules): CalendarDate | null {
  if (day !== null && day < today) problems.push({ field: path, message: `${path.join('.')} is in the past` });
  return day === requestedOn ? null : day;
}
