import { Directive, Field, ID, ObjectType, registerEnumType } from 'type-graphql';
import type { Decimal } from '../../domain/decimal.ts';
import type { AvailabilityStatus } from '../../domain/inventory.ts';
import type { CalendarDate, Instant } from '../../domain/time.ts';
import { GraphDate, GraphDateTime, GraphQuantity } from '../graph/scalars.ts';

export const GraphAvailabilityStatus = {
  IN_STOCK: 'IN_STOCK', LOW_STOCK: 'LOW_STOCK', BACKORDER: 'BACKORDER', OUT_OF_STOCK: 'OUT_OF_STOCK', UNKNOWN: 'UNKNOWN',
} as const satisfies { [K in AvailabilityStatus]: K };

registerEnumType(GraphAvailabilityStatus, {
  name: 'AvailabilityStatus',
  description: 'Whether a buyer can have it.',
  valuesConfig: {
    IN_STOCK: { description: 'Can be promised today.' },
    LOW_STOCK: { description: 'Can be promised today, but few are left.' },
    BACKORDER: { description: 'None today; supply is on its way within the horizon.' },
    OUT_OF_STOCK: { description: 'None today and none on its way, or not for sale.' },
    UNKNOWN: { description: 'Stock has not been read from the ERP yet.' },
  },
});

@Directive('@key(fields: "sku")')
@ObjectType('ProductVariant')
export class StockedVariant {
  @Field(() => ID)
  sku!: string;
}

@Directive('@key(fields: "id")')
@ObjectType('Product')
export class StockedProduct {
  @Field(() => ID)
  id!: string;

  @Directive('@external')
  @Field(() => [ID])
  variantSkus!: readonly string[];
}

@ObjectType('Location', { description: 'A place goods are sold from, as the ERP lists it.' })
export class LocationType {
  @Field(() => ID, { description: "The ERP's code of the location." })
  code!: string;

  @Field(() => String)
  name!: string;

  @Field(() => Boolean, { description: 'False: nothing is sold from it.' })
  active!: boolean;
}

@ObjectType('AvailabilityOnDate', { description: 'How much can be promised by a day, without breaking a later commitment.' })
export class AvailabilityOnDateType {
  @Field(() => GraphDate)
  date!: CalendarDate;

  @Field(() => GraphQuantity, { description: 'In the unit of the variant; capped for callers without availability:exact.' })
  quantity!: Decimal;
}

@ObjectType('LocationAvailability', { description: 'What one location can promise today.' })
export class LocationAvailabilityType {
  @Field(() => LocationType)
  location!: LocationType;

  @Field(() => GraphAvailabilityStatus)
  status!: AvailabilityStatus;

  @Field(() => GraphQuantity, { description: 'In the unit of the variant; capped for callers without availability:exact.' })
  quantity!: Decimal;
}

@ObjectType('StockChange', { description: 'The sellable figure of a variant has changed. Ask any field of the graph beside it.' })
export class StockChangeType {
  @Field(() => String, { description: 'Where to resume the subscription from.' })
  cursor!: string;

  @Field(() => GraphDateTime, { description: 'When the change was applied here.' })
  at!: Instant;

  sku!: string;
}
