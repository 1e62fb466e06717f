import { compare, decimal, isPositive, scaleOf, type Decimal } from '../../../domain/decimal.ts';
import { currencyDigits, isCurrencyCode, money } from '../../../domain/money.ts';
import type { PriceTarget } from '../../../domain/pricing.ts';
import type { Promotion, PromotionEffect } from '../../../domain/promotions.ts';
import { invalid, isStorable, refused, type Outcome, type Refusal } from './refusal.ts';
import type { AmountOffInput, BuyXGetYInput, PercentOffInput, PriceAmountInput, PromotionEffectInput, PromotionInput, PromotionTargetInput } from './types-promotion-input.ts';

const CODE = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/;
const LONGEST_NAME = 200;
const LONGEST_KEY = 128;
const MOST_TARGETS = 1_000;
const MOST_CODES = 100;
const HIGHEST_PRIORITY = 1_000_000;
const HUNDRED = decimal(100);
const MOST_PIECES = decimal(10_000);
const CODE_RULE = 'has 1 to 64 letters, digits, "_", "." or "-"';

type Path = readonly string[];

/** A promotion as it was typed in, or every fault of it with the path of its field. Pure. */
export function readPromotionInput(input: PromotionInput): Outcome<Promotion> {
  const at: Path = ['promotion'];
  const effect = readEffect(input.effect, [...at, 'effect']);
  const faults = [
    ...(effect.ok ? checkWhole(input, effect.value, at) : effect.refusals), ...checkHead(input, at), ...checkTargets(input.targets, [...at, 'targets']),
    ...checkCodes(input.channels, [...at, 'channels']), ...checkCodes(input.priceListCodes, [...at, 'priceListCodes']), ...checkLimits(input, at),
  ];
  if (faults.length > 0 || !effect.ok) return refused(...faults);
  const { code, name, priority, stacking, exclusionGroup = null, channels, priceListCodes, minQuantity = null, maxQuantity = null, validFrom = null, validUntil = null, active } = input;
  return {
    ok: true,
    value: {
      code, name: name.trim(), effect: effect.value, priority, stacking, exclusionGroup, targets: input.targets.map(targetOf), channels, priceListCodes, minQuantity, maxQuantity,
      minBasket: input.minBasket == null ? null : moneyOf(input.minBasket), validFrom, validUntil, active,
    },
  };
}

const moneyOf = ({ amount, currencyCode }: PriceAmountInput): Promotion['minBasket'] & object => money(amount, currencyCode);

function checkHead({ code, name, priority, exclusionGroup = null }: PromotionInput, at: Path): readonly Refusal[] {
  return [
    ...(CODE.test(code) ? [] : [invalid([...at, 'code'], `code ${CODE_RULE}`)]),
    ...(name.trim() !== '' && name.length <= LONGEST_NAME && isStorable(name) ? [] : [invalid([...at, 'name'], `name must have 1 to ${LONGEST_NAME} characters: buyers read it`)]),
    ...(Math.abs(priority) <= HIGHEST_PRIORITY ? [] : [invalid([...at, 'priority'], `priority must be between -${HIGHEST_PRIORITY} and ${HIGHEST_PRIORITY}`)]),
    ...(exclusionGroup === null || CODE.test(exclusionGroup) ? [] : [invalid([...at, 'exclusionGroup'], `exclusionGroup ${CODE_RULE}`)]),
  ];
}

function readEffect({ percentOff, amountOff, fixedPrice, buyXGetY }: PromotionEffectInput, at: Path): Outcome<PromotionEffect> {
  if ([percentOff, amountOff, fixedPrice, buyXGetY].filter((effect) => effect != null).length !== 1) return refused(invalid(at, 'give exactly one of percentOff, amountOff, fixedPrice and buyXGetY'));
  if (percentOff != null) return outcome({ kind: 'PERCENT_OFF', percent: percentOff.percent, of: percentOff.of, place: percentOff.place }, checkPercentOff(percentOff, [...at, 'percentOff']));
  if (amountOff != null) return outcome({ kind: 'AMOUNT_OFF', amount: moneyOf(amountOff.amount), place: amountOff.place === 'BASKET' ? 'BASKET' : 'UNIT' }, checkAmountOff(amountOff, [...at, 'amountOff']));
  if (fixedPrice != null) return outcome({ kind: 'FIXED_PRICE', amount: moneyOf(fixedPrice) }, checkAmount(fixedPrice, [...at, 'fixedPrice']));
  const { buy, get, percentOff: percent, timesAtMost = null } = buyXGetY!;
  return outcome({ kind: 'BUY_X_GET_Y', buy, get, percentOff: percent, timesAtMost }, checkBuyAndGet(buyXGetY!, [...at, 'buyXGetY']));
}

const outcome = (effect: PromotionEffect, faults: readonly Refusal[]): Outcome<PromotionEffect> => (faults.length === 0 ? { ok: true, value: effect } : refused(...faults));

const isPercent = (percent: Decimal): boolean => isPositive(percent) && compare(percent, HUNDRED) <= 0;

