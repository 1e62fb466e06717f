import { Arg, Ctx, FieldResolver, ID, Int, Mutation, Query, registerEnumType, Resolver, Root } from 'type-graphql';
import { Failure, invalidInput } from '../../domain/failure.ts';
import type { ChannelCode, Sku } from '../../domain/ids.ts';
import type { Instant } from '../../domain/time.ts';
import { NeedsScopes } from '../graph/access.ts';
import { checkPageSize, decodeCursor, encodeCursor } from '../graph/paging.ts';
import { GraphDateTime } from '../graph/scalars.ts';
import { userErrorOf, type GraphUserError } from '../graph/user-error.ts';
import { draftOf, presentRefusals } from './allocation-draft.ts';
import { chooseChannel, readListings } from './channel-listing.ts';
import type { Outcome } from './channels/rule-checks.ts';
import type { AllocationRule } from './channels/rule.ts';
import type { SkuStanding } from './channels/standing.ts';
import type { InventoryContext } from './loaders.ts';
import { AllocatedSkusType, AllocationMoveConnectionType, AllocationMoveType, ChannelAllocationType, ChannelShareType, ChannelStandingType, SkuAllocationType } from './types-allocation.ts';
import {
  MoveAllocationInput, MoveAllocationPayloadType, RemoveChannelAllocationInput, RemoveChannelAllocationPayloadType, SetChannelAllocationInput, SetChannelAllocationPayloadType,
} from './types-allocation-input.ts';
import { ChannelListingConnectionType, ChannelListingType } from './types-channel-listing.ts';
import { StockedVariant } from './types.ts';

const GraphCoverage = { LISTED: 'LISTED', ALL: 'ALL' } as const satisfies { [K in AllocationRule['covers']]: K };
registerEnumType(GraphCoverage, {
  name: 'AllocationCoverage',
  description: 'Which SKUs a rule is about.',
  valuesConfig: { LISTED: { description: 'Those it lists.' }, ALL: { description: 'Every SKU no other rule lists.' } },
});

/** A caller bound to a channel sees that channel's part alone. */
const visible = <T extends { readonly channel: ChannelCode }>({ scope }: InventoryContext, parts: readonly T[]): readonly T[] =>
  scope.principal.channel === null ? parts : parts.filter((part) => part.channel === scope.principal.channel);

/** Answers what `work` did, or why it did nothing. */
async function attempt<T, P>(work: () => Promise<Outcome<T>>, done: (value: T) => P, refusedWith: (userErrors: readonly GraphUserError[]) => P): Promise<P> {
  try {
    const outcome = await work();
    return outcome.ok ? done(outcome.value) : refusedWith(presentRefusals(outcome.refusals));
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return refusedWith([userErrorOf(error)]);
  }
}

@Resolver(() => ChannelAllocationType)
export class ChannelAllocationResolver {
  @NeedsScopes(['availability:exact'], ['operations'])
  @Query(() => [ChannelAllocationType], { description: 'Every rule by which stock is shared out among channels, by code.' })
  channelAllocations(@Ctx() { book }: InventoryContext): Promise<readonly AllocationRule[]> {
    return book.allocation.rules();
  }

  @NeedsScopes(['operations'])
  @Mutation(() => SetChannelAllocationPayloadType, { description: 'Makes or replaces a rule. Other shares share out anew what can be sold at that moment.' })
  setChannelAllocation(@Arg('input', () => SetChannelAllocationInput) input: SetChannelAllocationInput, @Ctx() { book, scope }: InventoryContext): Promise<SetChannelAllocationPayloadType> {
    const draft = draftOf(input);
    const request = { owner: scope.principal.subject, idempotencyKey: input.idempotencyKey };
    return attempt(async () => (draft.ok ? book.allocation.setRule(request, draft.value) : draft), (allocation): SetChannelAllocationPayloadType => ({ allocation, userErrors: [] }), (userErrors) => ({ allocation: null, userErrors }));
  }

  @NeedsScopes(['operations'])
  @Mutation(() => RemoveChannelAllocationPayloadType, { description: 'Removes a rule: its SKUs are then shared out by the rule for all, or not at all.' })
  removeChannelAllocation(@Arg('input', () => RemoveChannelAllocationInput) { idempotencyKey, code }: RemoveChannelAllocationInput, @Ctx() { book, scope }: InventoryContext): Promise<RemoveChannelAllocationPayloadType> {
    const work = () => book.allocation.removeRule({ owner: scope.principal.subject, idempotencyKey }, code);
    return attempt(work, (): RemoveChannelAllocationPayloadType => ({ removedCode: code, userErrors: [] }), (userErrors) => ({ removedCode: null, userErrors }));
  }

  @FieldResolver(() => GraphCoverage)
  coverage(@Root() { covers }: AllocationRule): AllocationRule['covers'] {
    return covers;
  }

  @FieldResolver(() => [ChannelShareType], { description: 'What they leave is the pool. Callers bound to a channel see their own.' })
  shares(@Root() { shares }: AllocationRule, @Ctx() context: InventoryContext): readonly ChannelShareType[] {
    return visible(context, shares).map(({ channel, share, buffer }) => ({
      channel, buffer, percent: share.kind === 'PERCENT' ? share.percent : null, quantity: share.kind === 'FIXED' ? share.quantity : null,
    }));
  }

