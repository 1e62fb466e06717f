import { Field, ID, ObjectType } from 'type-graphql';
import type { Decimal } from '../../domain/decimal.ts';
import type { ChannelCode, Sku } from '../../domain/ids.ts';
import type { AvailabilityStatus, Freshness } from '../../domain/inventory.ts';
import type { Instant } from '../../domain/time.ts';
import { GraphFreshness } from '../graph/freshness.ts';
import { GraphPageInfo } from '../graph/paging.ts';
import { GraphDateTime, GraphQuantity } from '../graph/scalars.ts';
import { GraphAvailabilityStatus } from './types.ts';

@ObjectType('ChannelListing', { description: 'What a connector publishes of a variant on a channel. From the read model, seconds behind the ERP.' })
export class ChannelListingType {
  sku!: Sku;

  @Field(() => ID)
  channel!: ChannelCode;

  @Field(() => GraphQuantity, { description: "Whole units of the variant: what the channel may sell now, less its buffer. Capped for callers without availability:exact." })
  quantity!: Decimal;

  @Field(() => Boolean, { description: 'True when there is more than `quantity` says.' })
  quantityIsCapped!: boolean;

  @Field(() => GraphAvailabilityStatus)
  status!: AvailabilityStatus;

  @Field(() => GraphDateTime, { nullable: true, description: 'Instant at which every figure in it was certainly true; null when stock was never read.' })
  asOf!: Instant | null;

  @Field(() => String, { description: 'Connected system that owns stock, e.g. "erp".' })
  source!: string;

  @Field(() => GraphFreshness, { description: 'RECENT, or STALE when the ERP has been silent for too long: then publish with care.' })
  freshness!: Freshness;
}

@ObjectType('ChannelListingEdge')
class ChannelListingEdgeType {
  @Field(() => String)
  cursor!: string;

  @Field(() => ChannelListingType)
  node!: ChannelListingType;
}

@ObjectType('ChannelListingConnection', { description: 'In SKU order, or as asked for.' })
export class ChannelListingConnectionType {
  @Field(() => [ChannelListingEdgeType])
  edges!: readonly ChannelListingEdgeType[];

  @Field(() => [ChannelListingType])
  nodes!: readonly ChannelListingType[];

  @Field(() => GraphPageInfo)
  pageInfo!: GraphPageInfo;

  @Field(() => [ID], { description: 'SKUs asked for that the ERP does not have.' })
  unknownSkus!: readonly Sku[];
}
