import { Arg, Ctx, FieldResolver, ID, Int, Mutation, Query, Resolver, Root } from 'type-graphql';
import type { Promotion, PromotionEffect } from '../../../domain/promotions.ts';
import { NeedsScopes } from '../../graph/access.ts';
import { checkPageSize, decodeCursor, encodeCursor } from '../../graph/paging.ts';
import type { PricingContext } from '../reading/price-session.ts';
import { codeOf } from './reduction.ts';
import { present } from './present-refusal.ts';
import { EndPromotionInput, PromotionFilterInput, PutPromotionInput } from './types-promotion-input.ts';
import { PromotionConnectionType, PromotionEffectUnion, PromotionPayloadType, PromotionTargetType, PromotionType } from './types-promotion.ts';

const KNOWN_TO_STAFF = 'For staff: buyers see what promotions do in their prices.';

@Resolver(() => PromotionType)
export class PromotionResolver {
  @NeedsScopes(['price:write'], ['operations'])
  @Query(() => PromotionType, { nullable: true, description: `Null when there never was one by this code. ${KNOWN_TO_STAFF}` })
  promotion(@Arg('code', () => ID) code: string, @Ctx() { promotions }: PricingContext): Promise<PromotionType | null> {
    return promotions.read(code);
  }

  @NeedsScopes(['price:write'], ['operations'])
  @Query(() => PromotionConnectionType, { description: `Those that have ended as well. ${KNOWN_TO_STAFF}` })
  async promotions(
    @Arg('filter', () => PromotionFilterInput, { nullable: true }) filter: PromotionFilterInput | null | undefined,
    @Arg('first', () => Int, { defaultValue: 50 }) first: number,
    @Arg('after', () => String, { nullable: true }) after: string | null | undefined,
    @Ctx() { promotions }: PricingContext,
  ): Promise<PromotionConnectionType> {
    const limit = checkPageSize(first);
    const behind = after == null ? null : String(decodeCursor(after, 1)[0]);
    const found = await promotions.list({ state: filter?.state ?? null, channel: filter?.channel ?? null }, behind, limit + 1);
    const nodes = found.slice(0, limit);
    return { nodes, pageInfo: { hasNextPage: found.length > limit, endCursor: nodes.length === 0 ? null : encodeCursor([nodes.at(-1)!.code]) } };
  }

  @NeedsScopes(['price:write'])
  @Mutation(() => PromotionPayloadType, {
    description: 'Makes a promotion, or replaces the one by this code; prices of the past follow what it was then. One that may take more off than the price guard lets pass needs price:approve as well. Audited.',
  })
  putPromotion(@Arg('input', () => PutPromotionInput) { idempotencyKey, promotion, ifRevision = null }: PutPromotionInput, @Ctx() { promotions }: PricingContext): Promise<PromotionPayloadType> {
    return present(() => promotions.put({ idempotencyKey, promotion, ifRevision }), (after): PromotionPayloadType => ({ promotion: after, userErrors: [] }), (userErrors) => ({ promotion: null, userErrors }));
  }

  @NeedsScopes(['price:write'])
  @Mutation(() => PromotionPayloadType, { description: 'Ends a promotion; it stays readable. One that has not begun by then is switched off. Audited.' })
  endPromotion(@Arg('input', () => EndPromotionInput) { idempotencyKey, code, at = null }: EndPromotionInput, @Ctx() { promotions }: PricingContext): Promise<PromotionPayloadType> {
    return present(() => promotions.end({ idempotencyKey, code, at }), (after): PromotionPayloadType => ({ promotion: after, userErrors: [] }), (userErrors) => ({ promotion: null, userErrors }));
  }

  @FieldResolver(() => PromotionEffectUnion)
  effect(@Root() promotion: Promotion): PromotionEffect {
    return promotion.effect;
  }

  @FieldResolver(() => [PromotionTargetType], { description: 'Any of them; none: everything.' })
  targets(@Root() promotion: Promotion): readonly PromotionTargetType[] {
    return promotion.targets.map((target) => ({ kind: target.kind, code: codeOf(target) }));
  }
}
