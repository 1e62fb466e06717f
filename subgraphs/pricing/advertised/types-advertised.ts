import { Field, ID, InputType, ObjectType } from 'type-graphql';
import type { Money } from '../../../domain/money.ts';
import type { Instant } from '../../../domain/time.ts';
import { GraphMoney } from '../../graph/money.ts';
import { GraphPageInfo } from '../../graph/paging.ts';
import { GraphDateTime } from '../../graph/scalars.ts';
import { GraphUserError } from '../../graph/user-error.ts';
import { PriceAmountInput } from '../promotions/types-promotion-input.ts';
import { PricedVariant } from '../reading/types.ts';

const KEY = 'The same key with the same content is carried out once; with another content it is a CONFLICT.';

@InputType('MinimumAdvertisedPriceInput')
export class MinimumAdvertisedPriceInput {
  @Field(() => ID, { description: 'Each SKU once.' })
  sku!: string;

  @Field(() => PriceAmountInput, { description: 'Of one of the item\'s own unit.' })
  price!: PriceAmountInput;

  @Field(() => GraphDateTime, { nullable: true, description: 'Left out: now.' })
  validFrom?: Instant | null;

  @Field(() => GraphDateTime, { nullable: true, description: 'Exclusive; left out: for ever.' })
  validUntil?: Instant | null;
}

@InputType('SetMinimumAdvertisedPricesInput')
export class SetMinimumAdvertisedPricesInput {
  @Field(() => String, { description: KEY })
  idempotencyKey!: string;

  @Field(() => [MinimumAdvertisedPriceInput], { description: '1 to 1,000. Each takes the place of what was said of its SKU in its span of time; before and after, that stays.' })
  prices!: MinimumAdvertisedPriceInput[];
}

@InputType('RemoveMinimumAdvertisedPricesInput')
export class RemoveMinimumAdvertisedPricesInput {
  @Field(() => String, { description: KEY })
  idempotencyKey!: string;

  @Field(() => [ID], { description: '1 to 1,000, each once.' })
  skus!: string[];

  @Field(() => GraphDateTime, { nullable: true, description: 'From then on there is none. Left out: now.' })
  at?: Instant | null;
}

@ObjectType('MinimumAdvertisedPrice', { description: 'Below this a SKU\'s price is not advertised in its span of time. Contract and group prices are no advertisement; nor is the cart.' })
export class MinimumAdvertisedPriceType {
  @Field(() => ID)
  sku!: string;

  @Field(() => PricedVariant)
  variant!: PricedVariant;

  @Field(() => GraphMoney, { description: 'Of one of the item\'s own unit.' })
  price!: Money;

  @Field(() => GraphDateTime, { nullable: true, description: 'Null: since ever.' })
  validFrom!: Instant | null;

  @Field(() => GraphDateTime, { nullable: true, description: 'Exclusive; null: for ever.' })
  validUntil!: Instant | null;
}

@ObjectType('MinimumAdvertisedPriceConnection', { description: 'By SKU, then by time.' })
export class MinimumAdvertisedPriceConnectionType {
  @Field(() => [MinimumAdvertisedPriceType])
  nodes!: readonly MinimumAdvertisedPriceType[];

  @Field(() => GraphPageInfo)
  pageInfo!: GraphPageInfo;
}

@ObjectType('MinimumAdvertisedPricesPayload', { description: 'All of it was done, or none.' })
export class MinimumAdvertisedPricesPayloadType {
  @Field(() => [ID], { nullable: true, description: 'The SKUs asked for; null when refused.' })
  skus!: readonly string[] | null;

  @Field(() => [GraphUserError])
  userErrors!: readonly GraphUserError[];
}
