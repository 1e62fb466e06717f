import { Field, ObjectType } from 'type-graphql';
import type { Money } from '../../../domain/money.ts';
import { GraphMoney } from '../../graph/money.ts';

@ObjectType('OrderMargin', { description: 'What an order leaves, in its currency and without tax. A figure that cannot be known is null, and `unknown` says why.' })
export class GraphOrderMargin {
  @Field(() => GraphMoney, { nullable: true, description: 'Goods, before discounts.' })
  revenue!: Money | null;

  @Field(() => GraphMoney, { nullable: true, description: 'Off lines and off the order; not negative.' })
  discounts!: Money | null;

  @Field(() => GraphMoney, { nullable: true, description: 'Charged for shipping, handling and the like. What the carrier takes is not known here, so it is no part of the margin.' })
  shipping!: Money | null;

  @Field(() => GraphMoney, { nullable: true, description: 'What the goods cost when the order was placed. Source of truth: the ERP\'s cost price at that moment.' })
  costOfGoods!: Money | null;

  @Field(() => GraphMoney, { nullable: true, description: 'Revenue less discounts less cost of goods.' })
  margin!: Money | null;

  @Field(() => [String], { description: 'Why a figure is null, for people.' })
  unknown!: readonly string[];
}
