import { Arg, Ctx, Field, FieldResolver, ID, ObjectType, registerEnumType, Resolver, Root, Subscription } from 'type-graphql';
import { ZERO, type Decimal } from '../../domain/decimal.ts';
import type { Instant } from '../../domain/time.ts';
import { NeedsScopes } from '../graph/access.ts';
import { GraphDateTime, GraphQuantity } from '../graph/scalars.ts';
import { isCapped, viewAvailability, type AvailabilityView } from './availability-view.ts';
import type { InventoryContext } from './loaders.ts';
import { AvailabilityType } from './resolvers.ts';
import { crossesThreshold, type StockEvent, type TodayStatus } from './changes/stock-events.ts';
import { StockedVariant } from './types.ts';

const GraphTodayStatus = { IN_STOCK: 'IN_STOCK', LOW_STOCK: 'LOW_STOCK', OUT_OF_STOCK: 'OUT_OF_STOCK' } as const satisfies { [K in TodayStatus]: K };
registerEnumType(GraphTodayStatus, {
  name: 'StockLevelStatus',
  description: 'What is there today, by the thresholds; whether more is on its way says `availability.status`.',
  valuesConfig: {
    IN_STOCK: { description: 'More than the low-stock threshold.' },
    LOW_STOCK: { description: 'Some, up to the threshold.' },
    OUT_OF_STOCK: { description: 'None.' },
  },
});

@ObjectType('StockChange', { description: 'What can be had of a variant has changed. Ask any field of the graph beside it.' })
export class StockChangeType {
  @Field(() => String, { description: 'Where to resume from: give it as `after` to whichever gateway, or as Last-Event-ID.' })
  cursor!: string;

  @Field(() => GraphDateTime, { description: 'When the change was applied here; of several told as one, the last.' })
  at!: Instant;

  @Field(() => String, { nullable: true, description: 'Grows with every change of the variant; 19 digits, compared as text. An event with a lower one than you have seen is old. Null where a snapshot stands for changes nobody can name.' })
  version!: string | null;

  @Field(() => Boolean, { description: 'True where what happened in between is no longer known, or the variant came into the category: this is how it is now. Replaces whatever you knew of it.' })
  isSnapshot!: boolean;

  @Field(() => GraphTodayStatus, { nullable: true, description: 'Before the first of the changes told as one; null in a snapshot.' })
  statusBefore!: TodayStatus | null;

  @Field(() => GraphTodayStatus, { nullable: true, description: 'After the last of them; null in a snapshot.' })
  statusAfter!: TodayStatus | null;

  @Field(() => Boolean, { description: 'Whether the two differ. False in a snapshot: compare its availability with what you knew.' })
  crossedThreshold!: boolean;

  @Field(() => [ID], { description: 'Codes of the locations where it changed; empty in a snapshot.' })
  locationCodes!: readonly string[];

  sku!: string;
}

const VERSION_DIGITS = 19;

function present(event: StockEvent & { readonly cursor: string }): StockChangeType {
  const { cursor, at, sku, locationCodes, version } = event;
  return {
    cursor, at, sku, locationCodes,
    version: version?.padStart(VERSION_DIGITS, '0') ?? null,
    isSnapshot: event.type === 'stock.snapshot',
    statusBefore: event.type === 'stock.snapshot' ? null : event.statusBefore,
    statusAfter: event.type === 'stock.snapshot' ? null : event.statusAfter,
    crossedThreshold: crossesThreshold(event),
  };
}

const DESCRIPTION = `Tells when what can be had of a variant has changed: in order for each, and changes that wait to be delivered as one.
Give exactly one of skus, category and channel. Where events after \`after\` are no longer kept, every variant followed is told once as a
snapshot; a channel, or a category of more than 2,500, is told by an error LAGGED, and goes on from there.`;

@Resolver(() => StockChangeType)
export class StockChangeResolver {
  @NeedsScopes(['availability:read'])
  @Subscription(() => StockChangeType, { topics: 'stock', description: DESCRIPTION })
  stockChanged(
    @Root() event: StockEvent & { readonly cursor: string },
    @Arg('skus', () => [ID], { nullable: true, description: 'At most 250.' }) _skus: readonly string[] | null,
    @Arg('category', () => ID, { nullable: true, description: 'Code of a category: what is in it or below it, also what comes into it later. At most 50,000 variants.' }) _category: string | null,
    @Arg('channel', () => ID, { nullable: true, description: 'Everything, as that channel sells it. Needs availability:exact or operations.' }) _channel: string | null,
    @Arg('crossingsOnly', () => Boolean, { defaultValue: false, description: 'Only where statusBefore and statusAfter differ, and snapshots.' }) _crossingsOnly: boolean,
    @Arg('after', () => String, { nullable: true, description: 'Cursor of the last event you have: what you missed comes first, then what happens.' }) _after: string | null,
  ): StockChangeType {
    return present(event);
  }

  @FieldResolver(() => StockedVariant)
  variant(@Root() { sku }: StockChangeType): StockedVariant {
    return { sku };
  }

  @FieldResolver(() => AvailabilityType, { nullable: true, description: 'As it is when this is delivered.' })
  availability(@Root() { sku }: StockChangeType, @Ctx() context: InventoryContext): Promise<AvailabilityView | null> {
    return viewAvailability(context, sku, null);
  }

  @FieldResolver(() => GraphQuantity, { description: '`availability.quantity` as it is when this is delivered, never older than `version`: exact for availability:exact, capped for others. Zero for what the ERP does not have.' })
  async quantity(@Root() { sku }: StockChangeType, @Ctx() context: InventoryContext): Promise<Decimal> {
    const view = await viewAvailability(context, sku, null);
    return view === null ? ZERO : context.show(view.now);
  }

  @FieldResolver(() => Boolean, { description: 'True when there is more than `quantity` says.' })
  async quantityIsCapped(@Root() { sku }: StockChangeType, @Ctx() context: InventoryContext): Promise<boolean> {
    const view = await viewAvailability(context, sku, null);
    return view !== null && isCapped(context, view.now);
  }
}
