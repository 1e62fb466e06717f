import { Arg, Ctx, FieldResolver, ID, Int, Mutation, Query, Resolver, Root } from 'type-graphql';
import { invalidInput } from '../../../domain/failure.ts';
import type { Sku } from '../../../domain/ids.ts';
import { instant } from '../../../domain/time.ts';
import { NeedsScopes } from '../../graph/access.ts';
import { checkPageSize, decodeCursor, encodeCursor } from '../../graph/paging.ts';
import { present } from '../promotions/present-refusal.ts';
import type { PricingContext } from '../reading/price-session.ts';
import type { PricedVariant } from '../reading/types.ts';
import type { MinimumAdvertised, MinimumPosition } from './advertised-store.ts';
import {
  MinimumAdvertisedPriceConnectionType, MinimumAdvertisedPricesPayloadType, MinimumAdvertisedPriceType, RemoveMinimumAdvertisedPricesInput, SetMinimumAdvertisedPricesInput,
} from './types-advertised.ts';

const MOST_SKUS = 250;

@Resolver(() => MinimumAdvertisedPriceType)
export class AdvertisedResolver {
  @NeedsScopes(['price:write'], ['operations'])
  @Query(() => MinimumAdvertisedPriceConnectionType, { description: 'Those that are not over: of these SKUs (at most 250), or of all.' })
  async minimumAdvertisedPrices(
    @Arg('skus', () => [ID], { nullable: true }) skus: Sku[] | null | undefined,
    @Arg('first', () => Int, { defaultValue: 50 }) first: number,
    @Arg('after', () => String, { nullable: true }) after: string | null | undefined,
    @Ctx() { advertised }: PricingContext,
  ): Promise<MinimumAdvertisedPriceConnectionType> {
    const limit = checkPageSize(first);
    if (skus != null && skus.length > MOST_SKUS) throw invalidInput(['skus'], `at most ${MOST_SKUS} SKUs at a time`);
    const found = await advertised.list(skus ?? null, after == null ? null : positionOf(after), limit + 1);
    const nodes = found.slice(0, limit);
    const last = nodes.at(-1);
    return { nodes: nodes as MinimumAdvertisedPriceType[], pageInfo: { hasNextPage: found.length > limit, endCursor: last === undefined ? null : encodeCursor([last.sku, last.validFrom]) } };
  }

  @NeedsScopes(['price:write'])
  @Mutation(() => MinimumAdvertisedPricesPayloadType, { description: 'Says below which price SKUs are not advertised, as their makers have it. Audited.' })
  setMinimumAdvertisedPrices(@Arg('input', () => SetMinimumAdvertisedPricesInput) { idempotencyKey, prices }: SetMinimumAdvertisedPricesInput, @Ctx() { advertised }: PricingContext): Promise<MinimumAdvertisedPricesPayloadType> {
    return present(() => advertised.set({ idempotencyKey, prices }), (skus): MinimumAdvertisedPricesPayloadType => ({ skus, userErrors: [] }), (userErrors) => ({ skus: null, userErrors }));
  }

  @NeedsScopes(['price:write'])
  @Mutation(() => MinimumAdvertisedPricesPayloadType, { description: 'Lets SKUs be advertised at any price from an instant on. Audited.' })
  removeMinimumAdvertisedPrices(@Arg('input', () => RemoveMinimumAdvertisedPricesInput) { idempotencyKey, skus, at = null }: RemoveMinimumAdvertisedPricesInput, @Ctx() { advertised }: PricingContext): Promise<MinimumAdvertisedPricesPayloadType> {
    return present(() => advertised.remove({ idempotencyKey, skus, at }), (removed): MinimumAdvertisedPricesPayloadType => ({ skus: removed, userErrors: [] }), (userErrors) => ({ skus: null, userErrors }));
  }

  @FieldResolver()
  variant(@Root() { sku }: MinimumAdvertised): PricedVariant {
    return { sku };
  }
}

function positionOf(cursor: string): MinimumPosition {
  const [sku, validFrom] = decodeCursor(cursor, 2);
  if (typeof sku !== 'string' || (validFrom !== null && (typeof validFrom !== 'string' || Number.isNaN(Date.parse(validFrom))))) {
    throw invalidInput(['after'], 'after is not a cursor of this list; pass pageInfo.endCursor of the previous page unchanged');
  }
  return { sku, validFrom: validFrom === null ? null : instant(validFrom) };
}
