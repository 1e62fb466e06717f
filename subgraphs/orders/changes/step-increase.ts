import { compare, equals, isPositive, subtract } from '../../../domain/decimal.ts';
import type { Failure } from '../../../domain/failure.ts';
import { asFailure } from '../../../domain/failure.ts';
import type { BasketLine } from '../../../domain/inventory.ts';
import type { PriceBuyer, PriceOutcome } from '../../../domain/pricing.ts';
import { instant } from '../../../domain/time.ts';
import { userError, UserErrorCode, type GraphUserError } from '../../graph/user-error.ts';
import { basketOf, destinationOf } from '../placing/placement.ts';
import { Refusal, refuse } from '../placing/refusal.ts';
import type { CreditRoom } from '../placing/step-credit.ts';
import type { LineRecord, OrderRecord } from '../records.ts';
import type { ChangePlan } from './plan.ts';
import { findCreditForMore } from './step-credit.ts';
import type { ChangeTools } from './tools.ts';

export interface ExtraStock {
  readonly holdId: string | null;
  readonly holdLines: readonly BasketLine[];
  /** To be taken with the change; null: none is needed. */
  readonly credit: CreditRoom | null;
}

const NO_EXTRA: ExtraStock = { holdId: null, holdLines: [], credit: null };

interface Increase {
  readonly tools: ChangeTools;
  readonly order: OrderRecord;
  readonly lines: readonly LineRecord[];
  readonly plan: ChangePlan;
  readonly changeId: string;
  readonly owner: string;
}

/**
 * What an increase needs before it is asked for: the price must still be the order's, there must be credit for it, and the goods in addition are held
 * (the try step; confirmed or given back with the change). @throws Refusal naming each line, Failure
 */
export async function reserveIncrease(increase: Increase): Promise<ExtraStock> {
  const grown = increase.plan.lines.filter(({ from, to }) => compare(to, from) > 0);
  if (grown.length === 0) return NO_EXTRA;
  await checkPrices(increase, grown);
  const credit = await findCreditForMore(increase.tools, increase.order, increase.lines, increase.plan);
  const { tools: { clients: { inventory }, settings }, order, changeId, owner } = increase;
  const holdLines = basketOf(grown.map(({ sku, from, to }) => ({ sku, quantity: subtract(to, from) })));
  const request = {
    idempotencyKey: `change:${changeId}`, owner, lines: holdLines, channel: order.channel, ttlSeconds: settings.holdTtlSeconds, replacesHoldId: null,
    requestedOn: order.requestedOn, shipTo: destinationOf(order.shipTo),
  };
  const outcome = await inventory.placeHold(request).catch((error: unknown) => {
    throw asRefusal(asFailure(error));
  });
  if (outcome.kind === 'HELD') return { holdId: outcome.hold.id, holdLines, credit };
  throw new Refusal(outcome.lines.map(({ sku, available }) =>
    userError(UserErrorCode.OUT_OF_STOCK, pathOf(grown, sku), `only ${available} ${sku} can be had in addition`, true)));
}

type Grown = ChangePlan['lines'];

const pathOf = (grown: Grown, sku: string): string[] => ['lines', String(Math.max(0, grown.findIndex((line) => line.sku === sku))), 'quantity'];

const asRefusal = (failure: Failure): unknown =>
  failure.code === 'INVALID_INPUT' || failure.code === 'CONFLICT' ? refuse(UserErrorCode.INVALID_INPUT, ['lines'], failure.message) : failure;

/** More is sold at the price of today, that of the whole order as it would be; where that is another, it is another order. */
async function checkPrices({ tools: { clients: { pricing }, clock }, order, lines, plan }: Increase, grown: Grown): Promise<void> {
  const context = { channel: order.channel, buyer: buyerOf(order), currencyCode: order.currencyCode, at: instant(clock.now()) };
  const after = lines.flatMap((line) => {
    const quantity = plan.lines.find(({ lineNumber }) => lineNumber === line.lineNumber)?.to ?? line.quantity;
    return isPositive(quantity) ? [{ ...line, quantity }] : [];
  });
  const basket = await pricing.quoteBasket({ lines: after.map(({ sku, quantity }) => ({ sku, quantity })), context, quoteToken: null });
  const problems = grown.flatMap(({ lineNumber }, index): GraphUserError[] => {
    const place = after.findIndex((line) => line.lineNumber === lineNumber);
    const message = whyDearer(after[place]!, order.currencyCode, basket.lines[place]);
    return message === null ? [] : [userError(UserErrorCode.PRICE_CHANGED, ['lines', String(index), 'quantity'], message)];
  });
  if (problems.length > 0) throw new Refusal(problems);
}

const buyerOf = ({ customerNumber, companyNumber, companyLocation }: OrderRecord): PriceBuyer | null =>
  customerNumber === null ? null : { customerNumber, companyNumber, locationNumber: companyLocation };

/** Nobody pays another price for more of a line, nor more than a new order would cost: what was let off stays, it does not grow. */
function whyDearer({ sku, unitPrice, discount }: LineRecord, currency: string | null, outcome: PriceOutcome | undefined): string | null {
  if (outcome?.kind !== 'PRICED') return `${sku} has no price by now; more of it cannot be ordered`;
  const { unitPrice: { amount, currencyCode }, discount: off, promotions } = outcome.line;
  if (unitPrice === null || !equals(unitPrice, amount) || currencyCode !== currency) return `${sku} costs ${amount} ${currencyCode} now, not ${unitPrice ?? 'nothing known'} ${currency}; order more of it anew`;
  if (compare(off, discount) <= 0) return null;
  return `ordered anew, so much of ${sku} is ${off} ${currencyCode} less by ${promotions.map(({ name }) => name).join(', ')}, in this order ${discount}; order more of it anew`;
}
