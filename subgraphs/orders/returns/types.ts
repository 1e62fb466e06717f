import { Directive, Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import type { Decimal } from '../../../domain/decimal.ts';
import type { Instant } from '../../../domain/time.ts';
import { GraphMoney } from '../../graph/money.ts';
import type { Money } from '../../../domain/money.ts';
import { GraphDateTime, GraphQuantity } from '../../graph/scalars.ts';
import type { Disposition } from '../../../domain/returns.ts';
import { EXCHANGE_MOMENTS, RETURN_REASONS } from './policy.ts';
import { LANES } from './records.ts';
import type { LineView } from './view.ts';

const enumOf = <const T extends string>(values: readonly T[]): { readonly [K in T]: K } => Object.fromEntries(values.map((value) => [value, value])) as { [K in T]: K };

export const GraphReturnStatus = enumOf(['REQUESTED', 'AUTHORISED', 'DECLINED', 'CANCELLED', 'EXPECTED', 'PARTLY_RECEIVED', 'RECEIVED', 'CLOSED']);
export const GraphReturnPayment = enumOf(['NOT_DUE', 'DUE', 'REFUND_REQUESTED', 'REFUNDED', 'DIFFERENT']);
export const GraphReturnReason = enumOf(RETURN_REASONS);
export const GraphReturnWish = enumOf(['REFUND', 'EXCHANGE']);
export const GraphReturnOrigin = enumOf(['GRAPH', 'ERP']);
export const GraphReturnState = enumOf(['EXPECTED', 'RECEIVED', 'CANCELLED']);
export const GraphDisposition = enumOf(['RESTOCK', 'SCRAP', 'QUARANTINE']);
export const GraphExchangeMoment = enumOf(EXCHANGE_MOMENTS);
export const GraphReturnLane = enumOf(LANES);

registerEnumType(GraphReturnStatus, {
  name: 'ReturnStatus',
  description: 'How far the goods of a return have come; says nothing of the money.',
  valuesConfig: {
    REQUESTED: { description: 'Asked for; somebody decides.' },
    AUTHORISED: { description: 'May be sent; its document in the ERP is on its way.' },
    EXPECTED: { description: 'The ERP has a document and waits for the goods.' },
    CANCELLED: { description: 'Called off here or in the ERP before anything came.' },
    CLOSED: { description: 'What has not come by now is expected no more.' },
  },
});
registerEnumType(GraphReturnPayment, {
  name: 'ReturnPayment',
  description: 'How far the money of a return has come; says nothing of the goods.',
  valuesConfig: {
    DUE: { description: 'Goods came, nobody has asked for their refund.' },
    REFUND_REQUESTED: { description: 'The ERP has no posted credit memo yet.' },
    DIFFERENT: { description: 'The ERP\'s credit memo is not what was reckoned here, to the penny.' },
  },
});
registerEnumType(GraphReturnReason, { name: 'ReturnReason', description: 'Why goods come back.' });
registerEnumType(GraphReturnWish, { name: 'ReturnWish', description: 'What the buyer wants for the goods. The goods\' value is refunded either way: the replacement is an order like any other.' });
registerEnumType(GraphReturnOrigin, { name: 'ReturnOrigin', description: 'GRAPH: asked for here. ERP: made there by people.' });
registerEnumType(GraphReturnState, { name: 'ReturnState', description: 'How far a return\'s document in the ERP has come.' });
registerEnumType(GraphDisposition, { name: 'Disposition', description: 'What becomes of goods that came back.' });
registerEnumType(GraphExchangeMoment, { name: 'ExchangeMoment', description: 'When the order that replaces the goods is placed.' });
registerEnumType(GraphReturnLane, { name: 'ReturnWork', description: 'What of a return is done elsewhere.' });

@ObjectType('ReturnedPart', { description: 'Where a part of what came went.' })
class GraphReturnedPart {
  @Field(() => GraphDisposition)
  disposition!: Disposition;

  @Field(() => GraphQuantity)
  quantity!: Decimal;
}

@ObjectType('ReturnLine', { description: 'What of an order\'s line comes back. Quantities in the variant\'s unit.' })
export class GraphReturnLine {
  @Field(() => Int, { nullable: true, description: 'Of the order; null for returns made in the ERP, which name SKUs.' })
  lineNumber!: number | null;

  @Field(() => ID)
  sku!: string;

  @Field(() => GraphQuantity, { description: 'Asked back.' })
  quantity!: Decimal;

  @Field(() => GraphQuantity, { description: 'Come so far, by receipts here or in the ERP, whichever is ahead.' })
  received!: Decimal;

  @Field(() => GraphReturnReason, { nullable: true, description: 'Null for returns made in the ERP.' })
  reason!: LineView['reason'];

  @Field(() => String, { nullable: true })
  note!: string | null;

  @Field(() => [GraphReturnedPart], { description: 'As noted here with receiveReturn; what the ERP took in by itself is not among it.' })
  dispositions!: LineView['dispositions'];
}

@ObjectType('ErpReturn', { description: 'A return\'s document in the ERP. Source of truth: the ERP; as fresh as its last message.' })
export class GraphErpReturn {
  @Field(() => ID)
  id!: string;

  @Field(() => String)
  number!: string;

  @Field(() => GraphReturnState)
  state!: keyof typeof GraphReturnState;

  @Field(() => GraphDateTime, { nullable: true })
  receivedAt!: Instant | null;
}

@ObjectType('ReturnExchangeLine', { description: 'What shall come instead.' })
export class GraphExchangeLine {
  @Field(() => ID)
  sku!: string;

  @Field(() => GraphQuantity)
  quantity!: Decimal;
}

@ObjectType('ReturnAmounts', { description: 'Money as far as it is known here; null where the ERP alone knows prices or taxes.' })
export class GraphReturnAmounts {
  @Field(() => GraphMoney, { nullable: true, description: 'Before tax.' })
  net!: Money | null;

  @Field(() => GraphMoney, { nullable: true })
  tax!: Money | null;

  @Field(() => GraphMoney, { nullable: true, description: 'With tax.' })
  total!: Money | null;
}

@ObjectType('ReturnDifference', { description: 'What the ERP gave back more than was reckoned here; negative: less.' })
export class GraphReturnDifference {
  @Field(() => GraphMoney, { nullable: true, description: 'With tax; before tax where no tax was known here.' })
  total!: Money | null;

  @Field(() => GraphMoney, { nullable: true, description: 'Null where no tax was known here.' })
  tax!: Money | null;
}

@ObjectType('ReturnRefund', { description: 'Money asked back for what came, and what the ERP made of it.' })
export class GraphReturnRefund {
  @Field(() => String, { description: 'Reference of the credit memo in the ERP.' })
  reference!: string;

  @Field(() => String)
  reason!: string;

  @Field(() => GraphDateTime)
  requestedAt!: Instant;
}

@ObjectType('ReturnAttention', { description: 'What of a return does not come forward by itself: see retryReturn.' })
export class GraphReturnAttention {
  @Field(() => GraphReturnLane)
  work!: keyof typeof GraphReturnLane;

  @Field(() => String, { description: 'Why, for people.' })
  reason!: string;

  @Field(() => Boolean, { description: 'True when the ERP behind the shop cannot do this: somebody does it there.' })
  byHand!: boolean;
}

@Directive('@key(fields: "id")')
@ObjectType('Return', { description: 'Goods coming back from an order, asked for here or made in the ERP.' })
export class GraphReturn {
  @Field(() => ID)
  id!: string;
}
