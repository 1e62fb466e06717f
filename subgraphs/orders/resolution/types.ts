import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import type { Instant } from '../../../domain/time.ts';
import { GraphPageInfo } from '../../graph/paging.ts';
import { GraphDateTime } from '../../graph/scalars.ts';
import { GraphUserError } from '../../graph/user-error.ts';
import type { OrderRecord } from '../records.ts';
import type { MaintenanceWindow } from '../submission/store-pause.ts';
import { GraphOrder } from '../types-order.ts';

export enum GraphOrderIssueCode {
  REFUSED = 'REFUSED',
  UNMAPPED_CODE = 'UNMAPPED_CODE',
  SILENT = 'SILENT',
}

registerEnumType(GraphOrderIssueCode, {
  name: 'OrderIssueCode',
  description: 'Why an order is not on its way to the ERP any more.',
  valuesConfig: {
    REFUSED: { description: 'The ERP said no: mend what it names, there or with editAndRetryOrder, then retry.' },
    UNMAPPED_CODE: { description: 'Nobody has said what the ERP calls a code of ours: setCodeMapping with retryWaiting.' },
    SILENT: { description: 'The ERP did not answer for longer than orders wait.' },
  },
});

@ObjectType('OrderIssue', { description: 'An order somebody must look at.' })
export class GraphOrderIssue {
  @Field(() => GraphOrder)
  order!: OrderRecord;

  @Field(() => GraphOrderIssueCode)
  code!: string;

  @Field(() => String, { description: 'What is wrong and what to do, for people.' })
  reason!: string;

  @Field(() => GraphDateTime)
  since!: Instant;

  @Field(() => Int, { description: 'Attempts since it was placed, or last retried by hand.' })
  attempts!: number;

  @Field(() => String, { nullable: true, description: 'The last failure as it was told.' })
  lastFailure!: string | null;
}

@ObjectType('OrderIssueConnection', { description: 'Whoever has waited longest first.' })
export class GraphOrderIssueConnection {
  @Field(() => [GraphOrderIssue])
  nodes!: readonly GraphOrderIssue[];

  @Field(() => GraphPageInfo)
  pageInfo!: GraphPageInfo;
}

@ObjectType('OrderAuditEntry', { description: 'Something done to an order by hand or by decision; chained by hash, never changed.' })
export class GraphOrderAuditEntry {
  @Field(() => ID)
  id!: string;

  @Field(() => GraphDateTime)
  at!: Instant;

  @Field(() => String, { description: 'Subject of the token or API key, or the part of the house that acted by itself.' })
  actor!: string;

  @Field(() => String, { description: 'E.g. "order.retry".' })
  action!: string;

  @Field(() => String, { description: 'JSON: why, and what was before and after. Free of card numbers, secrets and whole addresses.' })
  detail!: string;
}

@ObjectType('OrderResolutionWarning', { description: 'It was done, but there is more to know.' })
export class GraphOrderResolutionWarning {
  @Field(() => String)
  message!: string;
}

@ObjectType('OrderResolutionPayload', { description: 'Either the order as it is now or userErrors. Repeating the request with its key does nothing again.' })
export class GraphOrderResolutionPayload {
  @Field(() => GraphOrder, { nullable: true })
  order!: OrderRecord | null;

  @Field(() => [GraphUserError])
  userErrors!: readonly GraphUserError[];

  @Field(() => [GraphOrderResolutionWarning])
  warnings!: readonly GraphOrderResolutionWarning[];
}

@ObjectType('MaintenanceWindow', { description: 'No order is sent to the system in this time; none loses an attempt or its patience by it.' })
class GraphMaintenanceWindow {
  @Field(() => ID)
  id!: string;

  @Field(() => String, { description: 'Connector instance.' })
  system!: string;

  @Field(() => GraphDateTime)
  from!: Instant;

  @Field(() => GraphDateTime)
  until!: Instant;

  @Field(() => String)
  reason!: string;

  @Field(() => String)
  createdBy!: string;
}

@ObjectType('MaintenanceWindowPayload')
export class GraphMaintenanceWindowPayload {
  @Field(() => GraphMaintenanceWindow, { nullable: true, description: 'Null: there was none, or it was over.' })
  window!: MaintenanceWindow | null;

  @Field(() => [GraphUserError])
  userErrors!: readonly GraphUserError[];

  @Field(() => [GraphOrderResolutionWarning])
  warnings!: readonly GraphOrderResolutionWarning[];
}

@ObjectType('OrderQueue', { description: 'How the orders on their way to a system stand as a whole. As of now.' })
export class GraphOrderQueue {
  @Field(() => String)
  system!: string;

  @Field(() => Int, { description: 'Orders on their way.' })
  waiting!: number;

  @Field(() => GraphDateTime, { nullable: true, description: 'When the oldest of them was placed.' })
  oldestPlacedAt!: Instant | null;

  @Field(() => Int, { description: 'Orders somebody must look at; see orderIssues.' })
  needAttention!: number;

  @Field(() => GraphDateTime, { nullable: true, description: 'Since when the system serves nobody and orders wait; null: it does.' })
  pausedSince!: Instant | null;

  @Field(() => GraphDateTime, { nullable: true, description: 'No order goes out before; then one, to see, or all after maintenance. Null: they go out.' })
  closedUntil!: Instant | null;

  @Field(() => String, { nullable: true })
  reason!: string | null;

  @Field(() => [GraphMaintenanceWindow], { description: 'Maintenance that is not over, the next first.' })
  windows!: readonly MaintenanceWindow[];
}
