import { Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import type { Decimal } from '../../domain/decimal.ts';
import type { Hold, HoldLine, HoldState, RejectionReason } from '../../domain/inventory.ts';
import type { Instant } from '../../domain/time.ts';
import { GraphDateTime, GraphQuantity } from '../graph/scalars.ts';
import { GraphUserError } from '../graph/user-error.ts';
import { StockedVariant } from './types.ts';
import { BasketLineInput, GraphRejectionReason } from './types-check.ts';

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

@ObjectType('StockHoldLine')
export class StockHoldLineType {
  @Field(() => ID)
  sku!: string;

  @Field(() => GraphQuantity, { description: 'In the unit of the variant.' })
  quantity!: Decimal;

  locationCode!: string;
}

@ObjectType('StockHold', { description: 'Stock reserved for a basket, to the millisecond of its expiry. Ours alone: the ERP learns of it with the order.' })
export class StockHoldType implements Pick<Hold, 'id' | 'state' | 'lines' | 'expiresAt' | 'createdAt'> {
  @Field(() => ID)
  id!: string;

  @Field(() => GraphHoldState)
  state!: HoldState;

  @Field(() => [StockHoldLineType])
  lines!: readonly HoldLine[];

  @Field(() => GraphDateTime)
  expiresAt!: Instant;

  @Field(() => GraphDateTime)
  createdAt!: Instant;
}

@ObjectType('ShortLine', { description: 'A line that could not be held.' })
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

  @Field(() => [BasketLineInput], { description: '1 to 500 lines: all are held or none.' })
  lines!: BasketLineInput[];

  @Field(() => Int, { defaultValue: 900, description: 'Seconds until it expires: 10 to 86400.' })
  ttlSeconds!: number;

  @Field(() => ID, { nullable: true, description: "The caller's earlier hold, given back in the same step; kept when this one is refused." })
  replacesHoldId?: string | null;
}

@ObjectType('HoldStockPayload')
export class HoldStockPayloadType {
  @Field(() => StockHoldType, { nullable: true, description: 'In the state it has by now; null when refused.' })
  hold!: StockHoldType | null;

  @Field(() => [ShortLineType], { description: 'Why it was refused, where stock is the reason.' })
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
