import { Arg, Field, FieldResolver, ID, ObjectType, Resolver, Root, Subscription } from 'type-graphql';
import type { Instant } from '../../../domain/time.ts';
import { NeedsScopes } from '../../graph/access.ts';
import { GraphDateTime } from '../../graph/scalars.ts';
import { PricedVariant } from '../reading/types.ts';
import type { PriceEvent } from './price-events.ts';

@ObjectType('PriceChange', { description: 'What the caller pays for these variants may be another. Ask any field of the graph beside it; prices are as they are when this is delivered.' })
export class PriceChangeType {
  @Field(() => String, { description: 'Where to resume from: give it as `after` to whichever gateway, or as Last-Event-ID.' })
  cursor!: string;

  @Field(() => GraphDateTime, { description: 'When the change was applied here or a window of validity began or ended; of several told as one, the last.' })
  at!: Instant;

  @Field(() => Boolean, { description: 'True where what happened in between is no longer known, or the caller\'s price lists are others by now: this is how it is now.' })
  isSnapshot!: boolean;

  @Field(() => [ID], { description: 'Of the SKUs followed, those it may concern: one, or all of them where a whole list or promotion changed.' })
  skus!: readonly string[];
}

const DESCRIPTION = `Tells when a price of the caller may have changed: by a change in the ERP, a promotion, an approved change, another contract, or because a window
of validity began or ended. Changes that wait to be delivered are told as one for each variant. A change of lists that are not the caller's is not told.`;

@Resolver(() => PriceChangeType)
export class PriceChangeResolver {
  @NeedsScopes(['price:read'])
  @Subscription(() => PriceChangeType, { topics: 'price', description: DESCRIPTION })
  priceChanged(
    @Root() { cursor, at, sku, type }: PriceEvent & { readonly cursor: string },
    @Arg('skus', () => [ID], { description: '1 to 250.' }) skus: readonly string[],
    @Arg('after', () => String, { nullable: true, description: 'Cursor of the last event you have: what you missed comes first, then what happens.' }) _after: string | null,
  ): PriceChangeType {
    return { cursor, at, isSnapshot: type === 'price.snapshot', skus: sku === null ? [...new Set(skus)] : [sku] };
  }

  @FieldResolver(() => [PricedVariant], { description: 'One for each of `skus`, in that order.' })
  variants(@Root() { skus }: PriceChangeType): readonly PricedVariant[] {
    return skus.map((sku) => ({ sku }));
  }
}
