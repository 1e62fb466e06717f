import { Arg, Ctx, Directive, Field, FieldResolver, Int, ObjectType, Query, Resolver, Root } from 'type-graphql';
import { isPositive, type Decimal } from '../../domain/decimal.ts';
import { invalidInput } from '../../domain/failure.ts';
import type { AvailabilityStatus, DatedQuantity, Freshness, Location } from '../../domain/inventory.ts';
import type { CalendarDate, Instant } from '../../domain/time.ts';
import { NeedsScopes } from '../graph/access.ts';
import { GraphFreshness } from '../graph/freshness.ts';
import { GraphDate, GraphDateTime, GraphQuantity } from '../graph/scalars.ts';
import { dailySchedule, earliestDate, quantityOn, quantityToday, statusOf } from './promise/availability.ts';
import { isAnyInStock, isCapped, viewAvailability, type AvailabilityView } from './availability-view.ts';
import type { InventoryContext } from './loaders.ts';
import {
  AvailabilityOnDateType, GraphAvailabilityStatus, LocationAvailabilityType, LocationType, StockedProduct, StockedVariant,
} from './types.ts';

@ObjectType('Availability', {
  description: "What can be promised of a variant: the ERP's stock less its allocations, our holds and orders on their way, plus supply due. From the read model, seconds behind the ERP.",
})
export class AvailabilityType {
  @Field(() => GraphAvailabilityStatus)
  status!: AvailabilityStatus;
}

const MAX_SCHEDULE_DAYS = 91;

@Resolver(() => AvailabilityType)
export class AvailabilityResolver {
  @FieldResolver(() => GraphQuantity, { description: 'Can be promised today, in the unit of the variant; capped for callers without availability:exact.' })
  quantity(@Root() { curve }: AvailabilityView, @Ctx() { show }: InventoryContext): Decimal {
    return show(quantityToday(curve));
  }

  @FieldResolver(() => Boolean, { description: 'True when there is more than `quantity` says.' })
  quantityIsCapped(@Root() { curve }: AvailabilityView, @Ctx() context: InventoryContext): boolean {
    return isCapped(context, quantityToday(curve));
  }

  @FieldResolver(() => [AvailabilityOnDateType], { description: 'One entry a day from today, to the horizon at most.' })
  schedule(@Root() { curve }: AvailabilityView, @Arg('days', () => Int, { defaultValue: 30 }) days: number, @Ctx() { show }: InventoryContext): readonly DatedQuantity[] {
    if (days < 1 || days > MAX_SCHEDULE_DAYS) throw invalidInput(['days'], `days must be between 1 and ${MAX_SCHEDULE_DAYS}`);
    return dailySchedule(curve, days).map(({ date, quantity }) => ({ date, quantity: show(quantity) }));
  }

  @FieldResolver(() => GraphQuantity, { nullable: true, description: 'Can be promised by that day; null before today and beyond the horizon.' })
  on(@Root() { curve }: AvailabilityView, @Arg('date', () => GraphDate) date: CalendarDate, @Ctx() { show }: InventoryContext): Decimal | null {
    const quantity = quantityOn(curve, date);
    return quantity === null ? null : show(quantity);
  }

  @FieldResolver(() => [LocationAvailabilityType], { description: 'Every active location that has stock or supply of it.' })
  byLocation(@Root() { curves }: AvailabilityView, @Ctx() { show, book }: InventoryContext): readonly LocationAvailabilityType[] {
    return curves.map(({ location, curve }) => ({
      location: { code: location.locationCode, name: location.locationName, active: true },
      status: statusOf(curve, book.policy.lowStockThreshold),
      quantity: show(quantityToday(curve)),
    }));
  }

  @FieldResolver(() => GraphDate, { nullable: true, description: 'The earliest day so much can be promised; null within the horizon never.' })
  earliestDate(@Root() { curve }: AvailabilityView, @Arg('quantity', () => GraphQuantity) quantity: Decimal): CalendarDate | null {
    if (!isPositive(quantity)) throw invalidInput(['quantity'], 'quantity must be above zero');
    return earliestDate(curve, quantity);
  }

  @FieldResolver(() => GraphDateTime, { nullable: true, description: 'Instant at which every figure in it was certainly true; null when stock was never read.' })
  asOf(@Root() { evidence }: AvailabilityView): Instant | null {
    return evidence.asOf;
  }

  @FieldResolver(() => String, { description: 'Connected system that owns stock, e.g. "erp".' })
  source(@Root() { evidence }: AvailabilityView): string {
    return evidence.source;
  }

  @FieldResolver(() => GraphFreshness, { description: 'RECENT, or STALE when the ERP has been silent for too long.' })
  freshness(@Root() { evidence }: AvailabilityView): Freshness {
    return evidence.freshness;
  }
}

@Resolver(() => StockedVariant)
export class StockedVariantResolver {
  @NeedsScopes(['availability:read'])
  @FieldResolver(() => AvailabilityType, { nullable: true, description: 'Over all active locations, or at one. Null for a SKU the ERP does not have, and when the figures cannot be read.' })
  availability(
    @Root() { sku }: StockedVariant,
    @Arg('locationCode', () => String, { nullable: true }) locationCode: string | null | undefined,
    @Ctx() context: InventoryContext,
  ): Promise<AvailabilityView | null> {
    return viewAvailability(context, sku, locationCode ?? null);
  }
}

@Resolver(() => StockedProduct)
export class StockedProductResolver {
  @Directive('@requires(fields: "variantSkus")')
  @NeedsScopes(['availability:read'])
  @FieldResolver(() => Boolean, { nullable: true, description: 'True when any variant can be promised today; null when nothing is known of any. Seconds behind the ERP.' })
  inStock(@Root() { variantSkus }: StockedProduct, @Ctx() context: InventoryContext): Promise<boolean | null> {
    return isAnyInStock(context, variantSkus);
  }
}

@Resolver()
export class LocationsResolver {
  @NeedsScopes(['availability:read'])
  @Query(() => [LocationType], { description: 'Every location the ERP lists, in the order in which they are drawn on.' })
  locations(@Ctx() context: InventoryContext): Promise<readonly Location[]> {
    return context.locations();
  }
}
