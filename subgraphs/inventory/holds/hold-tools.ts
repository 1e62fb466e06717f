import type { Clock } from '../../../platform/clock.ts';
import type { Database } from '../../../platform/stores/sql.ts';
import type { InventoryPolicy } from '../promise/policy.ts';

export interface HoldTools {
  readonly database: Database;
  readonly clock: Clock;
  readonly policy: InventoryPolicy;
  /** Ids of new holds; UUIDs in the order of time unless given. */
  readonly newId?: () => string;
}
