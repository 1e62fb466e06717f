import { Arg, Ctx, FieldResolver, Mutation, Resolver, Root } from 'type-graphql';
import { money, type Money } from '../../../domain/money.ts';
import type { CreditMemoRecord } from '../../../domain/returns.ts';
import { NeedsScopes } from '../../graph/access.ts';
import { GraphMoney } from '../../graph/money.ts';
import type { OrdersContext } from '../context.ts';
import type { OrderRecord } from '../records.ts';
import { GraphOrder } from '../types-order.ts';
import { recordCarrierNews } from './carrier-news.ts';
import type { CreditMemoRow } from './records.ts';
import { GraphCreditMemo, GraphCreditMemoLine, GraphRecordCarrierNewsPayload, RecordCarrierNewsInput } from './types.ts';

@Resolver()
export class CarrierNewsMutationResolver {
  @NeedsScopes(['fulfilment:write'])
  @Mutation(() => GraphRecordCarrierNewsPayload, {
    description: 'Takes what a carrier says of a parcel: for carriers\' webhooks and whoever asks them. Idempotent by key; late, repeated and reordered news do no harm.',
  })
  recordCarrierNews(@Arg('input', () => RecordCarrierNewsInput) input: RecordCarrierNewsInput, @Ctx() context: OrdersContext): Promise<GraphRecordCarrierNewsPayload> {
    return recordCarrierNews(context, input, context.scope.principal);
  }
}

@Resolver(() => GraphOrder)
export class CreditMemosOfOrderResolver {
  @FieldResolver(() => [GraphCreditMemo], { description: 'Money given back for it, whoever made the memo.' })
  creditMemos(@Root() { id }: OrderRecord, @Ctx() { loaders }: OrdersContext): Promise<readonly CreditMemoRow[]> {
    return loaders.creditMemos.load(id);
  }
}

@Resolver(() => GraphCreditMemo)
export class CreditMemoResolver {
  @FieldResolver(() => GraphMoney, { description: 'Positive, tax included.' })
  total(@Root() { total, currencyCode }: CreditMemoRow): Money {
    return money(total, currencyCode);
  }

  @FieldResolver(() => GraphMoney, { description: 'The tax in it, positive.' })
  tax(@Root() { tax, currencyCode }: CreditMemoRow): Money {
    return money(tax, currencyCode);
  }

  @FieldResolver(() => [GraphCreditMemoLine])
  lines(@Root() { lines }: CreditMemoRow): CreditMemoRow['lines'] {
    return lines;
  }
}

@Resolver(() => GraphCreditMemoLine)
export class CreditMemoLineResolver {
  @FieldResolver(() => GraphMoney, { description: 'As the ERP\'s line says; whether its tax is in it is the ERP\'s custom.' })
  total(@Root() { total }: CreditMemoRecord['lines'][number]): Money {
    return total;
  }
}
