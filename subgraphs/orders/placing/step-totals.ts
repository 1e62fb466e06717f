import { add, compare, equals, isNegative, isPositive, negate, subtract, sum, ZERO, type Decimal } from '../../../domain/decimal.ts';
import type { TaxAmount } from '../../../domain/orders.ts';
import { userError, UserErrorCode, type GraphUserError } from '../../graph/user-error.ts';
import type { ChargeRecord, PaymentRecord } from '../records.ts';
import type { Placement } from './placement.ts';
import { Refusal } from './refusal.ts';
import type { PricedBasket } from './step-price.ts';
import { minorUnit, strangeTaxes, totalsOf, type OrderTotals } from './totals.ts';

/** The money of an order, added up and found to agree. */
export interface SettledMoney {
  readonly totals: OrderTotals;
  readonly charges: readonly ChargeRecord[];
  readonly payments: readonly PaymentRecord[];
  /** By line. */
  readonly lines: readonly { readonly discount: Decimal; readonly taxes: readonly TaxAmount[] | null }[];
}

/** Adds the order up. @throws Refusal naming every figure that does not agree with the others or with what the buyer was told. */
export function settleTotals(placement: Placement, priced: PricedBasket): SettledMoney {
  const { currencyCode } = priced;
  // Where taxes are told for a part, the other part has none: the buyer was told all of it.
  const isTold = placement.lines.some((line) => line.taxes) || (placement.charges ?? []).some((charge) => charge.taxes !== null);
  const taxesOf = (taxes: readonly TaxAmount[] | null): readonly TaxAmount[] | null => taxes ?? (isTold ? [] : null);
  const charges = (placement.charges ?? []).map((charge) => ({ ...charge, taxes: taxesOf(charge.taxes) }));
  // Both are off the line: what our promotions take, and what the storefront lets off by itself.
  const lines = placement.lines.map((line, index) => ({ discount: add(line.discount ?? ZERO, priced.lines[index]!.discount), taxes: taxesOf(line.taxes ?? null) }));
  const totalled = lines.map((line, index) => ({ ...line, lineTotal: priced.lines[index]!.lineTotal.amount }));
  const totals = totalsOf({ lines: totalled, charges, taxIncluded: placement.taxIncluded ?? false });
  const payments = settlePayments(placement, totals.total);
  const problems = [
    ...currencyProblems(placement, currencyCode),
    ...discountProblems(totalled, totals, currencyCode),
    ...taxProblems(placement, totalled, charges, currencyCode),
    ...expectationProblems(placement, totals, currencyCode),
    ...paymentProblems(placement, payments, totals.total, currencyCode),
  ];
  if (problems.length > 0) throw new Refusal(problems);
  return { totals, charges, payments, lines };
}

const mismatch = (field: readonly string[], message: string): GraphUserError => userError(UserErrorCode.TOTALS_MISMATCH, field, message);

/** Amounts were checked against the currency asked for; prices must be of the same. */
function currencyProblems({ currencyCode: asked }: Placement, currencyCode: string): GraphUserError[] {
  if (asked === null || asked === currencyCode) return [];
  return [userError(UserErrorCode.INVALID_INPUT, ['currencyCode'], `the prices are in ${currencyCode}, the order in ${asked}; an order has one currency`)];
}

function discountProblems(lines: readonly { readonly lineTotal: Decimal; readonly discount: Decimal }[], totals: OrderTotals, currencyCode: string): GraphUserError[] {
  const problems = lines.flatMap(({ lineTotal, discount }, index) => (compare(discount, lineTotal) <= 0 ? [] : [
    userError(UserErrorCode.INVALID_INPUT, ['lines', String(index), 'discount'], `lines.${index}.discount and promotions come to ${discount} ${currencyCode}, the line to ${lineTotal}`),
  ]));
  if (problems.length > 0 || !isNegative(totals.total)) return problems;
  return [userError(UserErrorCode.INVALID_INPUT, ['discounts'], `the discounts come to ${totals.discount} ${currencyCode}, more than the order`)];
}

function taxProblems(placement: Placement, lines: readonly { lineTotal: Decimal; discount: Decimal; taxes: readonly TaxAmount[] | null }[], charges: readonly ChargeRecord[], currencyCode: string): GraphUserError[] {
  const rest = { taxIncluded: placement.taxIncluded ?? false, unit: minorUnit(currencyCode) };
  const mayBeLess = negate(sum(charges.filter(({ kind }) => kind === 'DISCOUNT').map(({ amount }) => amount)));
  const problemsAt = (path: string[], amount: Decimal, taxes: readonly TaxAmount[], less: Decimal): GraphUserError[] =>
    strangeTaxes({ ...rest, amount, taxes, mayBeLess: less }).map((index) => {
      const { ratePercent, amount: told } = taxes[index]!;
      return mismatch([...path, 'taxes', String(index), 'amount'], `${ratePercent} % of ${amount} ${currencyCode}${rest.taxIncluded ? ', tax included,' : ''} is not ${told}`);
    });
  return [
    ...lines.flatMap(({ lineTotal, discount, taxes }, index) => problemsAt(['lines', String(index)], subtract(lineTotal, discount), taxes ?? [], mayBeLess)),
    ...charges.flatMap(({ kind, amount, taxes }, index) => (kind === 'DISCOUNT' ? [] : problemsAt(['charges', String(index)], amount, taxes ?? [], mayBeLess))),
  ];
}

function expectationProblems({ expectedTotals = {} }: Placement, totals: OrderTotals, currencyCode: string): GraphUserError[] {
  const actual = { ...totals, tax: totals.tax ?? ZERO };
  return (['subtotal', 'discount', 'shipping', 'tax', 'total'] as const).flatMap((name) => {
    const expected = expectedTotals[name];
    if (expected === undefined || equals(expected, actual[name])) return [];
    return [mismatch(['expectedTotals', name], `expectedTotals.${name} is ${expected} ${currencyCode}, the order comes to ${actual[name]} ${currencyCode}`)];
  });
}

/** The one payment without an amount takes what the others leave. */
function settlePayments({ payments = [] }: Placement, total: Decimal): PaymentRecord[] {
  const rest = subtract(total, sum(payments.map((payment) => payment.amount ?? ZERO)));
  return payments.map((payment) => ({ ...payment, amount: payment.amount ?? rest }));
}

function paymentProblems({ payments: asked = [] }: Placement, payments: readonly PaymentRecord[], total: Decimal, currencyCode: string): GraphUserError[] {
  if (payments.length === 0) return [];
  const open = asked.findIndex((payment) => payment.amount === null);
  if (open >= 0) {
    if (isPositive(payments[open]!.amount)) return [];
    return [mismatch(['payments', String(open), 'amount'], `the other payments cover the ${total} ${currencyCode} of the order: nothing is left for this one`)];
  }
  const paid = sum(payments.map((payment) => payment.amount));
  return equals(paid, total) ? [] : [mismatch(['payments'], `the payments come to ${paid} ${currencyCode}, the order to ${total} ${currencyCode}`)];
}
