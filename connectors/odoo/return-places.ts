import type { CallContext } from '../../domain/connector.ts';
import { Failure } from '../../domain/failure.ts';
import type { Disposition } from '../../domain/returns.ts';
import type { OdooClient } from './client.ts';
import { readAll, type Domain } from './paging.ts';
import { keyOf } from './return-reading.ts';
import type { ReadTopology } from './topology.ts';
import type { OdooReturnRow } from './wire-after-sale.ts';

interface PlaceRow {
  readonly id: number;
  readonly complete_name: string;
  readonly usage: string;
}

/** Where goods lie by what became of them, and the reverse. */
export interface Places {
  /** @throws Failure UPSTREAM_REJECTED where no such place is set up */
  readonly placeOf: (disposition: Disposition, transfer: OdooReturnRow) => number;
  readonly dispositionOf: (locationId: number) => Disposition;
}

/** The places of one return's warehouse. */
export async function readPlaces(client: OdooClient, topologyAt: ReadTopology, root: OdooReturnRow, call: CallContext): Promise<Places> {
  const warehouse = (await topologyAt(call)).warehouseByLocation.get(keyOf(root.location_dest_id));
  const { quarantineLocation } = client.settings;
  const [losses, quarantines] = await Promise.all([readLosses(client, call), readQuarantines(client, warehouse, call)]);
  const inWarehouse = quarantines.find(({ complete_name: name }) => name === `${warehouse}/${quarantineLocation}`) ?? quarantines[0];
  const lossIds = new Set(losses.map(({ id }) => id));
  const absent = (what: string, setting: string): Failure =>
    new Failure('UPSTREAM_REJECTED', `Odoo has no place for ${what} goods of ${warehouse ?? 'this return'}: see the connection's \`${setting}\``, { system: client.system, vendorCode: 'no-place', field: [setting] });
  return {
    placeOf: (disposition, transfer) => {
      if (disposition === 'RESTOCK') return keyOf(transfer.location_dest_id);
      const place = disposition === 'SCRAP' ? scrapAmong(client, losses) : inWarehouse;
      if (place === undefined) throw disposition === 'SCRAP' ? absent('scrapped', 'scrapLocation') : absent('quarantined', 'quarantineLocation');
      return place.id;
    },
    dispositionOf: (id) => (lossIds.has(id) ? 'SCRAP' : quarantines.some((place) => place.id === id) ? 'QUARANTINE' : 'RESTOCK'),
  };
}

/** Losses of this company or of all, in the order Odoo's own scrap orders choose; until 18 only some of them are for scrap. */
async function readLosses(client: OdooClient, call: CallContext): Promise<readonly PlaceRow[]> {
  const [flag] = await client.columnsOf('stock.location', ['scrap_location'], call);
  const { companyId } = client.settings;
  const domain: Domain = [
    ['usage', '=', 'inventory'], ...(flag === undefined ? [] : [[flag, '=', true] as const]), ...(companyId === undefined ? [] : [['company_id', 'in', [companyId, false]] as const]),
  ];
  return readAll<PlaceRow>(client, { model: 'stock.location', columns: ['complete_name', 'usage'], domain }, call);
}

const scrapAmong = ({ settings: { scrapLocation } }: OdooClient, losses: readonly PlaceRow[]): PlaceRow | undefined =>
  scrapLocation === undefined ? losses[0] : losses.find(({ complete_name: name }) => name === scrapLocation);

async function readQuarantines(client: OdooClient, warehouse: string | undefined, call: CallContext): Promise<readonly PlaceRow[]> {
  const { quarantineLocation: name } = client.settings;
  if (name === undefined) return [];
  const names = [name, ...(warehouse === undefined ? [] : [`${warehouse}/${name}`])];
  return readAll<PlaceRow>(client, { model: 'stock.location', columns: ['complete_name', 'usage'], domain: [['complete_name', 'in', names], ['usage', '=', 'internal']] }, call);
}
