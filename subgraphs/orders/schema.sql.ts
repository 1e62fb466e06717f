import type { Migration } from '../../platform/stores/migrate.ts';
import { orders } from './migrations/0001-orders.ts';
import { moneyAndDestinations } from './migrations/0002-money-and-destinations.ts';
import { codeMapsAndAudit } from './migrations/0003-code-maps-and-audit.ts';
import { parcelsAndAllocation } from './migrations/0004-parcels-and-allocation.ts';
import { orderChanges } from './migrations/0005-order-changes.ts';
import { returns } from './migrations/0006-returns.ts';
import { historyAndAlerts } from './migrations/0007-history-and-alerts.ts';
import { promotions } from './migrations/0008-promotions.ts';

export const SCHEMA = 'orders';

/** In the order in which they are applied; one that is released is never changed. */
export const MIGRATIONS: readonly Migration[] = [orders, moneyAndDestinations, codeMapsAndAudit, parcelsAndAllocation, orderChanges, returns, historyAndAlerts, promotions];
