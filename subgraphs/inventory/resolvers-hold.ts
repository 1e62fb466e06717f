import { Arg, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql';
import { asFailure } from '../../domain/failure.ts';
import type { HeldLine, Hold, HoldLine, HoldRequest, Location, ShortLine } from '../../domain/inventory.ts';
import { NeedsScopes } from '../graph/access.ts';
import { userError, userErrorOf, UserErrorCode, type GraphUserError } from '../graph/user-error.ts';
import type { InventoryContext } from './loaders.ts';
import { unlisted } from './resolvers-check.ts';
import { LocationType, StockedVariant } from './types.ts';
import { channelPolicyOf } from './promise/policy.ts';
import {
  ExtendHoldInput, ExtendHoldPayloadType, HoldStockInput, HoldStockPayloadType, ReleaseHoldInput, ReleaseHoldPayloadType, StockHoldBasketLineType, StockHoldLineType, StockHoldType,
  type ShortLineType,
} from './types-hold.ts';

@Resolver(() => StockHoldType)
export class StockHoldResolver {
  @NeedsScopes(['checkout:write'])
  @Query(() => StockHoldType, { nullable: true, description: "One of the caller's own holds." })
  hold(@Arg('id', () => ID) id: string, @Ctx() { book, scope }: InventoryContext): Promise<Hold | null> {
    return book.readHold(id, scope.principal.subject);
  }

  @NeedsScopes(['checkout:write'])
  @Mutation(() => HoldStockPayloadType, { description: 'Reserves stock for a basket: all lines or none, unless a part is allowed.' })
  async holdStock(@Arg('input', () => HoldStockInput) input: HoldStockInput, @Ctx() context: InventoryContext): Promise<HoldStockPayloadType> {
    try {
      const request = requestOf(input, context);
      const outcome = await context.book.placeHold(request);
      if (outcome.kind === 'HELD') return { hold: outcome.hold, shortLines: (outcome.short ?? []).map((line) => presentShort(line, context)), userErrors: [] };
      return {
        hold: null,
        shortLines: outcome.lines.map((line) => presentShort(line, context)),
        userErrors: outcome.lines.map((line) => explainShort(line, request)),
      };
    } catch (error) {
      return { hold: null, shortLines: [], userErrors: [userErrorOf(asFailure(error))] };
    }
  }

  @NeedsScopes(['checkout:write'])
  @Mutation(() => ExtendHoldPayloadType, { description: 'Gives a hold more time, once.' })
  async extendHold(@Arg('input', () => ExtendHoldInput) { holdId, ttlSeconds }: ExtendHoldInput, @Ctx() { book, scope }: InventoryContext): Promise<ExtendHoldPayloadType> {
    try {
      const hold = await book.extendHold({ holdId, ttlSeconds, owner: scope.principal.subject });
      return { hold, userErrors: hold === null ? [noHoldOfYours] : [] };
    } catch (error) {
      return { hold: null, userErrors: [userErrorOf(asFailure(error))] };
    }
  }

  @NeedsScopes(['checkout:write'])
  @Mutation(() => ReleaseHoldPayloadType, { description: 'Gives a hold back before it expires. Again is no error.' })
  async releaseHold(@Arg('input', () => ReleaseHoldInput) { holdId }: ReleaseHoldInput, @Ctx() { book, scope }: InventoryContext): Promise<ReleaseHoldPayloadType> {
    const hold = await book.releaseHold({ holdId, owner: scope.principal.subject });
    return { hold, userErrors: explainRelease(hold) };
  }
}

function requestOf({ idempotencyKey, lines, ttlSeconds, replacesHoldId, allowPartial, requestedDate, shipTo }: HoldStockInput, { book, scope }: InventoryContext): HoldRequest {
  const { channel } = scope.shopping;
  return {
    idempotencyKey, lines, allowPartial, channel, owner: scope.principal.subject, requestedOn: requestedDate ?? null, shipTo: shipTo ?? null,
    ttlSeconds: ttlSeconds ?? channelPolicyOf(book.policy, channel).holdTtlSeconds, replacesHoldId: replacesHoldId ?? null,
  };
}

const presentShort = ({ sku, requested, available, reason }: ShortLine, { show }: InventoryContext): ShortLineType => ({
  sku, requested, reason, available: show(available), variant: reason === 'UNKNOWN_SKU' ? null : { sku },
});

function explainShort({ sku, reason }: ShortLine, { lines }: HoldRequest): GraphUserError {
  const field = ['lines', String(lines.findIndex((line) => line.sku === sku)), 'sku'];
  if (reason === 'UNKNOWN_SKU') return userError(UserErrorCode.NOT_FOUND, field, `there is no SKU ${JSON.stringify(sku)}`);
  return userError(UserErrorCode.OUT_OF_STOCK, field, `${JSON.stringify(sku)} cannot be held: ${reason}`, reason === 'OUT_OF_STOCK');
}

const noHoldOfYours = userError(UserErrorCode.NOT_FOUND, ['holdId'], 'holdId names no hold of yours');

function explainRelease(hold: Hold | null): readonly GraphUserError[] {
  if (hold === null) return [noHoldOfYours];
  if (hold.state === 'COMMITTED') return [userError(UserErrorCode.CONFLICT, ['holdId'], 'this hold belongs to an order; cancel the order instead')];
  return [];
}

@Resolver(() => StockHoldBasketLineType)
export class StockHoldBasketLineResolver {
  @FieldResolver(() => StockedVariant)
  variant(@Root() { sku }: HeldLine): StockedVariant {
    return { sku };
  }
}

@Resolver(() => StockHoldLineType)
export class StockHoldLineResolver {
  @FieldResolver(() => StockedVariant)
  variant(@Root() { sku }: HoldLine): StockedVariant {
    return { sku };
  }

  @FieldResolver(() => LocationType, { description: 'Where it is held. The ERP may ship from elsewhere.' })
  async location(@Root() { locationCode }: HoldLine, @Ctx() { locations }: InventoryContext): Promise<Location> {
    return (await locations()).find((location) => location.code === locationCode) ?? unlisted(locationCode);
  }
}
