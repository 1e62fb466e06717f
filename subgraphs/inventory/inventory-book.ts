import type { InventoryClient } from '../../domain/clients.ts';
import type { Sku } from '../../domain/ids.ts';
import type { AvailabilityCheck, CheckedLine, Hold, Location, StockEvidence } from '../../domain/inventory.ts';
import { dayOf, instant, type CalendarDate } from '../../domain/time.ts';
import { createSharedRead } from '../../platform/shared-read.ts';
import type { SubgraphDependencies } from '../frame/module.ts';
import type { RequestScope } from '../frame/module.ts';
import { createAllocationBook, type AllocationBook } from './channels/allocation-book.ts';
import { checkAvailability, type CheckTools } from './check/check.ts';
import { readModelEvidence } from './supply/freshness.ts';
import { extendHold } from './holds/extension.ts';
import { createHoldPlacement } from './holds/placement.ts';
import { reduceCommitted } from './holds/reduction.ts';
import { cancelCommitted, commitHold, markAccepted, releaseHold } from './holds/transitions.ts';
import type { InventoryPolicy } from './promise/policy.ts';
import type { Supply } from './promise/plan.ts';
import type { LocationPosition } from './promise/position.ts';
import { publicHold, readHold } from './holds/store-holds.ts';
import { readReports, type ReconciliationReport } from './supply/reconciliation-reports.ts';
import { readFeedState, readLocations, readSupply, type FeedState } from './supply/store-positions.ts';

/** Everything inventory can be asked, by its own graph and by other subgraphs. Holds no state of its own but what waits for its turn. */
export interface InventoryBook extends InventoryClient {
  readonly policy: InventoryPolicy;
  readonly allocation: AllocationBook;
  /** How long a check waits for the ERP unless told otherwise. */
  readonly defaultDeadlineMs: number;
  /** Like the client's, and stops listening when the request does. */
  checkAvailability(check: AvailabilityCheck, caller?: Pick<RequestScope, 'signal' | 'traceparent'>): Promise<readonly CheckedLine[]>;
  today(): CalendarDate;
  /** For each SKU a supply that has it and, where it is a kit, its components. */
  readSupplies(skus: readonly Sku[]): Promise<readonly Supply[]>;
  readLocations(): Promise<readonly Location[]>;
  readFeedState(): Promise<FeedState>;
  /** What full passes found, the latest first. */
  readReports(which: { readonly feed: string | null; readonly first: number }): Promise<readonly ReconciliationReport[]>;
  evidenceOf(locations: readonly LocationPosition[], feeds: FeedState): StockEvidence;
  /** Null: no such hold of this owner. */
  readHold(holdId: string, owner: string): Promise<Hold | null>;
}

export function createInventoryBook({ database, clock, config, ports, log }: SubgraphDependencies, policy: InventoryPolicy): InventoryBook {
  const tools: CheckTools = { database, clock, config, policy, stock: ports.port('stock'), log };
  const source = tools.stock?.source ?? 'none';
  const { placeHold } = createHoldPlacement(tools);
  const supplies = createSharedRead({ read: async (skus: readonly Sku[]) => Array<Supply>(skus.length).fill(await readSupply(database, skus)) });
  const feedState = createSharedRead({ read: async (keys: readonly 'state'[]) => Array<FeedState>(keys.length).fill(await readFeedState(database)) });
  return {
    policy,
    allocation: createAllocationBook(tools),
    defaultDeadlineMs: config.CHECK_DEADLINE_MS,
    checkAvailability: (check, caller) => checkAvailability(tools, check, caller),
    placeHold,
    commitHold: (request) => commitHold(tools, request),
    extendHold: (request) => extendHold(tools, request),
    releaseHold: (request) => releaseHold(tools, request),
    cancelCommitted: (request) => cancelCommitted(tools, request),
    reduceCommitted: (request) => reduceCommitted(tools, request),
    markAccepted: (request) => markAccepted(tools, request),
    today: () => dayOf(instant(clock.now())),
    readSupplies: supplies,
    readLocations: () => readLocations(database),
    readFeedState: async () => (await feedState(['state']))[0]!,
    readReports: (which) => readReports(database, which),
    evidenceOf: (locations, feeds) => readModelEvidence(locations, feeds, source, clock.now(), config.STALE_AFTER_MS),
    readHold: async (holdId, owner) => {
      const hold = await readHold(database, holdId);
      return hold?.owner === owner ? publicHold(hold) : null;
    },
  };
}
