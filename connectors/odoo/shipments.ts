import type { CallContext, ShipmentPort } from '../../domain/connector.ts';
import type { OdooClient } from './client.ts';
import { packageLineMap } from './package.map.ts';
import { mapPage, readAll, readByIds, readPage, type Domain } from './paging.ts';
import { shipmentLineMap, shipmentMap } from './shipment.map.ts';
import { readSkus } from './skus.ts';
import type { ReadTopology } from './topology.ts';
import type { OdooMoveLineRow, OdooPackageRow } from './wire-after-sale.ts';
import type { OdooMany2One, OdooPickingMoveRow, OdooPickingRow } from './wire.ts';

const MODEL = 'stock.picking';

/** The step that leaves the house and what comes back; internal steps (pick, pack) belong to the same order but ship nothing. */
const OF_SALES: Domain = [['sale_id', '!=', false], ['picking_type_code', 'in', ['outgoing', 'incoming', 'dropship']]];

export function shipmentPort(client: OdooClient, topologyAt: ReadTopology): ShipmentPort {
  return {
    listShipments: async (page, call) => {
      const query = { model: MODEL, columns: shipmentMap.reads, domain: OF_SALES, writtenBy: await writtenBy(client, call) };
      const [found, topology] = await Promise.all([readPage<OdooPickingRow>(client, query, page, call), topologyAt(call)]);
      const ids = found.rows.map(({ id }) => id);
      const [moves, packed] = await Promise.all([readMoves(client, ids, call), readPacked(client, ids, call)]);
      const [skus, packages] = await Promise.all([
        readSkus(client, [...moves, ...packed].map((row) => row.product_id), call),
        readPackages(client, packed, call),
      ]);
      return mapPage(found, MODEL, shipmentMap, { skus, moves: byTransfer(moves), packed: byTransfer(packed), packages, warehouseByLocation: topology.warehouseByLocation });
    },
  };
}

/** Reserving, picking and packing write the moves and their lines, not the transfer. The list of moves is `move_lines` until 15. */
async function writtenBy(client: OdooClient, call: CallContext): Promise<readonly string[]> {
  const moves = (await client.columnsOf(MODEL, ['move_ids', 'move_lines'], call)).slice(0, 1);
  return ['write_date', ...[...moves, 'move_line_ids'].map((list) => `${list}.write_date`)];
}

const byTransfer = <Row extends { readonly picking_id: OdooMany2One }>(rows: readonly Row[]): ReadonlyMap<number, readonly Row[]> =>
  Map.groupBy(rows, (row) => (row.picking_id === false ? 0 : row.picking_id[0]));

const readMoves = async (client: OdooClient, pickings: readonly number[], call: CallContext): Promise<readonly OdooPickingMoveRow[]> =>
  pickings.length === 0 ? [] : readAll<OdooPickingMoveRow>(client, {
    model: 'stock.move', columns: ['picking_id', 'picked', 'write_date', ...shipmentLineMap.reads], domain: [['picking_id', 'in', pickings]],
  }, call);

const readPacked = async (client: OdooClient, pickings: readonly number[], call: CallContext): Promise<readonly OdooMoveLineRow[]> =>
  pickings.length === 0 ? [] : readAll<OdooMoveLineRow>(client, {
    model: 'stock.move.line', columns: ['picking_id', 'result_package_id', 'write_date', ...packageLineMap.reads],
    domain: [['picking_id', 'in', pickings], ['result_package_id', '!=', false]],
  }, call);

/** The model changed its name in 19. */
async function readPackages(client: OdooClient, packed: readonly OdooMoveLineRow[], call: CallContext): Promise<ReadonlyMap<number, OdooPackageRow>> {
  if (packed.length === 0) return new Map();
  const model = (await client.hasModel('stock.package', call)) ? 'stock.package' : 'stock.quant.package';
  return readByIds<OdooPackageRow>(client, model, packed.flatMap((line) => (line.result_package_id === false ? [] : [line.result_package_id[0]])), ['name'], call);
}
