import { add, compare, isNegative, isPositive, isZero, negate, scaleOf, subtract, sum, ZERO, type Decimal } from '../../../domain/decimal.ts';
import { currencyDigits } from '../../../domain/money.ts';
import type { Problem } from '../placing/text-validation.ts';
import type { LineRecord, OrderRecord } from '../records.ts';
import type { RefundCharge, RefundLine, RefundRecord, ReturnCase } from './records.ts';
import { addPaid, amountsOf, paidForLines, paidForShipping, paidFrom, payable, portionOf, proportion, taxWithin, type Amounts, type Paid } from './refund-amounts.ts';
import { refundableByLine, standingRefunds } from './return-case.ts';

export interface RefundAsked {
  /** Null: everything that came and is not refunded yet. */
  readonly lines: readonly { readonly lineNumber: number; readonly quantity: Decimal | null; /** Instead of what was paid. */ readonly amount: Decimal | null }[] | null;
  readonly shippingRefund: Decimal | null;
  readonly restockingFee: Decimal | null;
}

export interface RefundContext {
  readonly order: Pick<OrderRecord, 'currencyCode' | 'taxIncluded' | 'charges'>;
  readonly orderLines: readonly LineRecord[];
  readonly found: ReturnCase;
  /** Every return of the order, this one too: what they refund of a line adds up to what was paid for it. */
  readonly all: readonly ReturnCase[];
}

export type RefundPlan = Amounts & Pick<RefundRecord, 'lines' | 'charges'>;

const NOTHING: Paid = { amount: ZERO, tax: ZERO };

/** What a refund comes to, to the penny; every field at fault is added to `problems`. */
export function planRefund(asked: RefundAsked, context: RefundContext, problems: Problem[]): RefundPlan {
  const digits = currencyDigits(context.order.currencyCode ?? '');
  checkAmounts(asked, digits, problems);
  const planned = linesAsked(asked, context, problems).map((line) => planLine(line, context, digits, problems));
  const shipping = planShipping(asked.shippingRefund, context, digits, problems);
  const fee = asked.restockingFee !== null && isPositive(asked.restockingFee) ? asked.restockingFee : null;
  if (planned.length === 0 && !shipping && !problems.some(({ field }) => field[0] === 'lines')) problems.push({ field: ['lines'], message: 'there is nothing to refund: what came is refunded already' });
  const { taxIncluded } = context.order;
  const isPriced = planned.every(({ paid }) => paid !== null);
  const parts = [...planned.flatMap(({ paid }) => paid ?? []), ...(shipping ? [shipping.paid] : []), ...(fee ? [{ amount: negate(fee), tax: ZERO }] : [])];
  const amounts: Amounts = isPriced ? amountsOf(parts.reduce(addPaid, NOTHING), taxIncluded) : { net: null, tax: null, total: null };
  if (isPriced && isNegative(payable(amounts))) problems.push({ field: ['restockingFee'], message: `the fee is more than the ${payable(add2(amounts, fee))} to be refunded` });
  return {
    ...amounts,
    lines: planned.map(({ line }) => line),
    charges: [...planned.flatMap(({ charges }) => charges), ...(shipping ? [shipping.charge] : []), ...(fee ? [feeCharge(fee)] : [])],
  };
}

const add2 = ({ net, tax, total }: Amounts, fee: Decimal | null): Amounts => ({ net: net && add(net, fee ?? ZERO), tax, total: total && add(total, fee ?? ZERO) });

const feeCharge = (fee: Decimal): RefundCharge => ({ kind: 'RESTOCKING_FEE', code: 'RESTOCKING_FEE', description: 'Restocking fee', amount: negate(fee), payable: negate(fee) });

function checkAmounts({ lines, shippingRefund, restockingFee }: RefundAsked, digits: number, problems: Problem[]): void {
  const check = (amount: Decimal | null, field: readonly string[]): void => {
    if (amount === null) return;
    if (isNegative(amount)) problems.push({ field, message: 'an amount is not negative' });
    else if (scaleOf(amount) > digits) problems.push({ field, message: `an amount of this currency has at most ${digits} fraction digits` });
  };
  lines?.forEach(({ amount }, index) => check(amount, ['lines', String(index), 'amount']));
  check(shippingRefund, ['shippingRefund']);
  check(restockingFee, ['restockingFee']);
}

interface LineAsked {
  readonly path: readonly string[];
  readonly lineNumber: number;
  readonly quantity: Decimal;
  readonly amount: Decimal | null;
}

function linesAsked({ lines }: RefundAsked, { found }: RefundContext, problems: Problem[]): LineAsked[] {
  const left = refundableByLine(found);
  if (lines === null) return [...left].flatMap(([lineNumber, quantity]) => (isPositive(quantity) ? [{ path: ['returnId'], lineNumber, quantity, amount: null }] : []));
  const seen = new Set<number>();
  return lines.flatMap(({ lineNumber, quantity, amount }, index) => {
    const path = ['lines', String(index)];
    const open = left.get(lineNumber);
    const wanted = quantity ?? open ?? ZERO;
    if (open === undefined) problems.push({ field: [...path, 'lineNumber'], message: `the return has no line ${lineNumber}` });
    else if (seen.has(lineNumber)) problems.push({ field: [...path, 'lineNumber'], message: `line ${lineNumber} is named twice; name each once` });
    else if (!isPositive(wanted) || compare(wanted, open) > 0) {
      problems.push({ field: [...path, 'quantity'], message: `of line ${lineNumber} ${isPositive(open) ? open : 'nothing'} came that is not refunded yet` });
    } else {
      seen.add(lineNumber);
      return [{ path, lineNumber, quantity: wanted, amount }];
    }
    return [];
  });
}

