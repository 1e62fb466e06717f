import { Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import type { Decimal } from '../../domain/decimal.ts';
import type { HeldLine, Hold, HoldLine, HoldState, RejectionReason } from '../../domain/inventory.ts';
import type { CalendarDate, Instant } from '../../domain/time.ts';
import { GraphDate, GraphDateTime, GraphQuantity } from '../graph/scalars.ts';
import { GraphUserError } from '../graph/user-error.ts';
import { StockedVariant } from './types.ts';
import { BasketLineInput, GraphRejectionReason, ShipToInput } from './types-check.ts';

const GraphHoldState = { HELD: 'HELD', COMMITTED: 'COMMITTED', RELEASED: 'RELEASED', EXPIRED: 'EXPIRED' } as const satisfies { [K in HoldState]: K };
registerEnumType(GraphHoldState, {
  name: 'StockHoldState',
  description: 'What became of a hold.',
  valuesConfig: {
    HELD: { description: 'Reserved until it expires.' },
    COMMITTED: { description: 'Belongs to an order.' },
    RELEASED: { description: 'Given back.' },
    EXPIRED: { description: 'Its time ran out.' },
  },
});

@ObjectType('StockHoldLine', { description: 'What is taken where. Of a kit its components.' })
export class StockHoldLineType {
  @Field(() => ID)
  sku!: string;

  @Field(() => GraphQuantity, { description: 'In the unit of the variant.' })
  quantity!: Decimal;

  @Field(() => GraphDate, { nullable: true, description: 'The day from which the goods are kept; null: from now on, of what is there.' })
  dueOn!: CalendarDate | null;

  locationCode!: string;
}

@ObjectType('StockHoldBasketLine', { description: 'A line as it was asked for, one per SKU, in the unit of the variant.' })
export class StockHoldBasketLineType implements HeldLine {
  @Field(() => ID)
  sku!: string;

  @Field(() => GraphQuantity)
  requested!: Decimal;

  @Field(() => GraphQuantity, { description: 'Reserved; less than requested only where a partial hold was allowed or goods are sold without stock.' })
  held!: Decimal;

  @Field(() => GraphQuantity, { description: "Sold without stock behind it, by the merchant's policy: to be had by promisedOn." })
  backordered!: Decimal;

  @Field(() => GraphDate, { nullable: true, description: 'The day all that is held or backordered can be had; null: now.' })
  promisedOn!: CalendarDate | null;
}

@ObjectType('StockHold', { description: 'Stock reserved for a basket, to the millisecond of its expiry. Ours alone: the ERP learns of it with the order.' })
export class StockHoldType implements Pick<Hold, 'id' | 'state' | 'lines' | 'basket' | 'expiresAt' | 'createdAt'> {
  @Field(() => ID)
  id!: string;

  @Field(() => GraphHoldState)
  state!: HoldState;

  @Field(() => [StockHoldLineType])
  lines!: readonly HoldLine[];

  @Field(() => [StockHoldBasketLineType], { description: 'Empty for holds older than this field.' })
  basket!: readonly HeldLine[];

  @Field(() => GraphDateTime)
  expiresAt!: Instant;

  @Field(() => GraphDateTime)
  createdAt!: Instant;
}

@ObjectType('ShortLine', { description: 'A line that could not be held, or not all of it.' })
export class ShortLineType {
  @Field(() => StockedVariant, { nullable: true, description: 'Null for a SKU the ERP does not have.' })
  variant!: StockedVariant | null;

  @Field(() => ID)
  sku!: string;

  @Field(() => GraphQuantity)
  requested!: Decimal;

  @Field(() => GraphQuantity, { description: 'Could be held now; capped for callers without availability:exact.' })
  available!: Decimal;

  @Field(() => GraphRejectionReason)
  reason!: RejectionReason;
}

@InputType('HoldStockInput')
export class HoldStockInput {
  @Field(() => String, { description: 'The same key with the same content answers the same hold; with another content it is a CONFLICT.' })
  idempotencyKey!: string;

  @Field(() => [BasketLineInput], { description: '1 to 500 lines: all are held or none, unless allowPartial.' })
  lines!: BasketLineInput[];

  @Field(() => Boolean, { defaultValue: false, description: 'Holds of each line what there is. Refused only where nothing is.' })
  allowPartial!: boolean;

  @Field(() => GraphDate, { nullable: true, description: 'The day the goods are wanted: then those due by that day are held as well. Now, of what is there, unless given.' })
  requestedDate?: CalendarDate | null;

  @Field(() => ShipToInput, { nullable: true, description: 'Only locations that serve it are drawn on; all that serve the channel, unless given.' })
  shipTo?: ShipToInput | null;

  @Field(() => Int, { nullable: true, description: "Seconds until it expires: 10 to 86400; the channel's own unless given, 900 where nothing else is configured." })
  ttlSeconds?: number | null;

  @Field(() => ID, { nullable: true, description: "The caller's earlier hold, given back in the same step; kept when this one is refused." })
  replacesHoldId?: string | null;
}

@ObjectType('HoldStockPayload')
export class HoldStockPayloadType {
  @Field(() => StockHoldType, { nullable: true, description: 'In the state it has by now; null when refused.' })
  hold!: StockHoldType | null;

  @Field(() => [ShortLineType], { description: 'Why it was refused, where stock is the reason; what a partial hold leaves out.' })
  shortLines!: readonly ShortLineType[];

  @Field(() => [GraphUserError])
  userErrors!: readonly GraphUserError[];
}

@InputType('ReleaseHoldInput')
export class ReleaseHoldInput {
  @Field(() => ID)
  holdId!: string;
}

@ObjectType('ReleaseHoldPayload')
export class ReleaseHoldPayloadType {
  @Field(() => StockHoldType, { nullable: true, description: 'In the state it has by now; null when there is none of yours by this id.' })
  hold!: StockHoldType | null;

  @Field(() => [GraphUserError])
  userErrors!: readonly GraphUserError[];
}

@InputType('ExtendHoldInput')
export class ExtendHoldInput {
  @Field(() => ID)
  holdId!: string;

  @Field(() => Int, { description: 'Seconds from now until it expires: 10 to 86400, and at most a day since it was made. It never loses time.' })
  ttlSeconds!: number;
}

@ObjectType('ExtendHoldPayload')
export class ExtendHoldPayloadType {
  @Field(() => StockHoldType, { nullable: true, description: 'With its new expiry; null when refused.' })
  hold!: StockHoldType | null;

  @Field(() => [GraphUserError])
  userErrors!: readonly GraphUserError[];
}
