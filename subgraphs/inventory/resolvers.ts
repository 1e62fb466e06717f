import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Ctx, Directive, Field, FieldResolver, Info, Int, ObjectType, Query, Resolver, Root } from 'type-graphql';
import { isPositive, ONE, type Decimal } from '../../domain/decimal.ts';
import { Failure, invalidInput } from '../../domain/failure.ts';
import type { Sku } from '../../domain/ids.ts';
import type { AvailabilityStatus, DatedQuantity, Freshness, Location } from '../../domain/inventory.ts';
import type { CalendarDate, Instant } from '../../domain/time.ts';
import { NeedsScopes } from '../graph/access.ts';
import { KeptAsPart, KeptFor, tagPlace } from '../graph/cache-tags.ts';
import { GraphFreshness } from '../graph/freshness.ts';
import { GraphDate, GraphDateTime, GraphQuantity } from '../graph/scalars.ts';
import { dailySchedule, quantityOn } from './promise/availability.ts';
import { MAX_HORIZON_DAYS } from './promise/policy.ts';
import { wholeUnits } from './promise/units.ts';
import { componentsOf, isAnyInStock, isCapped, viewAvailability, type AvailabilityView } from './availability-view.ts';
import type { InventoryContext } from './loaders.ts';
import {
  AvailabilityInUnitType, AvailabilityOnDateType, AvailabilityPromiseType, ComponentAvailabilityType, GraphAvailabilityStatus, LocationAvailabilityType, LocationType, StockedProduct, StockedVariant,
} from './types.ts';

@KeptAsPart()
@ObjectType('Availability', {
  description: "What can be promised of a variant: the ERP's stock less its allocations, our holds and orders on their way, plus supply due. From the read model, seconds behind the ERP.",
})
export class AvailabilityType {
  @Field(() => GraphAvailabilityStatus)
  status!: AvailabilityStatus;
}

/** Changes are announced; days that begin, readings that grow old and what the merchant's policy says are not: they show this much later. */
const STOCK_SECONDS = 10;
const stockTag = (sku: Sku): string => `Stock:${sku}`;

const MAX_SCHEDULE_DAYS = MAX_HORIZON_DAYS + 1;
const MAX_DATES = 100;

@Resolver(() => AvailabilityType)
export class AvailabilityResolver {
  @FieldResolver(() => GraphQuantity, { description: 'Can be had now, of goods that are there, in the unit of the variant; of a kit, what its components make. Capped for callers without availability:exact.' })
  quantity(@Root() { now }: AvailabilityView, @Ctx() { show }: InventoryContext): Decimal {
    return show(now);
  }

  @FieldResolver(() => Boolean, { description: 'True when there is more than `quantity` says.' })
  quantityIsCapped(@Root() { now }: AvailabilityView, @Ctx() context: InventoryContext): boolean {
    return isCapped(context, now);
  }

  @FieldResolver(() => [AvailabilityOnDateType], { description: 'One entry a day from today, to the horizon at most; at most 731 days.' })
  schedule(@Root() { curve }: AvailabilityView, @Arg('days', () => Int, { defaultValue: 30 }) days: number, @Ctx() { show }: InventoryContext): readonly DatedQuantity[] {
    if (days < 1 || days > MAX_SCHEDULE_DAYS) throw invalidInput(['days'], `days must be between 1 and ${MAX_SCHEDULE_DAYS}`);
    return dailySchedule(curve(), days).map(({ date, quantity }) => ({ date, quantity: show(quantity) }));
  }

  @FieldResolver(() => GraphQuantity, { nullable: true, description: 'Can be promised by that day; null before today and beyond the horizon.' })
  on(@Root() { curve }: AvailabilityView, @Arg('date', () => GraphDate) date: CalendarDate, @Ctx() { show }: InventoryContext): Decimal | null {
    const quantity = quantityOn(curve(), date);
    return quantity === null ? null : show(quantity);
  }

  @FieldResolver(() => [AvailabilityOnDateType], { description: 'Can be promised by each of these days, in the order asked: today to the horizon, at most 100 days.' })
  onDates(@Root() { curve }: AvailabilityView, @Arg('dates', () => [GraphDate]) dates: readonly CalendarDate[], @Ctx() { show }: InventoryContext): readonly DatedQuantity[] {
    if (dates.length > MAX_DATES) throw invalidInput(['dates'], `at most ${MAX_DATES} dates; ask for a schedule`);
    const known = curve();
    return dates.map((date, index) => {
      const quantity = quantityOn(known, date);
      if (quantity === null) throw invalidInput(['dates', String(index)], `${date} is not between today, ${known.steps[0]!.date}, and the horizon, ${known.endsOn}`);
      return { date, quantity: show(quantity) };
    });
  }

