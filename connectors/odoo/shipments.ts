import type { ShipmentPort } from '../../domain/connector.ts';
import type { OdooClient } from './client.ts';
import { mapPage, readAll, readPage, type Domain } from './paging.ts';
import { shipmentLineMap, shipmentMap } from './shipment.map.ts';
import { readSkus } from './skus.ts';
import type { ReadTopology } from './topology.ts';
import type { OdooPickingMoveRow, OdooPickingRow } from './wire.ts';

const MODEL = 'stock.picking';

/** The step that leaves the house and what comes back; internal steps (pick, pack) belong to the same order but ship nothing. */
const OF_SALES: Domain = [['sale_id', '!=', false], ['picking_type_code', 'in', ['outgoing', 'incoming', 'dropship']]];

export function shipmentPort(client: OdooClient, topologyAt: ReadTopology): ShipmentPort {
  return {
    listShipments: async (page, call) => {
      const query = { model: MODEL, columns: shipmentMap.reads, domain: OF_SALES, writtenBy: ['write_date'] };
      const [found, topology] = await Promise.all([readPage<OdooPickingRow>(client, query, page, call), topologyAt(call)]);
      const moves = found.rows.length === 0 ? [] : await readAll<OdooPickingMoveRow>(client, {
        model: 'stock.move', columns: ['picking_id', ...shipmentLineMap.reads],
        domain: [['picking_id', 'in', found.rows.map(({ id }) => id)]],
      }, call);
      const skus = await readSkus(client, moves.map((move) => move.product_id), call);
      return mapPage(found, MODEL, shipmentMap, {
        skus,
        moves: Map.groupBy(moves, (move) => (move.picking_id === false ? 0 : move.picking_id[0])),
        warehouseByLocation: topology.warehouseByLocation,
      });
    },
  };
}
