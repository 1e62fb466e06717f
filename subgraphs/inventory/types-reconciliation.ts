import { Field, Int, ObjectType } from 'type-graphql';
import type { Instant } from '../../domain/time.ts';
import { GraphDateTime } from '../graph/scalars.ts';

@ObjectType('ReconciliationDifference', { description: 'A row the ERP told otherwise than we had it.' })
export class ReconciliationDifferenceType {
  @Field(() => String, { description: 'SKU, SKU @ location, or the reference of a receipt.' })
  key!: string;

  @Field(() => String, { nullable: true, description: 'As we had it; null: not at all.' })
  stored!: string | null;

  @Field(() => String, { nullable: true, description: 'As the ERP told it.' })
  told!: string | null;
}

@ObjectType('ReconciliationReport', { description: 'What one full pass of one feed found when it compared every row of the ERP with ours. Counts are rows unless they say otherwise. Kept for 30 days.' })
export class ReconciliationReportType {
  @Field(() => String, { description: 'items, stock or receipts.' })
  feed!: string;

  @Field(() => GraphDateTime)
  startedAt!: Instant;

  @Field(() => GraphDateTime, { nullable: true, description: 'Null: under way, or broken off.' })
  finishedAt!: Instant | null;

  @Field(() => Int, { description: 'Rows the ERP listed. 0 in the first pass ever: there is nothing to compare with.' })
  compared!: number;

  @Field(() => Int, { description: 'Rows that differed from ours, or could not be placed.' })
  found!: number;

  @Field(() => Int, { description: "Of those, rows that are now the ERP's." })
  corrected!: number;

  @Field(() => Int, { description: 'Rows of ours the ERP no longer lists: taken as gone.' })
  removed!: number;

  @Field(() => Int, { nullable: true, description: 'Of those found, rows the delta over the same time does not list: the deltas missed them. Null: not judged yet, or there is no delta to judge by.' })
  unexplained!: number | null;

  @Field(() => Int, { description: 'Rows that wait for their SKU, location or unit to become known.' })
  parked!: number;

  @Field(() => Int, { description: 'Places where the counter, the ledger and the open lines of holds did not say the same. Always 0.' })
  ledgerMismatches!: number;

  @Field(() => Int, { description: 'Orders the ERP had taken more than an hour before and that were still subtracted here.' })
  strandedOrders!: number;

  @Field(() => Int, { description: 'Places where the ERP had less than nothing; they count as 0 for sale.' })
  negativeStock!: number;

  @Field(() => [ReconciliationDifferenceType], { description: 'Up to 20 of the rows found; once judged, of the unexplained ones.' })
  examples!: readonly ReconciliationDifferenceType[];
}
