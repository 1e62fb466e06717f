import { compare, decimal, negate, ONE, ZERO, type Decimal } from '../../../domain/decimal.ts';
import { isCurrencyCode } from '../../../domain/money.ts';
import type { ExchangeRate } from '../../../domain/orders.ts';
import { dayOf, type CalendarDate } from '../../../domain/time.ts';
import type { ChargeRecord } from '../records.ts';
import { isExchangeRate, readAmount, readCode, readTaxes, type AmountRules } from './amount-validation.ts';
import { given } from './given.ts';
import type { ChargeText, DiscountText, PaymentText, PlacementText } from './placement-text.ts';
import type { ExpectedTotals, Placement, PlacementPayment } from './placement.ts';
import { checkText } from './text-validation.ts';

export interface MoneyRules extends AmountRules {
  readonly today: CalendarDate;
}

type MoneyPart = Pick<Placement, 'charges' | 'payments' | 'taxIncluded' | 'exchangeRate' | 'expectedTotals'>;

/** What an order costs beside its lines, how it is paid, and what the buyer was told. Nothing is added up here. */
export function checkMoney(input: PlacementText, rules: MoneyRules): MoneyPart {
  const charges = [...checkEach(input.charges, 'charges', rules, checkCharge), ...checkEach(input.discounts, 'discounts', rules, checkDiscount)];
  const payments = checkEach(input.payments, 'payments', rules, checkPayment);
  nameOpenPayments(payments, rules);
  return {
    ...given('charges', charges.length > 0 ? charges : null),
    ...given('payments', payments.length > 0 ? payments : null),
    ...given('taxIncluded', input.taxIncluded === true ? input.taxIncluded : null),
    ...given('exchangeRate', input.exchangeRate && checkExchangeRate(input.exchangeRate, rules)),
    ...given('expectedTotals', checkExpected(input.expectedTotals, rules)),
  };
}

const MAX_ENTRIES = 50;

function checkEach<Text, Checked>(entries: readonly Text[] | null | undefined, name: string, rules: MoneyRules, check: (entry: Text, path: string[], rules: MoneyRules) => Checked): Checked[] {
  if (entries && entries.length > MAX_ENTRIES) rules.problems.push({ field: [name], message: `${name} has at most ${MAX_ENTRIES} entries` });
  return (entries ?? []).slice(0, MAX_ENTRIES).map((entry, index) => check(entry, [name, String(index)], rules));
}

const readNamed = ({ code, description, amount }: DiscountText, path: string[], rules: MoneyRules): Pick<ChargeRecord, 'code' | 'description' | 'amount'> => ({
  code: readCode(code, [...path, 'code'], rules.problems),
  description: checkText(description, [...path, 'description'], 200, 'FREE_TEXT', rules.problems),
  amount: readAmount(amount, [...path, 'amount'], rules) ?? ZERO,
});

function checkDiscount(discount: DiscountText, path: string[], rules: MoneyRules): ChargeRecord {
  const named = readNamed(discount, path, rules);
  return { kind: 'DISCOUNT', ...named, amount: negate(named.amount), taxes: null };
}

const checkCharge = (charge: ChargeText, path: string[], rules: MoneyRules): ChargeRecord => ({
  kind: charge.kind, ...readNamed(charge, path, rules), taxes: readTaxes(charge.taxes, [...path, 'taxes'], rules) ?? null,
});

function checkPayment({ methodCode, kind, amount, reference }: PaymentText, path: string[], rules: MoneyRules): PlacementPayment {
  const at = (name: string, message: string): void => void rules.problems.push({ field: [...path, name], message: `${[...path, name].join('.')} ${message}` });
  const read = amount ? readAmount(amount, [...path, 'amount'], rules) : null;
  if (!amount && kind !== 'ON_ACCOUNT') at('amount', 'must be given; only what goes on account may be left open');
  if (read !== null && compare(read, ZERO) <= 0) at('amount', 'must be greater than zero');
  return {
    methodCode: readCode(methodCode, [...path, 'methodCode'], rules.problems),
    kind,
    amount: read,
    // Of a gift card its last digits or the issuer's reference: its number is as good as money.
    reference: checkText(reference, [...path, 'reference'], 255, kind === 'GIFT_CARD' ? 'FREE_TEXT' : 'IDENTIFIER', rules.problems),
  };
}

function nameOpenPayments(payments: readonly PlacementPayment[], { problems }: MoneyRules): void {
  const open = payments.flatMap(({ kind, amount }, index) => (kind === 'ON_ACCOUNT' && amount === null ? [index] : []));
  for (const index of open.slice(1)) problems.push({ field: ['payments', String(index), 'amount'], message: `payments.${index}.amount must be given: one payment alone can be the rest` });
}

function checkExchangeRate({ baseCurrencyCode, rate, asOf }: NonNullable<PlacementText['exchangeRate']>, { currencyCode, problems, today }: MoneyRules): ExchangeRate {
  const at = (name: string, message: string): void => void problems.push({ field: ['exchangeRate', name], message: `exchangeRate.${name} ${message}` });
  const usable = isExchangeRate(rate);
  if (!isCurrencyCode(baseCurrencyCode)) at('baseCurrencyCode', 'is no ISO 4217 code');
  if (!usable) at('rate', 'must be greater than zero and below one billion');
  else if (baseCurrencyCode === currencyCode && compare(rate, ONE) !== 0) at('rate', 'of a currency to itself is 1');
  if (dayOf(asOf) > today) at('asOf', 'is in the future');
  return { baseCurrencyCode, rate: usable ? decimal(rate) : (ONE as Decimal), asOf };
}

const TOTALS = ['subtotal', 'discount', 'shipping', 'tax', 'total'] as const;

function checkExpected(expected: PlacementText['expectedTotals'], rules: MoneyRules): ExpectedTotals | null {
  const told = TOTALS.flatMap((name) => {
    const amount = expected?.[name];
    return amount ? [[name, readAmount(amount, ['expectedTotals', name], rules) ?? ZERO] as const] : [];
  });
  return told.length === 0 ? null : Object.fromEntries(told);
}