interface PlannedLine {
  readonly line: RefundLine;
  readonly paid: Paid | null;
  /** What the ERP is told beside the line, which it prices itself. */
  readonly charges: readonly RefundCharge[];
}

function planLine({ path, lineNumber, quantity, amount }: LineAsked, context: RefundContext, digits: number, problems: Problem[]): PlannedLine {
  const ordered = context.orderLines.find((line) => line.lineNumber === lineNumber)!;
  const { taxIncluded } = context.order;
  const whole = paidForLines({ ...context.order, lines: context.orderLines }, digits).get(lineNumber) ?? null;
  const base = { lineNumber, sku: ordered.sku, quantity };
  if (whole === null || isZero(ordered.quantity)) return { line: { ...base, net: null, tax: null, total: null, reckoned: null }, paid: null, charges: [] };
  const earlier = refundedBefore(context.all, lineNumber);
  const after = add(earlier.quantity, quantity);
  const share = portionOf(whole, ordered.quantity, earlier.reckoned, after, digits);
  const charges = discountShare(context, ordered, { share, before: earlier.quantity, after }, digits);
  if (amount === null) return { line: { ...base, ...amountsOf(share, taxIncluded), reckoned: share }, paid: share, charges };
  const paidAmounts = amountsOf(whole, taxIncluded);
  const most = subtract(payable(paidAmounts), earlier.amount);
  if (compare(amount, most) > 0) problems.push({ field: [...path, 'amount'], message: `at most ${most} of line ${lineNumber} was paid and is not given back yet` });
  const chosen = paidFrom(amount, taxWithin(paidAmounts, earlier.amount, amount, digits), taxIncluded);
  return { line: { ...base, ...amountsOf(chosen, taxIncluded), reckoned: share }, paid: chosen, charges: adjusted(lineNumber, chosen, share, charges, digits) };
}

/**
 * What the ERP is told beside a line of which another amount than was paid is given back: the discount in proportion, and the
 * difference of its own line, taxed as that line - so that net, tax and total all come out in proportion.
 */
function adjusted(lineNumber: number, chosen: Paid, share: Paid, charges: readonly RefundCharge[], digits: number): readonly RefundCharge[] {
  const discount = sum(charges.map((charge) => charge.amount));
  const kept = isZero(share.amount) ? ZERO : proportion(discount, chosen.amount, share.amount, digits);
  const ofLine = subtract(subtract(chosen.amount, kept), subtract(share.amount, discount));
  const adjustment = within('ADJUSTMENT', 'REFUND_ADJUSTMENT', `Adjustment of line ${lineNumber}`, ofLine).map((charge) => ({ ...charge, lineNumber }));
  return [...charges.flatMap((charge) => (isZero(kept) ? [] : [{ ...charge, amount: kept }])), ...adjustment];
}

/** A charge whose money is in its line's amounts already; none for nothing. */
const within = (kind: RefundCharge['kind'], code: string, description: string, amount: Decimal): RefundCharge[] =>
  isZero(amount) ? [] : [{ kind, code, description, amount, payable: ZERO }];

interface Portion {
  readonly share: Paid;
  readonly before: Decimal;
  readonly after: Decimal;
}

/** What these pieces cost less because the whole order was discounted: the ERP credits its own line, which knows nothing of that. */
function discountShare({ order, orderLines }: RefundContext, ordered: LineRecord, { share, before, after }: Portion, digits: number): RefundCharge[] {
  const discounts = order.charges.filter(({ kind }) => kind === 'DISCOUNT');
  if (discounts.length === 0) return [];
  const charges = order.charges.filter(({ kind }) => kind !== 'DISCOUNT');
  const undiscounted = paidForLines({ ...order, charges, lines: orderLines }, digits).get(ordered.lineNumber)!;
  const upTo = (pieces: Decimal): Paid => portionOf(undiscounted, ordered.quantity, NOTHING, pieces, digits);
  const full = subtract(upTo(after).amount, upTo(before).amount);
  return within('DISCOUNT', discounts[0]!.code, `Discount on line ${ordered.lineNumber}`, subtract(share.amount, full));
}

/** Quantity and money given back of an order's line by all refunds so far. */
function refundedBefore(all: readonly ReturnCase[], lineNumber: number): { readonly quantity: Decimal; readonly amount: Decimal; readonly reckoned: Paid } {
  const lines = all.flatMap(standingRefunds).flatMap((refund) => refund.lines).filter((line) => line.lineNumber === lineNumber);
  const reckoned = lines.flatMap((line) => line.reckoned ?? []).reduce(addPaid, NOTHING);
  return { quantity: sum(lines.map(({ quantity }) => quantity)), amount: sum(lines.map(payable)), reckoned };
}

function planShipping(asked: Decimal | null, { order, orderLines, all }: RefundContext, digits: number, problems: Problem[]): { readonly paid: Paid; readonly charge: RefundCharge } | null {
  if (asked === null || isZero(asked)) return null;
  const whole = amountsOf(paidForShipping({ ...order, lines: orderLines }), order.taxIncluded);
  const earlier = sum(all.flatMap(standingRefunds).flatMap(({ charges }) => charges).filter(({ kind }) => kind === 'SHIPPING').map((charge) => charge.payable));
  const most = subtract(payable(whole), earlier);
  if (compare(asked, most) > 0) problems.push({ field: ['shippingRefund'], message: `at most ${most} was paid for delivery and is not given back yet` });
  const paid = paidFrom(asked, taxWithin(whole, earlier, asked, digits), order.taxIncluded);
  const code = order.charges.find(({ kind }) => kind === 'SHIPPING')?.code ?? 'SHIPPING';
  return { paid, charge: { kind: 'SHIPPING', code, description: 'Delivery', amount: paid.amount, payable: asked } };
}
