import DataLoader from 'dataloader';
import { Arg, Ctx, FieldResolver, ID, Mutation, Resolver, Root } from 'type-graphql';
import { globalId, keyFromGlobalId } from '../../../domain/ids.ts';
import { money, type Money } from '../../../domain/money.ts';
import { NeedsScopes } from '../../graph/access.ts';
import { GraphMoney } from '../../graph/money.ts';
import { GraphPostalAddress } from '../../graph/postal-address.ts';
import { GraphDate } from '../../graph/scalars.ts';
import type { OrdersContext } from '../context.ts';
import { groupBy } from '../following/store-facts.ts';
import type { OrderRecord } from '../records.ts';
import { GraphOrder } from '../types-order.ts';
import { moneySentence } from './change-sentence.ts';
import type { ChangeRecord } from './records.ts';
import type { ChangeOutcome } from './request-change.ts';
import { readChangesOfOrders } from './store.ts';
import { AmendOrderInput, CancelOrderInput, GraphChangeOrderPayload, GraphOrderChange, GraphOrderChangeLine, GraphOrderChangeWarningCode, type GraphOrderChangeWarning } from './types.ts';
import type { ChangeKind, ChangeText } from './validation.ts';

/** One per request: the changes of a whole list of orders in one statement. */
const loaders = new WeakMap<OrdersContext, DataLoader<string, readonly ChangeRecord[]>>();

function changesOf(context: OrdersContext): DataLoader<string, readonly ChangeRecord[]> {
  const known = loaders.get(context);
  if (known) return known;
  const loader = new DataLoader<string, readonly ChangeRecord[]>(async (ids) => {
    const groups = groupBy(await readChangesOfOrders(context.database, ids), (change) => change.orderId);
    return ids.map((id) => groups.get(id) ?? []);
  });
  loaders.set(context, loader);
  return loader;
}

async function change(kind: ChangeKind, orderId: string, input: ChangeText, { changeOrder, scope }: OrdersContext): Promise<GraphChangeOrderPayload> {
  const outcome = await changeOrder(kind, input, keyFromGlobalId('Order', orderId), scope);
  return { ...outcome, warnings: warningsOf(outcome) };
}

function warningsOf({ change: changed, order }: ChangeOutcome): readonly GraphOrderChangeWarning[] {
  if (changed?.state === 'REQUESTED') {
    return [{ code: GraphOrderChangeWarningCode.NOT_SETTLED_YET, message: 'the ERP has not answered yet; orderUpdated tells what became of the change' }];
  }
  const sentence = moneySentence(changed?.amountDifference ?? null, order?.currencyCode ?? null);
  return sentence === null ? [] : [{ code: GraphOrderChangeWarningCode.PAYMENT_TO_BE_ADJUSTED, message: sentence }];
}

@Resolver()
export class OrderChangeMutationResolver {
  @NeedsScopes(['order:write'], ['operations'])
  @Mutation(() => GraphChangeOrderPayload, {
    description: 'Cancels an order, or lines of it, until the warehouse has begun with them and as the channel allows; operations may always try. Idempotent by key. Payments are not touched: `amountDifference` says what is to be given back.',
  })
  cancelOrder(@Arg('input', () => CancelOrderInput) { orderId, ...input }: CancelOrderInput, @Ctx() context: OrdersContext): Promise<GraphChangeOrderPayload> {
    return change('CANCEL', orderId, input, context);
  }

  @NeedsScopes(['order:write'], ['operations'])
  @Mutation(() => GraphChangeOrderPayload, {
    description: 'Changes quantities, address or day of an order until the warehouse has begun with it and as the channel allows; operations may always try. Idempotent by key. Payments are not touched: `amountDifference` says what is to be given back or authorised.',
  })
  amendOrder(@Arg('input', () => AmendOrderInput) { orderId, ...input }: AmendOrderInput, @Ctx() context: OrdersContext): Promise<GraphChangeOrderPayload> {
    return change('AMEND', orderId, input, context);
  }
}

@Resolver(() => GraphOrder)
export class ChangedOrderResolver {
  @FieldResolver(() => [GraphOrderChange], { description: 'Changes asked for since it was placed, and those made in the ERP that made it smaller; oldest first.' })
  changes(@Root() { id }: OrderRecord, @Ctx() context: OrdersContext): Promise<readonly ChangeRecord[]> {
    return changesOf(context).load(id);
  }
}

@Resolver(() => GraphOrderChange)
export class OrderChangeResolver {
  @FieldResolver(() => ID)
  id(@Root() { id }: ChangeRecord): string {
    return globalId('OrderChange', id);
  }

  @FieldResolver(() => [GraphOrderChangeLine])
  lines(@Root() { lines, outcome, settledAt }: ChangeRecord): readonly GraphOrderChangeLine[] {
    return lines.map((line) => ({ ...line, applied: settledAt === null ? null : (outcome.find((one) => one.lineNumber === line.lineNumber)?.quantity ?? line.from) }));
  }

  @FieldResolver(() => GraphPostalAddress, { nullable: true, description: 'The address asked for; null: it stays.' })
  shipTo(@Root() { shipTo }: ChangeRecord): GraphPostalAddress | null {
    return shipTo;
  }

  @FieldResolver(() => GraphDate, { nullable: true, description: 'The delivery day asked for; null: it stays, or none is asked for any more.' })
  requestedOn(@Root() { requestedDay }: ChangeRecord): string | null {
    return requestedDay?.on ?? null;
  }

  @FieldResolver(() => GraphMoney, { nullable: true, description: 'New total of the order less the one before, tax included: below zero is to be refunded, above zero to be authorised. Null while it is not settled, and where nothing was changed.' })
  async amountDifference(@Root() { amountDifference, orderId }: ChangeRecord, @Ctx() context: OrdersContext): Promise<Money | null> {
    const order = amountDifference === null ? null : await context.loaders.order.load(orderId);
    return order?.currencyCode == null ? null : money(amountDifference!, order.currencyCode);
  }
}
