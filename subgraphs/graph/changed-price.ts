import { Directive, Field, ID, Int, ObjectType } from 'type-graphql';
import type { Money } from '../../domain/money.ts';
import { KeptAsPart } from './cache-tags.ts';
import { GraphMoney } from './money.ts';

@KeptAsPart()
@Directive('@shareable')
@ObjectType('LinePromotion', { description: 'A promotion that made a line cheaper.' })
export class GraphLinePromotion {
  @Field(() => String)
  code!: string;

  @Field(() => String, { description: 'For the buyer.' })
  name!: string;

  @Field(() => GraphMoney, { description: 'What it takes off the line; not negative. Where it lowers the price of a piece, the unit price has it in it; else the line\'s discount has.' })
  amount!: Money;
}

@Directive('@shareable')
@ObjectType('QuotedPrice', { description: 'What a line costs.' })
export class GraphQuotedPrice {
  @Field(() => GraphMoney, { description: 'Of one of the variant\'s own unit.' })
  unitPrice!: Money;

  @Field(() => GraphMoney, { nullable: true, description: 'What the line comes to, less its discount; null where only a unit price was told.' })
  net!: Money | null;
}

@Directive('@shareable')
@ObjectType('ChangedPrice', { description: 'A line whose price is another than the buyer saw.' })
export class GraphChangedPrice {
  @Field(() => Int, { description: 'Index of the line that was sent, from 0.' })
  line!: number;

  @Field(() => ID)
  sku!: string;

  @Field(() => GraphQuotedPrice, { description: 'What the buyer saw.' })
  quoted!: GraphQuotedPrice;

  @Field(() => GraphQuotedPrice, { nullable: true, description: 'What it costs now; null: it has no price any more.' })
  current!: GraphQuotedPrice | null;
}
