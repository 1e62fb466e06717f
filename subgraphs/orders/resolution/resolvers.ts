import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import { NeedsScopes } from '../../graph/access.ts';
import { UserErrorCode } from '../../graph/user-error.ts';
import { visibleOrderByGlobalId, type OrdersContext } from '../context.ts';
import { refuse } from '../placing/refusal.ts';
import { readOrder } from '../reading/store-reads.ts';
import type { OrderRecord } from '../records.ts';
import { cancelOrderWithRelease } from './cancel-order.ts';
import { editAndRetryOrder, type EditText } from './edit-order.ts';
import { removeMaintenanceWindow, setMaintenanceWindow } from './maintenance.ts';
import { userErrorsOf } from './manual-action.ts';
import { retryOrder, type ResolutionRequest } from './retry-order.ts';
import { GraphMaintenanceWindowPayload, GraphOrderResolutionPayload } from './types.ts';
import {
  CancelOrderWithReleaseInput, EditAndRetryOrderInput, RemoveMaintenanceWindowInput, RetryOrderInput, SetMaintenanceWindowInput,
} from './types-input.ts';

@Resolver()
export class ResolutionMutationResolver {
  @NeedsScopes(['operations'])
  @Mutation(() => GraphOrderResolutionPayload, { description: 'Sends an order that needs attention on its way again; one that waits for its next attempt is tried now. Audited.' })
  retryOrder(@Arg('input', () => RetryOrderInput) input: RetryOrderInput, @Ctx() context: OrdersContext): Promise<GraphOrderResolutionPayload> {
    return resolveOrder(context, input, (order, request) => retryOrder(context.operator, order, request));
  }

  @NeedsScopes(['operations'])
  @Mutation(() => GraphOrderResolutionPayload, { description: 'Changes what the ERP is told of an order it does not have - addresses, contact, note, day, carrier, payment, SKU - and sends it again. Audited.' })
  editAndRetryOrder(@Arg('input', () => EditAndRetryOrderInput) input: EditAndRetryOrderInput, @Ctx() context: OrdersContext): Promise<GraphOrderResolutionPayload> {
    return resolveOrder(context, input, (order, request) => editAndRetryOrder(context.operator, order, request, { ...input.edit } as EditText));
  }

  @NeedsScopes(['operations'])
  @Mutation(() => GraphOrderResolutionPayload, {
    description: 'Cancels an order that did not reach the ERP and gives its stock back. The ERP is asked first; while it is silent, or a create may still arrive, it is refused as retryable. Audited.',
  })
  cancelOrderWithRelease(@Arg('input', () => CancelOrderWithReleaseInput) input: CancelOrderWithReleaseInput, @Ctx() context: OrdersContext): Promise<GraphOrderResolutionPayload> {
    const { signal, deadlineAtMs } = context.scope;
    return resolveOrder(context, input, (order, request) =>
      cancelOrderWithRelease(context.operator, order, { ...request, alsoInErp: input.alsoInErp, signal, deadlineAtMs }));
  }

  @NeedsScopes(['operations'])
  @Mutation(() => GraphMaintenanceWindowPayload, { description: 'Keeps orders here while a system is worked on. Audited.' })
  async setMaintenanceWindow(@Arg('input', () => SetMaintenanceWindowInput) input: SetMaintenanceWindowInput, @Ctx() { operator, scope }: OrdersContext): Promise<GraphMaintenanceWindowPayload> {
    const { idempotencyKey, system = null, from, until, reason } = input;
    return answer(() => setMaintenanceWindow(operator, { actor: scope.principal.subject, idempotencyKey, system, from, until, reason }));
  }

  @NeedsScopes(['operations'])
  @Mutation(() => GraphMaintenanceWindowPayload, { description: 'Ends a maintenance now, or calls it off. Audited.' })
  async removeMaintenanceWindow(@Arg('input', () => RemoveMaintenanceWindowInput) { idempotencyKey, id }: RemoveMaintenanceWindowInput, @Ctx() { operator, scope }: OrdersContext): Promise<GraphMaintenanceWindowPayload> {
    return answer(() => removeMaintenanceWindow(operator, { actor: scope.principal.subject, idempotencyKey, id }));
  }
}

async function answer(work: () => Promise<GraphMaintenanceWindowPayload['window']>): Promise<GraphMaintenanceWindowPayload> {
  try {
    return { window: await work(), userErrors: [], warnings: [] };
  } catch (error) {
    return { window: null, userErrors: userErrorsOf(error), warnings: [] };
  }
}

async function resolveOrder(context: OrdersContext, input: RetryOrderInput, work: (order: OrderRecord, request: ResolutionRequest) => Promise<void>): Promise<GraphOrderResolutionPayload> {
  try {
    // Operations see every order they are to help.
    const order = await visibleOrderByGlobalId({ ...context, visibility: { ...context.visibility, all: true } }, input.orderId);
    if (!order) throw refuse(UserErrorCode.NOT_FOUND, ['orderId'], 'there is no such order');
    await work(order, { actor: context.scope.principal.subject, idempotencyKey: input.idempotencyKey, reason: input.reason });
    return { order: await readOrder(context.database, order.id), userErrors: [], warnings: [] };
  } catch (error) {
    return { order: null, userErrors: userErrorsOf(error), warnings: [] };
  }
}
