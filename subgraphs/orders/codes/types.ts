import { Field, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import type { Instant } from '../../../domain/time.ts';
import { GraphPageInfo } from '../../graph/paging.ts';
import { GraphDateTime } from '../../graph/scalars.ts';
import { GraphUserError } from '../../graph/user-error.ts';
import type { CodeMapping } from './code-map.ts';

export enum GraphCodeKind {
  SKU = 'SKU',
  UNIT = 'UNIT',
  TAX = 'TAX',
  PAYMENT = 'PAYMENT',
  CARRIER = 'CARRIER',
  CHARGE = 'CHARGE',
}

registerEnumType(GraphCodeKind, {
  name: 'CodeKind',
  description: 'What ours and an ERP\'s codes may differ in. SKU, UNIT and CARRIER: our own code where nothing is mapped. TAX, PAYMENT and CHARGE: an order without a mapping waits for one.',
  valuesConfig: {
    PAYMENT: { description: 'Method of payment.' },
    CARRIER: { description: 'Carrier or shipping method; also what its parcels are called and where they are shown.' },
    CHARGE: { description: 'Shipping, handling, surcharge or discount of an order.' },
  },
});

@ObjectType('CodeMapping', { description: 'What a system calls a code of ours. Source of truth: here.' })
export class GraphCodeMapping {
  @Field(() => String, { description: 'Connector instance, e.g. "erp".' })
  system!: string;

  @Field(() => GraphCodeKind)
  kind!: string;

  @Field(() => String, { description: 'Our code; "*" stands for every code of its kind without a mapping of its own.' })
  ours!: string;

  @Field(() => String, { description: 'The system\'s code; "*" is our own, unchanged.' })
  theirs!: string;

  @Field(() => String, { nullable: true, description: 'CARRIER: page of a parcel, with {number} where its tracking number goes.' })
  trackingUrl!: string | null;

  @Field(() => [String], { description: 'CARRIER: other names under which the system\'s shipments call it.' })
  names!: readonly string[];

  @Field(() => String, { description: 'Who said so; "ORDER_CODES_FILE" for the first contents, "sandbox" for what is built in.' })
  updatedBy!: string;

  @Field(() => GraphDateTime)
  updatedAt!: Instant;
}

@ObjectType('CodeMappingConnection', { description: 'Mappings by kind and our code.' })
export class GraphCodeMappingConnection {
  @Field(() => [GraphCodeMapping])
  nodes!: readonly CodeMapping[];

  @Field(() => GraphPageInfo)
  pageInfo!: GraphPageInfo;
}

@ObjectType('CodeMappingWarning', { description: 'The mapping stands, but there is more to do.' })
export class GraphCodeMappingWarning {
  @Field(() => String)
  message!: string;
}

@ObjectType('CodeMappingPayload')
export class GraphCodeMappingPayload {
  @Field(() => GraphCodeMapping, { nullable: true, description: 'As it is now; null: there is none (any more).' })
  mapping!: CodeMapping | null;

  @Field(() => Int, { description: 'Orders that still need attention because of this code.' })
  ordersWaiting!: number;

  @Field(() => Int, { description: 'Orders that were sent on their way again.' })
  ordersRetried!: number;

  @Field(() => [GraphUserError])
  userErrors!: readonly GraphUserError[];

  @Field(() => [GraphCodeMappingWarning])
  warnings!: readonly GraphCodeMappingWarning[];
}

@InputType('SetCodeMappingInput')
export class SetCodeMappingInput {
  @Field(() => String, { description: 'A new one per change; the same key with the same input answers what it answered.' })
  idempotencyKey!: string;

  @Field(() => String, { nullable: true, description: 'Default: the system that takes orders.' })
  system?: string | null;

  @Field(() => GraphCodeKind)
  kind!: GraphCodeKind;

  @Field(() => String, { description: 'At most 128 characters; "*" for every code of the kind without a mapping (not SKU, not UNIT).' })
  ours!: string;

  @Field(() => String, { description: 'At most 256 characters; "*" for our own code.' })
  theirs!: string;

  @Field(() => String, { nullable: true, description: 'CARRIER: an https address with {number} in it.' })
  trackingUrl?: string | null;

  @Field(() => [String], { nullable: true, description: 'CARRIER: other names the system\'s shipments have for it; at most 50.' })
  names?: string[] | null;

  @Field(() => Boolean, { defaultValue: false, description: 'Sends the orders that wait for this mapping on their way again, at most 5,000 at a time.' })
  retryWaiting!: boolean;
}

@InputType('RemoveCodeMappingInput')
export class RemoveCodeMappingInput {
  @Field(() => String)
  idempotencyKey!: string;

  @Field(() => String, { nullable: true, description: 'Default: the system that takes orders.' })
  system?: string | null;

  @Field(() => GraphCodeKind)
  kind!: GraphCodeKind;

  @Field(() => String)
  ours!: string;
}
