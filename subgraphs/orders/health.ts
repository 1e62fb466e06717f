import { addMs, instant } from '../../domain/time.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Database } from '../../platform/stores/sql.ts';
import { readSubmissionHealth } from './store-submission.ts';

const LATE_MS = 600_000;
const PARKED_MS = 3_600_000;

/** Sentences on orders that do not come forward: refused by the ERP, waiting too long, shipments without their order. */
export async function reasonsOfOrders(database: Database, clock: Clock): Promise<readonly string[]> {
  const now = instant(clock.now());
  const { needAttention, pending, oldestPendingAt, lastFailure, parkedShipments } = await readSubmissionHealth(database, addMs(now, -PARKED_MS));
  const isLate = oldestPendingAt !== null && Date.parse(oldestPendingAt) < clock.now() - LATE_MS;
  return [
    ...(needAttention > 0 ? [`${needAttention} order(s) were refused by the ERP and need attention: orders(filter: {state: NEEDS_ATTENTION})`] : []),
    ...(isLate ? [`${pending} order(s) wait for the ERP, the oldest since ${oldestPendingAt}${lastFailure ? ` (${lastFailure})` : ''}`] : []),
    ...(parkedShipments > 0 ? [`${parkedShipments} shipment(s) wait for more than an hour for an order nobody has sent`] : []),
  ];
}