function checkPercentOff({ percent, place }: PercentOffInput, at: Path): readonly Refusal[] {
  if (!isPercent(percent)) return [invalid([...at, 'percent'], 'percent must be above 0 and at most 100')];
  if (place !== 'UNIT' || compare(percent, HUNDRED) < 0) return [];
  return [invalid([...at, 'percent'], 'all of the price of a piece leaves none; to give pieces away use place LINE')];
}

const checkAmountOff = ({ amount, place }: AmountOffInput, at: Path): readonly Refusal[] => [
  ...checkAmount(amount, [...at, 'amount'], place === 'BASKET'),
  ...(place === 'LINE' ? [invalid([...at, 'place'], 'an amount is taken off each piece (UNIT) or the basket (BASKET)')] : []),
];

/** `charged`: it is paid as it is, so it has no more digits than its currency. */
function checkAmount({ amount, currencyCode }: PriceAmountInput, at: Path, charged = false): readonly Refusal[] {
  const digits = currencyDigits(currencyCode);
  return [
    ...(isPositive(amount) ? [] : [invalid([...at, 'amount'], 'amount must be above zero')]),
    ...(isCurrencyCode(currencyCode) ? [] : [invalid([...at, 'currencyCode'], `${JSON.stringify(currencyCode)} is no ISO 4217 currency code`)]),
    ...(charged && scaleOf(amount) > digits ? [invalid([...at, 'amount'], `${currencyCode} has ${digits} digits after the point`)] : []),
  ];
}

function checkBuyAndGet({ buy, get, percentOff, timesAtMost = null }: BuyXGetYInput, at: Path): readonly Refusal[] {
  const isCount = (pieces: Decimal): boolean => isPositive(pieces) && scaleOf(pieces) === 0 && compare(pieces, MOST_PIECES) <= 0;
  return [
    ...(isCount(buy) ? [] : [invalid([...at, 'buy'], `buy must be a whole number of pieces from 1 to ${MOST_PIECES}`)]),
    ...(isCount(get) ? [] : [invalid([...at, 'get'], `get must be a whole number of pieces from 1 to ${MOST_PIECES}`)]),
    ...(isPercent(percentOff) ? [] : [invalid([...at, 'percentOff'], 'percentOff must be above 0 and at most 100')]),
    ...(timesAtMost === null || timesAtMost > 0 ? [] : [invalid([...at, 'timesAtMost'], 'timesAtMost must be above zero; leave it out for as often as it fits')]),
  ];
}

function checkTargets(targets: readonly PromotionTargetInput[], at: Path): readonly Refusal[] {
  if (targets.length > MOST_TARGETS) return [invalid(at, `at most ${MOST_TARGETS} targets; target a group or category, or split the promotion`)];
  return targets.flatMap(({ sku, groupCode, categoryCode }, index) => {
    const named = [sku, groupCode, categoryCode].filter((code) => code != null);
    if (named.length !== 1) return [invalid([...at, String(index)], 'give exactly one of sku, groupCode and categoryCode')];
    return isKey(named[0]!) ? [] : [invalid([...at, String(index)], `a target has 1 to ${LONGEST_KEY} characters that can be stored`)];
  });
}

const isKey = (text: string): boolean => text !== '' && text.length <= LONGEST_KEY && isStorable(text);

function targetOf({ sku, groupCode, categoryCode }: PromotionTargetInput): PriceTarget {
  if (sku != null) return { kind: 'SKU', sku };
  return groupCode != null ? { kind: 'GROUP', groupCode } : { kind: 'CATEGORY', categoryCode: categoryCode! };
}

function checkCodes(codes: readonly string[], at: Path): readonly Refusal[] {
  if (codes.length > MOST_CODES) return [invalid(at, `at most ${MOST_CODES} codes`)];
  return codes.flatMap((code, index) => (isKey(code) ? [] : [invalid([...at, String(index)], `a code has 1 to ${LONGEST_KEY} characters that can be stored`)]));
}

function checkLimits({ minQuantity = null, maxQuantity = null, minBasket = null, validFrom = null, validUntil = null }: PromotionInput, at: Path): readonly Refusal[] {
  const above = (quantity: Decimal | null, name: string): readonly Refusal[] => (quantity === null || isPositive(quantity) ? [] : [invalid([...at, name], `${name} must be above zero; leave it out for any`)]);
  return [
    ...above(minQuantity, 'minQuantity'), ...above(maxQuantity, 'maxQuantity'),
    ...(minQuantity !== null && maxQuantity !== null && compare(maxQuantity, minQuantity) < 0 ? [invalid([...at, 'maxQuantity'], `maxQuantity is below minQuantity ${minQuantity}: it would never apply`)] : []),
    ...(minBasket === null ? [] : checkAmount(minBasket, [...at, 'minBasket'])),
    ...(validFrom !== null && validUntil !== null && validUntil <= validFrom ? [invalid([...at, 'validUntil'], `validUntil must be after validFrom ${validFrom}`)] : []),
  ];
}

/** What only shows where effect and limits are looked at together. */
function checkWhole({ minBasket = null }: PromotionInput, effect: PromotionEffect, at: Path): readonly Refusal[] {
  if (minBasket === null || !('amount' in effect) || minBasket.currencyCode === effect.amount.currencyCode) return [];
  return [invalid([...at, 'minBasket', 'currencyCode'], `must be ${effect.amount.currencyCode}, as the amount of the effect: of two currencies it would never apply`)];
}
