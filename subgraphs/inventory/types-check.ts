import { createUnionType, Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import type { Decimal } from '../../domain/decimal.ts';
import type { Alternative, DatedQuantity, Freshness, LineOutcome, LineSource, PromiseBasis, RejectionReason, ShipTo, SilencePolicy } from '../../domain/inventory.ts';
import type { CalendarDate, Instant } from '../../domain/time.ts';
import { GraphFreshness } from '../graph/freshness.ts';
import { GraphDate, GraphDateTime, GraphQuantity } from '../graph/scalars.ts';
import { AvailabilityOnDateType, GraphPromiseBasis, LocationType, StockedVariant } from './types.ts';

export const GraphRejectionReason = {
  OUT_OF_STOCK: 'OUT_OF_STOCK', UNKNOWN_SKU: 'UNKNOWN_SKU', NOT_SELLABLE: 'NOT_SELLABLE', INACTIVE: 'INACTIVE',
  CHANNEL_EXHAUSTED: 'CHANNEL_EXHAUSTED', SPLIT_NOT_ALLOWED: 'SPLIT_NOT_ALLOWED', NOT_SERVED: 'NOT_SERVED',
} as const satisfies { [K in RejectionReason]: K };
registerEnumType(GraphRejectionReason, { name: 'AvailabilityRejectionReason', description: 'Why a line cannot be had.' });

const GraphSilencePolicy = { REFUSE: 'REFUSE', LEDGER_WITH_SAFETY: 'LEDGER_WITH_SAFETY', BACKORDER: 'BACKORDER' } as const satisfies { [K in SilencePolicy]: K };
registerEnumType(GraphSilencePolicy, {
  name: 'SilencePolicy',
  description: 'What the channel does when the ERP is silent.',
  valuesConfig: {
    REFUSE: { description: 'Does not sell.' },
    LEDGER_WITH_SAFETY: { description: 'Sells from the last known figure, less a safety quantity.' },
    BACKORDER: { description: 'Sells, to be delivered when it can.' },
  },
});

@InputType('BasketLineInput')
export class BasketLineInput {
  @Field(() => ID)
  sku!: string;

  @Field(() => GraphQuantity, { description: 'Above zero, counted in `unit`.' })
  quantity!: Decimal;

  @Field(() => String, { nullable: true, description: 'Code of a unit it is sold in, see Availability.units; its own by default. Converted exactly: a quantity that is no exact number of its own unit is refused.' })
  unit?: string | null;
}

@InputType('ShipToInput', { description: 'Where goods are to go, as far as it decides where they come from.' })
export class ShipToInput implements ShipTo {
  @Field(() => String, { description: 'ISO 3166-1 alpha-2, e.g. "US".' })
  countryCode!: string;

  @Field(() => String, { nullable: true, description: 'ISO 3166-2 without the country, e.g. "CA".' })
  regionCode?: string | null;

  @Field(() => String, { nullable: true })
  postalCode?: string | null;
}

@InputType('CheckAvailabilityInput')
export class CheckAvailabilityInput {
  @Field(() => [BasketLineInput], { description: '1 to 500 lines; lines of one SKU, and kits that share components, share the stock, first come first served.' })
  lines!: BasketLineInput[];

  @Field(() => ShipToInput, { nullable: true, description: 'Only locations that serve it are drawn on; all that serve the channel, unless given.' })
  shipTo?: ShipToInput | null;

  @Field(() => GraphDate, { nullable: true, description: 'The day it is wanted: then goods due by that day count. Now, of what is there, by default.' })
  requestedDate?: CalendarDate | null;

  @Field(() => ID, { nullable: true, description: "The caller's own hold, which does not count against the caller." })
  holdId?: string | null;

  @Field(() => Int, { nullable: true, description: 'Milliseconds to wait for the ERP; 2000 by default.' })
  deadlineMs?: number | null;
}

@ObjectType('SourcedQuantity', { description: 'What one location contributes.' })
export class SourcedQuantityType {
  @Field(() => LocationType)
  location!: LocationType;

  @Field(() => GraphQuantity, { description: "In the unit of `variant`." })
  quantity!: Decimal;

  @Field(() => StockedVariant, { description: 'What is taken there: of a kit, a component.' })
  variant!: StockedVariant;
}

@ObjectType('AvailabilityConfirmed', { description: 'All of it, by that day.' })
export class AvailabilityConfirmedType {
  @Field(() => GraphDate)
  date!: CalendarDate;

  @Field(() => GraphPromiseBasis)
  basis!: PromiseBasis;

  sources!: readonly LineSource[];
}

@ObjectType('AvailabilityPartial', { description: 'Only some of it by the day asked for.' })
export class AvailabilityPartialType {
  @Field(() => GraphQuantity, { description: 'Can be had by the day asked for; capped for callers without availability:exact.' })
  confirmedQuantity!: Decimal;

  @Field(() => [AvailabilityOnDateType], { description: 'How much in total by when, up to the quantity asked for.' })
  schedule!: readonly DatedQuantity[];

  sources!: readonly LineSource[];
}

@ObjectType('AvailabilityAlternative', { description: 'What could be had instead.' })
export class AvailabilityAlternativeType {
  @Field(() => GraphDate)
  date!: CalendarDate;

  @Field(() => GraphQuantity, { description: 'At most the quantity asked for; capped for callers without availability:exact.' })
  quantity!: Decimal;

  locationCode!: string | null;
}

@ObjectType('AvailabilityRejected', { description: 'Not by the day asked for: the ERP said so.' })
class AvailabilityRejectedType {
  @Field(() => GraphRejectionReason)
  reason!: RejectionReason;

  @Field(() => GraphDate, { nullable: true, description: 'When all of it can be had; null: never within the horizon.' })
  earliestDate!: CalendarDate | null;

  @Field(() => [AvailabilityAlternativeType], { description: 'A later day, a smaller quantity, or a location that does not serve the asker.' })
  alternatives!: readonly Alternative[];
}

@ObjectType('AvailabilityUnverified', { description: 'The ERP did not answer in time: neither yes nor no.' })
class AvailabilityUnverifiedType {
  @Field(() => GraphSilencePolicy, { description: "The channel's policy, by which `accepted` was decided." })
  policy!: SilencePolicy;

  @Field(() => GraphQuantity, { nullable: true, description: 'Last known figure; null when there is none. Capped for callers without availability:exact.' })
  lastKnownQuantity!: Decimal | null;

  @Field(() => Boolean, { description: 'True when the channel sells all the same.' })
  accepted!: boolean;
}

const OUTCOME_TYPES = {
  CONFIRMED: AvailabilityConfirmedType, PARTIAL: AvailabilityPartialType, REJECTED: AvailabilityRejectedType, UNVERIFIED: AvailabilityUnverifiedType,
} as const satisfies Record<LineOutcome['kind'], unknown>;

export const AvailabilityOutcomeUnion = createUnionType({
  name: 'AvailabilityOutcome',
  description: "A vendor's no and its silence are different outcomes.",
  types: () => [AvailabilityConfirmedType, AvailabilityPartialType, AvailabilityRejectedType, AvailabilityUnverifiedType] as const,
  resolveType: (value) => OUTCOME_TYPES[(value as unknown as LineOutcome).kind],
});

@ObjectType('CheckedLine')
export class CheckedLineType {
  @Field(() => StockedVariant, { nullable: true, description: 'Null for a SKU the ERP does not have.' })
  variant!: StockedVariant | null;

  @Field(() => ID)
  sku!: string;

  @Field(() => GraphQuantity, { description: 'In the unit of the variant.' })
  requested!: Decimal;

  @Field(() => AvailabilityOutcomeUnion)
  outcome!: typeof AvailabilityOutcomeUnion;

  @Field(() => GraphDateTime, { nullable: true, description: 'When the figure behind the outcome was certainly true.' })
  asOf!: Instant | null;

  @Field(() => String)
  source!: string;

  @Field(() => GraphFreshness, { description: 'LIVE: the ERP answered for this very request.' })
  freshness!: Freshness;
}

@ObjectType('AvailabilityCheck', { description: "The ERP's word on a basket, netted with our holds, under a deadline." })
export class AvailabilityCheckType {
  @Field(() => [CheckedLineType], { description: 'In the order of the input.' })
  lines!: readonly CheckedLineType[];
}
