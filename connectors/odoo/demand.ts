import type { CallContext } from '../../domain/connector.ts';
import { equals, greatest, least, subtract, sum, ZERO, type Decimal } from '../../domain/decimal.ts';
import type { DatedQuantity } from '../../domain/inventory.ts';
import { instant } from '../../domain/time.ts';
import type { OdooClient } from './client.ts';
import { datetimeOf } from './convert.ts';
import { readAll, type Domain } from './paging.ts';
import { OPEN_MOVE_STATES } from './receipt.map.ts';
import type { Topology } from './topology.ts';
import type { OdooDemandRow } from './wire.ts';

/** Every usage that is not ours to sell from; "view" holds nothing. */
const AWAY = ['customer', 'supplier', 'production', 'inventory', 'transit'];

const DAY_MS = 86_400_000;

/**
 * Open moves out of the warehouses, reserved or not. `reserved_quantity` alone says nothing of an order that was
 * confirmed beyond the stock, or where delivery orders reserve by hand or by date (`reservation_method`): its goods
 * would be sold twice. Odoo's own forecast (`outgoing_qty`) counts the same moves. What is due beyond `demandDays` is not
 * looked at.
 */
export async function readDemand(client: OdooClient, productIds: readonly number[], topology: Topology, call: CallContext): Promise<readonly OdooDemandRow[]> {
  if (productIds.length === 0) return [];
  const until = instant(client.clock.now() + client.settings.demandDays * DAY_MS);
  return readAll<OdooDemandRow>(client, {
    model: 'stock.move',
    columns: ['product_id', 'location_id', 'product_qty', 'date'],
    domain: [
      ['product_id', 'in', productIds], ['state', 'in', OPEN_MOVE_STATES], ['date', '<=', datetimeOf(until)],
      ['location_id', 'in', [...topology.warehouseByLocation.keys()]], ...(await leaving(client, call)),
    ],
  }, call);
}

/** From 18 on the later steps of a delivery are made one by one: the first one knows where it ends, and has nothing after it. */
async function leaving(client: OdooClient, call: CallContext): Promise<Domain> {
  const away = ['location_dest_id.usage', 'in', AWAY] as const;
  const columns = await client.columnsOf('stock.move', ['location_final_id', 'move_dest_ids'], call);
  return columns.length < 2 ? [away] : ['|', away, '&', ['location_final_id.usage', 'in', AWAY], ['move_dest_ids', '=', false]];
}

/** What is asked of one product at one warehouse, and reserved for it. */
export interface DemandSums {
  readonly reserved_quantity: Decimal;
  /** Of open moves due by today, reserved or not. */
  readonly due_quantity: Decimal;
  /** The same of moves due later, by the day of each. */
  readonly later_demand: readonly DatedQuantity[];
}

/**
 * What the reservations leave of the demand due later, by day. They cover what is due first: all that is reserved beyond
 * the demand due by now is subtracted now, so that in sum never less is than reserved, nor than asked for.
 */
export function uncoveredDemand({ reserved_quantity, due_quantity, later_demand }: DemandSums): readonly DatedQuantity[] {
  let covered = greatest(ZERO, subtract(reserved_quantity, due_quantity));
  const byDay = Map.groupBy([...later_demand].sort((a, b) => (a.date < b.date ? -1 : 1)), ({ date }) => date);
  return [...byDay].flatMap(([date, moves]) => {
    const wanted = sum(moves.map(({ quantity }) => quantity));
    const taken = least(covered, wanted);
    covered = subtract(covered, taken);
    return equals(taken, wanted) ? [] : [{ date, quantity: subtract(wanted, taken) }];
  });
}
