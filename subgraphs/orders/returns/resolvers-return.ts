import { Ctx, FieldResolver, ID, Resolver, Root } from 'type-graphql';
import { globalId } from '../../../domain/ids.ts';
import type { Instant } from '../../../domain/time.ts';
import { NeedsScopes } from '../../graph/access.ts';
import { GraphDateTime } from '../../graph/scalars.ts';
import { visibleOrder, type OrdersContext } from '../context.ts';
import type { CreditMemoRow } from '../following/records.ts';
import { GraphCreditMemo } from '../following/types.ts';
import type { OrderRecord } from '../records.ts';
import { GraphOrder } from '../types-order.ts';
import { OrderedVariant } from '../types-stubs.ts';
import { LANES, type ExchangeLine, type RefundRecord, type ReturnCase } from './records.ts';
import type { ReturnView } from './loaders.ts';
import { differenceOfRefund, memoOf } from './return-case.ts';
import { shownAmounts, shownDifference } from './pages.ts';
import {
  GraphErpReturn, GraphExchangeLine, GraphExchangeMoment, GraphReturn, GraphReturnAmounts, GraphReturnAttention, GraphReturnDifference,
  GraphReturnLine, GraphReturnOrigin, GraphReturnPayment, GraphReturnRefund, GraphReturnState, GraphReturnStatus, GraphReturnWish,
} from './types.ts';
import { documentsOf, keyOf, linesOf, orderIdOf, receivedAtOf, statusOf, type LineView } from './view.ts';

type RefundView = RefundRecord & { readonly found: ReturnCase };

const caseOf = (view: ReturnView): ReturnCase | null => (view.origin === 'GRAPH' ? view.found : null);

@Resolver(() => GraphReturn)
export class ReturnResolver {
  @FieldResolver(() => ID)
  id(@Root() view: ReturnView): string {
    return globalId('Return', keyOf(view));
  }

  @FieldResolver(() => String, { description: 'Ours, and its reference in the ERP; of returns made in the ERP the ERP\'s number.' })
  number(@Root() view: ReturnView): string {
    return view.origin === 'GRAPH' ? view.found.rma.number : view.told.number;
  }

  @FieldResolver(() => GraphReturnOrigin)
  origin(@Root() view: ReturnView): string {
    return view.origin;
  }

  @FieldResolver(() => GraphOrder)
  async order(@Root() view: ReturnView, @Ctx() { loaders }: OrdersContext): Promise<OrderRecord> {
    return (await loaders.order.load(orderIdOf(view)))!;
  }

  @FieldResolver(() => GraphReturnStatus, { description: 'Of the goods. Follows receipts here and the ERP\'s messages, within seconds of them.' })
  status(@Root() view: ReturnView): string {
    return statusOf(view);
  }

  @FieldResolver(() => GraphReturnState, { deprecationReason: 'Says less than status.' })
  state(@Root() view: ReturnView): string {
    const status = statusOf(view);
    if (status === 'CANCELLED' || status === 'DECLINED') return 'CANCELLED';
    return status === 'RECEIVED' || status === 'CLOSED' ? 'RECEIVED' : 'EXPECTED';
  }

  @FieldResolver(() => GraphReturnPayment, { nullable: true, description: 'Of the money. Null for returns made in the ERP: their money is settled there.' })
  payment(@Root() view: ReturnView): string | null {
    return caseOf(view)?.rma.payment ?? null;
  }

  @FieldResolver(() => GraphReturnWish, { nullable: true })
  wants(@Root() view: ReturnView): string | null {
    return caseOf(view)?.rma.wants ?? null;
  }

  @FieldResolver(() => GraphDateTime, { nullable: true, description: 'Null for returns made in the ERP.' })
  requestedAt(@Root() view: ReturnView): Instant | null {
    return caseOf(view)?.rma.requestedAt ?? null;
  }

  @FieldResolver(() => GraphDateTime, { nullable: true, description: 'When it was authorised, declined or cancelled here last.' })
  decidedAt(@Root() view: ReturnView): Instant | null {
    return caseOf(view)?.rma.decidedAt ?? null;
  }

  @FieldResolver(() => String, { nullable: true, description: 'What was said to that.' })
  decisionNote(@Root() view: ReturnView): string | null {
    return caseOf(view)?.rma.decisionNote ?? null;
  }

  @FieldResolver(() => GraphDateTime, { nullable: true, description: 'When goods came last; null before.' })
  receivedAt(@Root() view: ReturnView): Instant | null {
    return receivedAtOf(view);
  }

  @FieldResolver(() => [GraphReturnLine])
  lines(@Root() view: ReturnView): LineView[] {
    return linesOf(view);
  }

