import { Arg, Ctx, Int, Query, Resolver } from 'type-graphql';
import { NeedsScopes } from '../graph/access.ts';
import { checkPageSize } from '../graph/paging.ts';
import type { InventoryContext } from './loaders.ts';
import type { ReconciliationReport } from './supply/reconciliation-reports.ts';
import { ReconciliationReportType } from './types-reconciliation.ts';

@Resolver()
export class ReconciliationResolver {
  @NeedsScopes(['operations'])
  @Query(() => [ReconciliationReportType], { description: 'What full passes of the feeds found, the latest first; at most 250.' })
  reconciliationReports(
    @Arg('feed', () => String, { nullable: true, description: 'items, stock or receipts; all of them unless given.' }) feed: string | null,
    @Arg('first', () => Int, { defaultValue: 20 }) first: number,
    @Ctx() { book }: InventoryContext,
  ): Promise<readonly ReconciliationReport[]> {
    return book.readReports({ feed: feed ?? null, first: checkPageSize(first) });
  }
}
