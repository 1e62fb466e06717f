import type { ShipmentChanged } from '../../../domain/events.ts';
import type { ShipmentState } from '../../../domain/shipments.ts';
import type { Instant } from '../../../domain/time.ts';
import type { Sql } from '../../../platform/stores/sql.ts';
import { announceChanges } from '../reading/store-timeline.ts';
import { NEWS_OF_SHIPMENT } from './store-carrier-news.ts';

interface Announced extends Required<Pick<ShipmentChanged, 'orderId' | 'owner' | 'customerNumber' | 'companyNumber' | 'channel'>> {
  readonly id: string;
  readonly state: ShipmentState;
  readonly moved: boolean;
  readonly leftTold: boolean;
  readonly movedTold: boolean;
}

const readAnnounced = (tx: Sql, ids: readonly string[]): Promise<readonly Announced[]> =>
  tx.query<Announced>(
    `select s.id, s.state, s.left_told as "leftTold", s.moved_told as "movedTold", o.id as "orderId", o.owner, o.channel,
       o.customer_number as "customerNumber", o.company_number as "companyNumber",
       exists (select from ${NEWS_OF_SHIPMENT} n where n.kind <> 'FAILED') as moved
     from orders.shipment s join orders.sales_order o on o.id = s.order_id
     where s.id = any($1::text[]) and s.direction = 'OUTBOUND' order by s.id for update of s`,
    [ids],
  );

/** Tells subscribers of shipments that changed; returns are told by order.changed: a return is no shipment in the graph. */
export async function announceShipments(tx: Sql, ids: readonly string[], at: Instant): Promise<void> {
  if (ids.length === 0) return;
  const shipments = await readAnnounced(tx, ids);
  if (shipments.length === 0) return;
  await tx.run(
    `update orders.shipment s set left_told = s.left_told or a.gone, moved_told = s.moved_told or a.moved
     from jsonb_to_recordset($1::jsonb) as a(id text, gone boolean, moved boolean)
     where s.id = a.id and (a.gone and not s.left_told or a.moved and not s.moved_told)`,
    [JSON.stringify(shipments.map(({ id, state, moved }) => ({ id, gone: state === 'SHIPPED', moved })))],
  );
  await announceChanges(tx, shipments.map(({ id, orderId, owner, customerNumber, companyNumber, channel, ...told }) => ({
    type: 'shipment.changed', orderId, shipmentId: id, owner, customerNumber, companyNumber, channel,
    left: wordOf(told.state === 'SHIPPED', told.leftTold), moved: wordOf(told.moved, told.movedTold), at,
  })));
}

const wordOf = (isSo: boolean, wasTold: boolean): 'NO' | 'NOW' | 'BEFORE' => (isSo ? (wasTold ? 'BEFORE' : 'NOW') : 'NO');