  @FieldResolver(() => [LocationAvailabilityType], { description: 'Every active location that serves the channel and has stock or supply of it; of a kit, of any component.' })
  byLocation(@Root() { byLocation, stocked }: AvailabilityView, @Ctx() { show }: InventoryContext): readonly LocationAvailabilityType[] {
    const names = new Map(stocked.map((location) => [location.locationCode, location.locationName]));
    return byLocation().map(({ locationCode: code, now, status }) => ({ location: { code, name: names.get(code) ?? code, active: true }, status, quantity: show(now) }));
  }

  @FieldResolver(() => GraphDate, { nullable: true, description: 'The earliest day so much can be had, of stock and receipts, else by lead time where it is sold so; null: never within the horizon. Quantities above the cap need availability:exact.' })
  earliestDate(@Root() { promise }: AvailabilityView, @Arg('quantity', () => GraphQuantity) quantity: Decimal, @Ctx() context: InventoryContext): CalendarDate | null {
    checkAsked(quantity, context);
    return promise(quantity)?.date ?? null;
  }

  @FieldResolver(() => AvailabilityPromiseType, { nullable: true, description: 'The same with what it rests on.' })
  promise(@Root() { promise }: AvailabilityView, @Arg('quantity', () => GraphQuantity) quantity: Decimal, @Ctx() context: InventoryContext): AvailabilityPromiseType | null {
    checkAsked(quantity, context);
    return promise(quantity);
  }

  @FieldResolver(() => Int, { nullable: true, description: 'Days it takes to get some where none is on its way; null where it is not sold without stock.' })
  leadTimeDays(@Root() { leadTimeDays }: AvailabilityView): number | null {
    return leadTimeDays;
  }

  @FieldResolver(() => GraphDate, { nullable: true, description: 'Sold already, but not to be had before this day; null for anything else.' })
  preorderFrom(@Root() { preorderFrom }: AvailabilityView): CalendarDate | null {
    return preorderFrom;
  }

  @FieldResolver(() => [AvailabilityInUnitType], { description: 'In every unit it is sold in, its own first.' })
  units(@Root() { item, now }: AvailabilityView, @Ctx() { show }: InventoryContext): readonly AvailabilityInUnitType[] {
    const shown = show(now);
    return [{ code: item.unitCode, factor: ONE, quantity: shown }, ...item.units.map(({ code, factor }) => ({ code, factor, quantity: wholeUnits(shown, factor) }))];
  }

  @FieldResolver(() => [ComponentAvailabilityType], { nullable: true, description: 'What a kit is made of and which of it runs out first; empty for anything else, null for callers without availability:exact.' })
  components(@Root() { components }: AvailabilityView, @Ctx() { isExact }: InventoryContext): readonly ComponentAvailabilityType[] | null {
    if (!isExact) return null;
    return components().map(({ sku, perUnit, now, kits, limits }) => ({ variant: { sku }, quantityPerKit: perUnit, quantity: now, kits, limits }));
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

/** Whoever sees capped figures must not find them out by asking for more and more. */
function checkAsked(quantity: Decimal, context: InventoryContext): void {
  if (!isPositive(quantity)) throw invalidInput(['quantity'], 'quantity must be above zero');
  if (isCapped(context, quantity)) throw new Failure('FORBIDDEN', `quantities above ${context.show(quantity)} need the scope availability:exact`, { field: ['quantity'] });
}

@Resolver(() => StockedVariant)
export class StockedVariantResolver {
  @NeedsScopes(['availability:read'])
  @KeptFor(STOCK_SECONDS)
  @FieldResolver(() => AvailabilityType, { nullable: true, description: "As the request's channel may sell it, over all active locations that serve it, or at one. Null for a SKU the ERP does not have, and when the figures cannot be read." })
  async availability(
    @Root() { sku }: StockedVariant,
    @Arg('locationCode', () => String, { nullable: true }) locationCode: string | null | undefined,
    @Ctx() context: InventoryContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<AvailabilityView | null> {
    const view = await viewAvailability(context, sku, locationCode ?? null);
    // A kit's own figure may stand still while those of its components, which it shows, do not.
    tagPlace(context.scope, info, (await componentsOf(context, sku)).map(stockTag));
    return view;
  }
}

@Resolver(() => StockedProduct)
export class StockedProductResolver {
  @Directive('@requires(fields: "variantSkus")')
  @NeedsScopes(['availability:read'])
  @KeptFor(STOCK_SECONDS)
  @FieldResolver(() => Boolean, { nullable: true, description: 'True when any variant can be promised today; null when nothing is known of any. Seconds behind the ERP.' })
  inStock(@Root() { variantSkus }: StockedProduct, @Ctx() context: InventoryContext, @Info() info: GraphQLResolveInfo): Promise<boolean | null> {
    tagPlace(context.scope, info, variantSkus.map(stockTag));
    return isAnyInStock(context, variantSkus);
  }
}

@Resolver()
export class LocationsResolver {
  @NeedsScopes(['availability:read'])
  @KeptFor(STOCK_SECONDS)
  @Query(() => [LocationType], { description: 'Every location the ERP lists, in the order in which they are drawn on.' })
  locations(@Ctx() context: InventoryContext): Promise<readonly Location[]> {
    return context.locations();
  }
}
