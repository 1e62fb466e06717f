import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import type { Decimal } from '../../domain/decimal.ts';
import { GraphDecimal, GraphQuantity } from '../graph/scalars.ts';
import { GraphUserError } from '../graph/user-error.ts';
import { ChannelAllocationType, SkuAllocationType } from './types-allocation.ts';

@InputType('ChannelShareInput', { description: 'Either percent or quantity.' })
export class ChannelShareInput {
  @Field(() => ID)
  channel!: string;

  @Field(() => GraphDecimal, { nullable: true, description: 'Of what fixed quantities leave: 0 to 100, all together at most 100.' })
  percent?: Decimal | null;

  @Field(() => GraphQuantity, { nullable: true, description: 'Fixed, in the unit of the variant.' })
  quantity?: Decimal | null;

  @Field(() => GraphQuantity, { defaultValue: '0', description: 'Never listed or sold on the channel.' })
  buffer!: Decimal;
}

@InputType('SellThroughRuleInput')
export class SellThroughRuleInput {
  @Field(() => GraphDecimal, { defaultValue: '25', description: 'Percent of the period: 0 to 100.' })
  afterPercent!: Decimal;

  @Field(() => GraphDecimal, { defaultValue: '1.5', description: '1 to 100.' })
  safetyFactor!: Decimal;
}

@InputType('SetChannelAllocationInput')
export class SetChannelAllocationInput {
  @Field(() => String, { description: 'The same key with the same content is carried out once; with another content it is a CONFLICT.' })
  idempotencyKey!: string;

  @Field(() => ID, { description: 'Of a rule there is: it is replaced.' })
  code!: string;

  @Field(() => String)
  name!: string;

  @Field(() => [ID], { nullable: true, description: 'At most 10000; left out: every SKU no other rule lists.' })
  skus?: string[] | null;

  @Field(() => [ChannelShareInput], { description: 'What they leave is a pool all channels draw on.' })
  shares!: ChannelShareInput[];

  @Field(() => Int, { defaultValue: 168, description: '1 to 8784. Another length or other shares begin a new period.' })
  periodHours!: number;

  @Field(() => SellThroughRuleInput, { nullable: true, description: 'Left out: nothing is moved by rule.' })
  reallocation?: SellThroughRuleInput | null;
}

@ObjectType('SetChannelAllocationPayload')
export class SetChannelAllocationPayloadType {
  @Field(() => ChannelAllocationType, { nullable: true, description: 'As it is by now; null when refused.' })
  allocation!: ChannelAllocationType | null;

  @Field(() => [GraphUserError])
  userErrors!: readonly GraphUserError[];
}

@InputType('RemoveChannelAllocationInput')
export class RemoveChannelAllocationInput {
  @Field(() => String)
  idempotencyKey!: string;

  @Field(() => ID)
  code!: string;
}

@ObjectType('RemoveChannelAllocationPayload')
export class RemoveChannelAllocationPayloadType {
  @Field(() => ID, { nullable: true, description: 'Null when refused.' })
  removedCode!: string | null;

  @Field(() => [GraphUserError])
  userErrors!: readonly GraphUserError[];
}

@InputType('MoveAllocationInput')
export class MoveAllocationInput {
  @Field(() => String)
  idempotencyKey!: string;

  @Field(() => ID)
  sku!: string;

  @Field(() => ID, { nullable: true, description: 'Channel whose unused own share is moved; null: the pool.' })
  from?: string | null;

  @Field(() => ID, { nullable: true, description: 'Channel that gets it; null: the pool.' })
  to?: string | null;

  @Field(() => GraphQuantity, { description: 'In the unit of the variant; above zero.' })
  quantity!: Decimal;

  @Field(() => String, { description: 'Why, for the audit: 1 to 500 characters.' })
  reason!: string;
}

@ObjectType('MoveAllocationPayload')
export class MoveAllocationPayloadType {
  @Field(() => SkuAllocationType, { nullable: true, description: 'As it stands by now; null when refused.' })
  allocation!: SkuAllocationType | null;

  @Field(() => [GraphUserError])
  userErrors!: readonly GraphUserError[];
}
