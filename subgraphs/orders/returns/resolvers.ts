import { Arg, Ctx, ID, Int, Mutation, Query, Resolver } from 'type-graphql';
import { NeedsScopes } from '../../graph/access.ts';
import type { OrdersContext } from '../context.ts';
import { closeReturn, decideReturn, retryReturn } from './decide-return.ts';
import type { ReturnOutcome } from './keyed-request.ts';
import type { ReturnView } from './loaders.ts';
import { readDifferencePage, readReturnPage } from './pages.ts';
import { receiveReturn } from './receive-return.ts';
import { refundReturn } from './refund-return.ts';
import { requestReturn } from './request-return.ts';
import { ReceiveReturnInput, RefundReturnInput, RequestReturnInput, ReturnDecisionInput, ReturnFilterInput, ReturnStepInput } from './types-input.ts';
import { GraphRefundDifferenceConnection, GraphReturnConnection, GraphReturnPayload } from './types-payload.ts';
import { GraphReturn } from './types.ts';
import { visibleReturn } from './view.ts';
import { warningsOf } from './warnings.ts';

@Resolver()
export class ReturnQueryResolver {
  @NeedsScopes(['order:read'], ['order:read:all'])
  @Query(() => GraphReturn, { nullable: true, description: 'One return; null when there is none the caller may see.' })
  return(@Arg('id', () => ID) id: string, @Ctx() context: OrdersContext): Promise<ReturnView | null> {
    return visibleReturn(context, id);
  }

  @NeedsScopes(['order:read'], ['order:read:all'])
  @Query(() => GraphReturnConnection, { description: 'Returns of orders the caller may see, those made in the ERP among them. Newest first.' })
  returns(
    @Arg('filter', () => ReturnFilterInput, { nullable: true }) filter: ReturnFilterInput | null,
    @Arg('first', () => Int, { defaultValue: 24 }) first: number,
    @Arg('after', () => String, { nullable: true }) after: string | null,
    @Ctx() context: OrdersContext,
  ): Promise<GraphReturnConnection> {
    return readReturnPage(context, filter ?? {}, first, after ?? null);
  }

  @NeedsScopes(['operations'], ['finance:read'])
  @Query(() => GraphRefundDifferenceConnection, { description: 'Credit memos of the ERP that differ from what was reckoned here, and those nobody asked for here. Newest first; as fresh as the ERP\'s last message.' })
  refundDifferences(
    @Arg('first', () => Int, { defaultValue: 24 }) first: number,
    @Arg('after', () => String, { nullable: true }) after: string | null,
    @Ctx() context: OrdersContext,
  ): Promise<GraphRefundDifferenceConnection> {
    return readDifferencePage(context, first, after ?? null);
  }
}

function payloadOf({ found, userErrors }: ReturnOutcome): GraphReturnPayload {
  return { return: found ? { origin: 'GRAPH', found } : null, userErrors, warnings: found ? warningsOf(found) : [] };
}

@Resolver()
export class ReturnMutationResolver {
  @NeedsScopes(['order:write'], ['operations'])
  @Mutation(() => GraphReturnPayload, { description: 'Asks for a return of shipped goods. Authorised at once where the channel\'s policy says so. Idempotent by key.' })
  async requestReturn(@Arg('input', () => RequestReturnInput) input: RequestReturnInput, @Ctx() { returns, scope }: OrdersContext): Promise<GraphReturnPayload> {
    return payloadOf(await requestReturn(returns, input, scope.principal));
  }

  @NeedsScopes(['operations'])
  @Mutation(() => GraphReturnPayload, { description: 'Lets the goods come back: the ERP gets a document for them, once, within seconds. Audited, idempotent by key.' })
  async authoriseReturn(@Arg('input', () => ReturnDecisionInput) input: ReturnDecisionInput, @Ctx() { returns, scope }: OrdersContext): Promise<GraphReturnPayload> {
    return payloadOf(await decideReturn(returns, 'AUTHORISE', input, scope.principal));
  }

  @NeedsScopes(['operations'])
  @Mutation(() => GraphReturnPayload, { description: 'Refuses a requested return. Audited, idempotent by key.' })
  async declineReturn(@Arg('input', () => ReturnDecisionInput) input: ReturnDecisionInput, @Ctx() { returns, scope }: OrdersContext): Promise<GraphReturnPayload> {
    return payloadOf(await decideReturn(returns, 'DECLINE', input, scope.principal));
  }

  @NeedsScopes(['order:write'], ['operations'])
  @Mutation(() => GraphReturnPayload, { description: 'Calls a return off before anything came; its document in the ERP is cancelled. Goods that come all the same count. Audited, idempotent by key.' })
  async cancelReturn(@Arg('input', () => ReturnDecisionInput) input: ReturnDecisionInput, @Ctx() { returns, scope }: OrdersContext): Promise<GraphReturnPayload> {
    return payloadOf(await decideReturn(returns, 'CANCEL', input, scope.principal));
  }

  @NeedsScopes(['operations'])
  @Mutation(() => GraphReturnPayload, { description: 'Notes what came and where it goes, and has the ERP take it in. Again for what comes later. Audited, idempotent by key.' })
  async receiveReturn(@Arg('input', () => ReceiveReturnInput) input: ReceiveReturnInput, @Ctx() { returns, scope }: OrdersContext): Promise<GraphReturnPayload> {
    return payloadOf(await receiveReturn(returns, input, scope.principal));
  }

  @NeedsScopes(['operations'])
  @Mutation(() => GraphReturnPayload, { description: 'Refunds what came, to the penny of what was paid for it: the ERP makes the credit memo, once. Again for what comes later. Audited, idempotent by key.' })
  async refundReturn(@Arg('input', () => RefundReturnInput) input: RefundReturnInput, @Ctx() { returns, scope }: OrdersContext): Promise<GraphReturnPayload> {
    return payloadOf(await refundReturn(returns, input, scope.principal));
  }

  @NeedsScopes(['operations'])
  @Mutation(() => GraphReturnPayload, { description: 'Ends a return; what has not come is expected no more, and may be asked back anew. Audited, idempotent by key.' })
  async closeReturn(@Arg('input', () => ReturnStepInput) input: ReturnStepInput, @Ctx() { returns, scope }: OrdersContext): Promise<GraphReturnPayload> {
    return payloadOf(await closeReturn(returns, input, scope.principal));
  }

  @NeedsScopes(['operations'])
  @Mutation(() => GraphReturnPayload, { description: 'Tries again what of the return waits for attention. Audited, idempotent by key.' })
  async retryReturn(@Arg('input', () => ReturnStepInput) input: ReturnStepInput, @Ctx() { returns, scope }: OrdersContext): Promise<GraphReturnPayload> {
    return payloadOf(await retryReturn(returns, input, scope.principal));
  }
}
