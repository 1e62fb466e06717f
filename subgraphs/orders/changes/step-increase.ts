import { compare, equals, subtract } from '../../../domain/decimal.ts';
import type { Failure } from '../../../domain/failure.ts';
import { asFailure } from '../../../domain/failure.ts';
import type { BasketLine } from '../../../domain/inventory.ts';
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

/** More is sold at the price of today; where that is another, it is another order. */
async function checkPrices({ tools: { clients: { pricing }, clock }, order, lines }: Increase, grown: Grown): Promise<void> {
  const context = { channel: order.channel, buyer: { customerNumber: order.customerNumber, companyNumber: order.companyNumber, locationNumber: null }, currencyCode: order.currencyCode, at: instant(clock.now()) };
  const outcomes = await pricing.quotePrices({ lines: grown.map(({ sku, to }) => ({ sku, quantity: to })), context });
  const problems = grown.flatMap(({ lineNumber, sku }, index): GraphUserError[] => {
    const outcome = outcomes[index];
    const field = ['lines', String(index), 'quantity'];
    if (outcome?.kind !== 'PRICED') return [userError(UserErrorCode.PRICE_CHANGED, field, `${sku} has no price by now; more of it cannot be ordered`)];
    const { amount, currencyCode } = outcome.line.unitPrice;
    const own = lines.find((line) => line.lineNumber === lineNumber)!.unitPrice;
    if (own !== null && equals(own, amount) && currencyCode === order.currencyCode) return [];
    return [userError(UserErrorCode.PRICE_CHANGED, field, `${sku} costs ${amount} ${currencyCode} now, not ${own ?? 'nothing known'} ${order.currencyCode}; order more of it anew`)];
  });
  if (problems.length > 0) throw new Refusal(problems);
}
