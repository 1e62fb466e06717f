import { isNegative, isZero, negate, type Decimal } from '../../../domain/decimal.ts';
import type { CurrencyCode } from '../../../domain/money.ts';
import type { PriceBase, PriceFormula } from '../../../domain/pricing.ts';

/** A rule's arithmetic for a reader, in the order in which it is done: "20 % off the list price, to the nearest 10, less 0.01". */
export function describeFormula(formula: PriceFormula, currencyCode: CurrencyCode, unitCode: string | null): string {
  const said = formula.kind === 'FIXED' ? `${formula.amount} ${currencyCode}` : formula.kind === 'PERCENT_OFF' ? percentOf(formula.percent, formula.base) : stepsOf(formula);
  return unitCode === null ? said : `${said}, for one ${unitCode}`;
}

function stepsOf({ base, percentOff, roundTo, surcharge, minMargin, maxMargin }: Extract<PriceFormula, { kind: 'FORMULA' }>): string {
  return [
    percentOf(percentOff, base),
    ...(roundTo === null || isZero(roundTo) ? [] : [`to the nearest ${roundTo}`]),
    ...(isZero(surcharge) ? [] : [isNegative(surcharge) ? `less ${negate(surcharge)}` : `plus ${surcharge}`]),
    ...(minMargin === null ? [] : [`at least ${apart(minMargin)} ${nameOf(base)}`]),
    ...(maxMargin === null ? [] : [`at most ${apart(maxMargin)} ${nameOf(base)}`]),
  ].join(', ');
}

const percentOf = (percent: Decimal, base: PriceBase): string =>
  isZero(percent) ? nameOf(base) : isNegative(percent) ? `${negate(percent)} % above ${nameOf(base)}` : `${percent} % off ${nameOf(base)}`;

const apart = (margin: Decimal): string => (isNegative(margin) ? `${negate(margin)} below` : `${margin} above`);

function nameOf(base: PriceBase): string {
  switch (base.kind) {
    case 'LIST':
      return 'the list price';
    case 'COST':
      return 'the cost';
    case 'PRICE_LIST':
      return `price list ${base.code}`;
  }
}
