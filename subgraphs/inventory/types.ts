import { Directive, Field, ID, ObjectType, registerEnumType } from 'type-graphql';
import { ChangesWith, KeptAsPart } from '../graph/cache-tags.ts';
import type { Decimal } from '../../domain/decimal.ts';
import type { AvailabilityStatus, PromiseBasis } from '../../domain/inventory.ts';
import type { CalendarDate } from '../../domain/time.ts';
import { GraphDate, GraphQuantity } from '../graph/scalars.ts';

export const GraphAvailabilityStatus = {
  IN_STOCK: 'IN_STOCK', LOW_STOCK: 'LOW_STOCK', PREORDER: 'PREORDER', BACKORDER: 'BACKORDER', OUT_OF_STOCK: 'OUT_OF_STOCK', UNKNOWN: 'UNKNOWN',
} as const satisfies { [K in AvailabilityStatus]: K };

registerEnumType(GraphAvailabilityStatus, {
  name: 'AvailabilityStatus',
  description: 'Whether a buyer can have it.',
  valuesConfig: {
    IN_STOCK: { description: 'Can be promised today.' },
    LOW_STOCK: { description: 'Can be promised today, but few are left.' },
    PREORDER: { description: 'Can be promised, but not before a day to come.' },
    BACKORDER: { description: 'None today; supply is on its way within the horizon, or it is sold by lead time.' },
    OUT_OF_STOCK: { description: 'None today and none on its way, or not for sale.' },
    UNKNOWN: { description: 'Stock has not been read from the ERP yet.' },
  },
});

@ChangesWith('Stock:{$key.sku}')
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

@KeptAsPart()
@ObjectType('Location', { description: 'A place goods are sold from, as the ERP lists it.' })
export class LocationType {
  @Field(() => ID, { description: "The ERP's code of the location." })
  code!: string;

  @Field(() => String)
  name!: string;

  @Field(() => Boolean, { description: 'False: nothing is sold from it.' })
  active!: boolean;
}

@KeptAsPart()
@ObjectType('AvailabilityOnDate', { description: 'How much can be promised by a day, without breaking a later commitment.' })
export class AvailabilityOnDateType {
  @Field(() => GraphDate)
  date!: CalendarDate;

  @Field(() => GraphQuantity, { description: 'In the unit of the variant; capped for callers without availability:exact.' })
  quantity!: Decimal;
}

export const GraphPromiseBasis = { ON_HAND: 'ON_HAND', INCOMING: 'INCOMING', LEAD_TIME: 'LEAD_TIME' } as const satisfies { [K in PromiseBasis]: K };

registerEnumType(GraphPromiseBasis, {
  name: 'PromiseBasis',
  description: 'What a promise rests on.',
  valuesConfig: {
    ON_HAND: { description: 'Goods that are there.' },
    INCOMING: { description: 'Goods on their way as well.' },
    LEAD_TIME: { description: 'In part on nothing but the time it takes to get some, as the merchant allows.' },
  },
});

@KeptAsPart()
@ObjectType('AvailabilityPromise', { description: 'By when so much can be had, and what that rests on.' })
export class AvailabilityPromiseType {
  @Field(() => GraphDate)
  date!: CalendarDate;

  @Field(() => GraphPromiseBasis)
  basis!: PromiseBasis;
}

@KeptAsPart()
@ObjectType('AvailabilityInUnit', { description: 'What can be had now, counted in one of the units it is sold in.' })
export class AvailabilityInUnitType {
  @Field(() => String, { description: 'Code of the unit, as BasketLineInput.unit takes it. Empty where the ERP names none.' })
  code!: string;

  @Field(() => GraphQuantity, { description: "How many of the variant's own unit one of these is." })
  factor!: Decimal;

  @Field(() => GraphQuantity, { description: 'Whole ones of this unit; capped like `quantity` for callers without availability:exact.' })
  quantity!: Decimal;
}

@KeptAsPart()
@ObjectType('ComponentAvailability', { description: 'One component of a kit.' })
export class ComponentAvailabilityType {
  @KeptAsPart()
  @Field(() => StockedVariant)
  variant!: StockedVariant;

  @Field(() => GraphQuantity, { description: "In the component's unit, for one kit." })
  quantityPerKit!: Decimal;

  @Field(() => GraphQuantity, { description: "Can be had of it now, in the component's unit." })
  quantity!: Decimal;

  @Field(() => GraphQuantity, { description: 'Kits it is enough for.' })
  kits!: Decimal;

  @Field(() => Boolean, { description: 'True when no other component is enough for fewer kits.' })
  limits!: boolean;
}

@KeptAsPart()
@ObjectType('LocationAvailability', { description: 'What one location can promise now.' })
export class LocationAvailabilityType {
  @Field(() => LocationType)
  location!: LocationType;

  @Field(() => GraphAvailabilityStatus)
  status!: AvailabilityStatus;

  @Field(() => GraphQuantity, { description: 'In the unit of the variant; capped for callers without availability:exact.' })
  quantity!: Decimal;
}
