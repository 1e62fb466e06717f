import { addMs, instant, type Instant } from '../../domain/time.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Database } from '../../platform/stores/sql.ts';
import { countOpen } from './alerts/store.ts';
import { closedUntil } from './submission/erp-gate.ts';
import { readStanding } from './submission/store-pause.ts';
import { readSubmissionHealth } from './submission/store-submission.ts';

const LATE_MS = 600_000;
const PARKED_MS = 3_600_000;

/** Sentences on orders that do not come forward: refused by the ERP, waiting too long, shipments without their order. */
export async function reasonsOfOrders(database: Database, clock: Clock, system?: string): Promise<readonly string[]> {
  const now = instant(clock.now());
  const { needAttention, pending, oldestPendingAt, lastFailure, parkedShipments } = await readSubmissionHealth(database, addMs(now, -PARKED_MS));
  // What is stuck is told above, in figures of this moment.
  const alerts = (await countOpen(database)).filter(({ kind }) => kind !== 'STUCK');
  const isLate = oldestPendingAt !== null && Date.parse(oldestPendingAt) < clock.now() - LATE_MS;
  return [
    ...(needAttention > 0 ? [`${needAttention} order(s) were refused by the ERP and need attention: orders(filter: {state: NEEDS_ATTENTION})`] : []),
    ...(system === undefined ? [] : await reasonsOfQueue(database, system, now, pending)),
    ...(isLate ? [`${pending} order(s) wait for the ERP, the oldest since ${oldestPendingAt}${lastFailure ? ` (${lastFailure})` : ''}`] : []),
    ...(parkedShipments > 0 ? [`${parkedShipments} shipment(s) wait for more than an hour for an order nobody has sent`] : []),
    ...alerts.map(({ count, oldest }) => (count === 1 ? oldest : `${oldest}; and ${count - 1} more: orderAlerts`)),
  ];
}

/** Why no order goes out, if none does. */
async function reasonsOfQueue(database: Database, system: string, now: Instant, pending: number): Promise<readonly string[]> {
  const standing = await readStanding(database, system, now);
  const { windowUntil, windowReason, pausedSince, reason } = standing;
  if (windowUntil !== null) return [`maintenance of ${system} until ${windowUntil} (${windowReason}): ${pending} order(s) wait`];
  if (pausedSince === null) return [];
  return [`${system} has served no order since ${pausedSince} (${reason}): ${pending} order(s) wait, one tries again at ${closedUntil(standing, now)}`];
}
