import { Directive, Field, ObjectType } from 'type-graphql';
import type { Decimal } from '../../domain/decimal.ts';
import { KeptAsPart } from './cache-tags.ts';
import { GraphCurrencyCode, GraphDecimal } from './scalars.ts';

@KeptAsPart()
@Directive('@shareable')
@ObjectType('Money', { description: 'An amount of one currency. Unit prices may carry more digits than the currency has.' })
export class GraphMoney {
  @Field(() => GraphDecimal, { description: 'Exact decimal text.' })
  amount!: Decimal;

  @Field(() => GraphCurrencyCode)
  currencyCode!: string;
}
