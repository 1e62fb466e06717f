import { Field, ID, ObjectType, registerEnumType } from 'type-graphql';
import type { Instant } from '../../../domain/time.ts';
import { GraphPageInfo } from '../../graph/paging.ts';
import { GraphDateTime } from '../../graph/scalars.ts';
import type { AlertKind, AlertRecord } from './store.ts';

enum GraphAlertKind {
  UNSHIPPED = 'UNSHIPPED',
  STUCK = 'STUCK',
  ABSENT = 'ABSENT',
}

registerEnumType(GraphAlertKind, {
  name: 'OrderAlertKind',
  description: 'What should not be so.',
  valuesConfig: {
    UNSHIPPED: { description: 'A shipment\'s papers were printed a day ago and it has not left.' },
    STUCK: { description: 'An order needs attention, or orders wait for the ERP for more than ten minutes.' },
    ABSENT: { description: 'Far fewer orders of a channel than usual at this hour of the week.' },
  },
});

export const alertKindOf = (): typeof GraphAlertKind => GraphAlertKind;

@ObjectType('OrderAlert', { description: 'Something about orders somebody should look at. Looked for every minute; resolves itself when it is so no more.' })
export class GraphOrderAlert {
  @Field(() => ID)
  id!: string;

  @Field(() => GraphAlertKind)
  kind!: AlertKind;

  @Field(() => String, { description: 'What it is about: an order\'s number, a channel, "submission".' })
  subject!: string;

  @Field(() => String, { description: 'For people.' })
  detail!: string;

  @Field(() => GraphDateTime, { description: 'Since when it has been so.' })
  since!: Instant;

  @Field(() => GraphDateTime)
  openedAt!: Instant;

  @Field(() => GraphDateTime, { nullable: true, description: 'Null while it is open.' })
  resolvedAt!: Instant | null;
}

@ObjectType('OrderAlertConnection', { description: 'Alerts, newest first.' })
export class GraphOrderAlertConnection {
  @Field(() => [GraphOrderAlert])
  nodes!: readonly AlertRecord[];

  @Field(() => GraphPageInfo)
  pageInfo!: GraphPageInfo;
}
