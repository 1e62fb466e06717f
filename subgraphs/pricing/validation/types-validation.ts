import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import type { Decimal } from '../../../domain/decimal.ts';
import type { Money } from '../../../domain/money.ts';
import type { Instant } from '../../../domain/time.ts';
import { GraphMoney } from '../../graph/money.ts';
import { GraphPageInfo } from '../../graph/paging.ts';
import { GraphDateTime, GraphQuantity } from '../../graph/scalars.ts';
import { GraphUserError } from '../../graph/user-error.ts';

@InputType('ValidatePricesInput', { description: 'Whose prices are compared follows from the caller\'s token.' })
export class ValidatePricesInput {
  @Field(() => ID, { description: 'A call with the key of the last one is answered with what that found.' })
  idempotencyKey!: string;

  @Field(() => Int, { defaultValue: 20, description: 'How many SKUs are looked at, 1 to 100: what was negotiated first, then others, the same all day. Each at one piece and where its breaks begin.' })
  sampleSize!: number;

  @Field(() => [ID], { nullable: true, description: 'These SKUs instead of a sample; 1 to 100.' })
  skus?: readonly string[] | null;
}

@ObjectType('PriceValidationDifference', { description: 'A price the ERP itself tells otherwise.' })
export class PriceValidationDifferenceType {
  @Field(() => ID)
  sku!: string;

  @Field(() => GraphQuantity, { description: 'In the variant\'s own unit.' })
  quantity!: Decimal;

  @Field(() => GraphMoney, { nullable: true, description: 'Of one, before promotions, in the price list\'s currency. Null: there is no price here.' })
  ours!: Money | null;

  @Field(() => GraphMoney, { nullable: true, description: 'What the ERP charges for one. Null: it has no price.' })
  theirs!: Money | null;
}

@ObjectType('PriceValidation', { description: 'A sample of the caller\'s prices, compared with what the ERP charges itself.' })
export class PriceValidationType {
  @Field(() => GraphDateTime)
  checkedAt!: Instant;

  @Field(() => Boolean, { description: 'True: what the last call found, less than a minute ago or with the same idempotency key. The ERP was not asked again.' })
  repeated!: boolean;

  @Field(() => Int, { description: 'Prices looked at; the others add up to it.' })
  checked!: number;

  @Field(() => Int)
  confirmed!: number;

  @Field(() => Int, { description: 'Prices the ERP did not answer for in time, or cannot be asked for because no price list is behind them. They may differ.' })
  unanswered!: number;

  @Field(() => [PriceValidationDifferenceType])
  differences!: readonly PriceValidationDifferenceType[];
}

@ObjectType('ValidatePricesPayload')
export class ValidatePricesPayload {
  @Field(() => PriceValidationType, { nullable: true, description: 'Null: see userErrors.' })
  validation!: PriceValidationType | null;

  @Field(() => [GraphUserError])
  userErrors!: readonly GraphUserError[];
}

@InputType('PriceDifferenceFilter')
export class PriceDifferenceFilterInput {
  @Field(() => Boolean, { nullable: true, defaultValue: true, description: 'True: those that stand; false: those that agree again; null: both.' })
  open?: boolean | null;

  @Field(() => ID, { nullable: true })
  sku?: string | null;

  @Field(() => ID, { nullable: true })
  priceListCode?: string | null;
}

@ObjectType('PriceDifference', { description: 'A price the ERP told otherwise than it is served here, as a buyer\'s login or checkout found it. Closed when the next one finds them equal.' })
export class PriceDifferenceType {
  @Field(() => ID)
  id!: string;

  @Field(() => ID)
  priceListCode!: string;

  @Field(() => ID)
  sku!: string;

  @Field(() => GraphQuantity, { description: 'In the variant\'s own unit.' })
  quantity!: Decimal;

  @Field(() => GraphMoney, { nullable: true, description: 'As it was served when last seen; null: no price.' })
  ours!: Money | null;

  @Field(() => GraphMoney, { nullable: true, description: 'As the ERP told it; null: no price.' })
  theirs!: Money | null;

  @Field(() => GraphDateTime)
  firstSeenAt!: Instant;

  @Field(() => GraphDateTime)
  lastSeenAt!: Instant;

  @Field(() => Int)
  seenCount!: number;

  @Field(() => GraphDateTime, { nullable: true, description: 'Null: they differ, as far as anybody knows.' })
  closedAt!: Instant | null;
}

@ObjectType('PriceDifferenceConnection', { description: 'Those seen last first.' })
export class PriceDifferenceConnection {
  @Field(() => [PriceDifferenceType])
  nodes!: readonly PriceDifferenceType[];

  @Field(() => GraphPageInfo)
  pageInfo!: GraphPageInfo;
}
