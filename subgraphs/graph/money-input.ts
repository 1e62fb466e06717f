import { Field, InputType } from 'type-graphql';
import type { Decimal } from '../../domain/decimal.ts';
import { GraphCurrencyCode, GraphDecimal } from './scalars.ts';

/** The same in every subgraph that takes an amount. */
@InputType('MoneyInput', { description: 'An amount of one currency.' })
export class MoneyInput {
  @Field(() => GraphDecimal)
  amount!: Decimal;

  @Field(() => GraphCurrencyCode)
  currencyCode!: string;
}