  @FieldResolver(() => [GraphErpReturn], { description: 'Its documents in the ERP; more than one where the ERP makes another for what comes later.' })
  erpReturns(@Root() view: ReturnView): ReturnType<typeof documentsOf> {
    return documentsOf(view);
  }

  @FieldResolver(() => [GraphReturnRefund], { description: 'Oldest first.' })
  refunds(@Root() view: ReturnView): RefundView[] {
    const found = caseOf(view);
    return found ? found.refunds.map((refund) => ({ ...refund, found })) : [];
  }

  @FieldResolver(() => [GraphExchangeLine], { description: 'What shall come instead; empty unless an exchange is wanted.' })
  exchangeLines(@Root() view: ReturnView): readonly ExchangeLine[] {
    return caseOf(view)?.rma.exchangeLines ?? [];
  }

  @FieldResolver(() => GraphExchangeMoment, { nullable: true, description: 'By the channel\'s policy when the return was asked for; null unless an exchange is wanted.' })
  exchangeMoment(@Root() view: ReturnView): string | null {
    return caseOf(view)?.rma.exchangeMoment ?? null;
  }

  @FieldResolver(() => GraphOrder, { nullable: true, description: 'The order that replaces the goods; null before it is placed.' })
  async exchangeOrder(@Root() view: ReturnView, @Ctx() context: OrdersContext): Promise<OrderRecord | null> {
    const id = caseOf(view)?.rma.exchangeOrderId ?? null;
    return id === null ? null : visibleOrder(context, id);
  }

  @NeedsScopes(['operations'])
  @FieldResolver(() => [GraphReturnAttention], { description: 'For operations alone.' })
  attention(@Root() view: ReturnView): GraphReturnAttention[] {
    const work = caseOf(view)?.work;
    if (!work) return [];
    return LANES.flatMap((lane) => {
      const { state, attention } = work[lane];
      return state === 'ATTENTION' || state === 'UNSUPPORTED' ? [{ work: lane, reason: attention ?? '', byHand: state === 'UNSUPPORTED' }] : [];
    });
  }
}

@Resolver(() => GraphReturnLine)
export class ReturnLineResolver {
  @FieldResolver(() => OrderedVariant)
  variant(@Root() { sku }: LineView): OrderedVariant {
    return { sku };
  }
}

@Resolver(() => GraphReturnRefund)
export class ReturnRefundResolver {
  @FieldResolver(() => GraphReturnAmounts, { description: 'Reckoned here from what was paid for the lines: price, discounts by value, tax; each rounded once.' })
  expected(@Root() refund: RefundView): GraphReturnAmounts {
    return shownAmounts(refund, refund.currencyCode);
  }

  @FieldResolver(() => GraphCreditMemo, { nullable: true, description: 'What the ERP made of it; null before.' })
  async creditMemo(@Root() refund: RefundView, @Ctx() { loaders }: OrdersContext): Promise<CreditMemoRow | null> {
    const memo = memoOf(refund.found, refund);
    return memo && ((await loaders.creditMemos.load(refund.found.rma.orderId)).find(({ id }) => id === memo.id) ?? null);
  }

  @NeedsScopes(['operations'], ['finance:read'])
  @FieldResolver(() => GraphReturnDifference, { nullable: true, description: 'For operations and finance. Null while there is no posted memo, and where nothing can be compared.' })
  difference(@Root() refund: RefundView): GraphReturnDifference | null {
    const difference = differenceOfRefund(refund.found, refund);
    return difference && shownDifference(difference, refund.currencyCode);
  }
}

@Resolver(() => GraphOrder)
export class ReturnsOfOrderResolver {
  @FieldResolver(() => [GraphReturn], { description: 'Goods on their way back or come back: asked for here, then those made in the ERP alone.' })
  returns(@Root() { id }: OrderRecord, @Ctx() { returnLoaders }: OrdersContext): Promise<readonly ReturnView[]> {
    return returnLoaders.ofOrder.load(id);
  }

  @NeedsScopes(['operations'], ['finance:read'])
  @FieldResolver(() => [GraphCreditMemo], { description: 'Credit memos of the order people made in the ERP without a return from here; for operations and finance. Counted in refundDifferences once posted.' })
  async unmatchedCreditMemos(@Root() { id }: OrderRecord, @Ctx() { loaders, returnLoaders }: OrdersContext): Promise<CreditMemoRow[]> {
    const strange = await returnLoaders.strangeMemos.load(id);
    return (await loaders.creditMemos.load(id)).filter((memo) => strange.some((other) => other.id === memo.id));
  }
}
