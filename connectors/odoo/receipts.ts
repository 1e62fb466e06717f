import type { ReceiptPort } from '../../domain/connector.ts';
import type { OdooClient } from './client.ts';
import { mapPage, readPage, type Domain } from './paging.ts';
import { OPEN_MOVE_STATES, receiptMap } from './receipt.map.ts';
import { readSkus } from './skus.ts';
import { beginsFullPass, type ReadTopology } from './topology.ts';
import type { OdooMoveRow } from './wire.ts';

/** Goods on their way in: from a supplier, out of transit or off the shop floor, into a stock location. Customer returns are no supply yet. */
const INCOMING: Domain = [['location_id.usage', 'in', ['supplier', 'transit', 'production']], ['location_dest_id.usage', '=', 'internal']];

export function receiptPort(client: OdooClient, topologyAt: ReadTopology): ReceiptPort {
  return {
    listReceipts: async (page, call) => {
      // A full pass asks for what is open; a delta also for what closed, which then says openQuantity 0.
      const states: Domain = page.since === null ? [['state', 'in', OPEN_MOVE_STATES]] : [['state', '!=', 'draft']];
      const query = { model: 'stock.move', columns: receiptMap.reads, domain: [...INCOMING, ...states], writtenBy: ['write_date'] };
      const [found, topology] = await Promise.all([readPage<OdooMoveRow>(client, query, page, call), topologyAt(call, beginsFullPass(page))]);
      const skus = await readSkus(client, found.rows.map((row) => row.product_id), call);
      return mapPage(found, 'stock.move', receiptMap, { skus, warehouseByLocation: topology.warehouseByLocation, kindByLocation: topology.kindByLocation });
    },
  };
}