  @FieldResolver(() => AllocatedSkusType, { description: 'Empty where the rule covers all.' })
  async skus(@Root() { code }: AllocationRule, @Arg('first', () => Int, { defaultValue: 50 }) first: number, @Arg('after', () => String, { nullable: true }) after: string | null | undefined, @Ctx() { book }: InventoryContext): Promise<AllocatedSkusType> {
    const limit = checkPageSize(first);
    const found = await book.allocation.listedSkus(code, limit + 1, after == null ? null : String(decodeCursor(after, 1)[0]));
    const nodes = found.slice(0, limit).map((sku): StockedVariant => ({ sku }));
    return { nodes, pageInfo: { hasNextPage: found.length > limit, endCursor: nodes.length === 0 ? null : encodeCursor([nodes.at(-1)!.sku]) } };
  }

  @FieldResolver(() => GraphDateTime)
  periodBeganAt(@Root() { period }: AllocationRule): Instant {
    return period.beganAt;
  }

  @FieldResolver(() => GraphDateTime, { description: 'Then use and moves start anew.' })
  periodEndsAt(@Root() { period }: AllocationRule): Instant {
    return period.endsAt;
  }
}

const presentStanding = ({ sku, atpToday, standing }: SkuStanding): SkuAllocationType => ({ sku, atpToday, base: standing.base, pool: standing.pool, channels: standing.channels });

@Resolver(() => SkuAllocationType)
export class SkuAllocationResolver {
  @NeedsScopes(['availability:exact'], ['operations'])
  @Query(() => SkuAllocationType, { nullable: true, description: 'How a SKU stands with its channels now; null where no rule covers it. From the read model, seconds behind the ERP.' })
  async skuAllocation(@Arg('sku', () => ID) sku: Sku, @Ctx() { book }: InventoryContext): Promise<SkuAllocationType | null> {
    const standing = await book.allocation.standing(sku);
    return standing && presentStanding(standing);
  }

  @NeedsScopes(['operations'])
  @Mutation(() => MoveAllocationPayloadType, { description: 'Moves a quantity between channels and the pool within the running period. Audited.' })
  moveAllocation(@Arg('input', () => MoveAllocationInput) { idempotencyKey, sku, from, to, quantity, reason }: MoveAllocationInput, @Ctx() { book, scope }: InventoryContext): Promise<MoveAllocationPayloadType> {
    const work = () => book.allocation.move({ owner: scope.principal.subject, idempotencyKey, sku, from: from ?? null, to: to ?? null, quantity, reason });
    return attempt(work, (standing): MoveAllocationPayloadType => ({ allocation: standing && presentStanding(standing), userErrors: [] }), (userErrors) => ({ allocation: null, userErrors }));
  }

  @FieldResolver(() => StockedVariant)
  variant(@Root() { sku }: SkuAllocationType): StockedVariant {
    return { sku };
  }

  @FieldResolver(() => ChannelAllocationType, { nullable: true, description: 'The rule that covers it.' })
  allocation(@Root() { sku }: SkuAllocationType, @Ctx() { book }: InventoryContext): Promise<AllocationRule | null> {
    return book.allocation.ruleOf(sku);
  }

  @FieldResolver(() => [ChannelStandingType], { description: 'By rule, in its order. Callers bound to a channel see their own.' })
  channels(@Root() { channels }: SkuAllocationType, @Ctx() context: InventoryContext): readonly ChannelStandingType[] {
    return visible(context, channels);
  }
}

@Resolver(() => AllocationMoveType)
export class AllocationMoveResolver {
  @NeedsScopes(['operations'])
  @Query(() => AllocationMoveConnectionType, { description: 'Who moved what of a SKU, when, from where to where and why, newest first.' })
  async allocationMoves(@Arg('sku', () => ID) sku: Sku, @Arg('first', () => Int, { defaultValue: 50 }) first: number, @Arg('after', () => String, { nullable: true }) after: string | null | undefined, @Ctx() { book }: InventoryContext): Promise<AllocationMoveConnectionType> {
    const limit = checkPageSize(first);
    const found = await book.allocation.moves(sku, limit + 1, after == null ? null : moveIdOf(after));
    const nodes = found.slice(0, limit);
    const edges = nodes.map((node) => ({ cursor: encodeCursor([node.id]), node }));
    return { nodes, edges, pageInfo: { hasNextPage: found.length > limit, endCursor: edges.at(-1)?.cursor ?? null } };
  }

  @FieldResolver(() => StockedVariant)
  variant(@Root() { sku }: AllocationMoveType): StockedVariant {
    return { sku };
  }
}

function moveIdOf(cursor: string): string {
  const [id] = decodeCursor(cursor, 1);
  if (typeof id === 'string' && /^\d{1,18}$/.test(id)) return id;
  throw invalidInput(['after'], 'after is not a cursor of this list; pass pageInfo.endCursor of the previous page unchanged');
}

@Resolver(() => ChannelListingType)
export class ChannelListingResolver {
  @NeedsScopes(['availability:read'])
  @Query(() => ChannelListingConnectionType, { description: 'What a connector publishes on a channel: of these SKUs (at most 250), or of everything that is for sale, page by page in SKU order.' })
  channelListings(
    @Arg('channel', () => ID, { nullable: true, description: 'Of a caller bound to a channel its own; else this, or the one in the header x-channel.' }) channel: ChannelCode | null | undefined,
    @Arg('skus', () => [ID], { nullable: true }) skus: readonly Sku[] | null | undefined,
    @Arg('first', () => Int, { defaultValue: 50 }) first: number,
    @Arg('after', () => String, { nullable: true }) after: string | null | undefined,
    @Ctx() context: InventoryContext,
  ): Promise<ChannelListingConnectionType> {
    return readListings(context, { channel: chooseChannel(context, channel ?? null), skus: skus ?? null, first, after: after ?? null });
  }

  @FieldResolver(() => StockedVariant)
  variant(@Root() { sku }: ChannelListingType): StockedVariant {
    return { sku };
  }
}
