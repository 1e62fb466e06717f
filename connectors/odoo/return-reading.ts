import type { CallContext } from '../../domain/connector.ts';
import { Failure } from '../../domain/failure.ts';
import type { ErpReturn } from '../../domain/returns.ts';
import { mapRows } from '../../platform/mapping.ts';
import type { OdooClient } from './client.ts';
import { malformed } from './failures.ts';
import { readAll, type Domain } from './paging.ts';
import { returnMap, type ReturnGiven } from './return.map.ts';
import { readSkus } from './skus.ts';
import type { OdooReturnRow, OdooSoldMoveRow } from './wire-after-sale.ts';
import type { OdooMany2One } from './wire.ts';

/** A return with everything that receiving it needs. */
export interface ReturnDocument extends ReturnGiven {
  readonly root: OdooReturnRow;
}

const TRANSFER = ['name', 'origin', 'state', 'backorder_id', 'location_dest_id', 'write_date'] as const;

export const MOVE = [
  'picking_id', 'product_id', 'product_uom', 'product_uom_qty', 'quantity', 'quantity_done', 'state', 'location_id', 'location_dest_id', 'sale_line_id',
  'origin_returned_move_id', 'move_line_ids', 'group_id',
] as const;

const COMING_BACK: Domain = [['picking_type_code', '=', 'incoming'], ['sale_id', '!=', false]];

/** 0 for none. */
export const keyOf = (value: OdooMany2One | undefined): number => (value ? value[0] : 0);

export const isOpen = ({ state }: { readonly state: string }): boolean => state !== 'done' && state !== 'cancel';

/** The reference is the transfer's origin, and its backorders' too. Of several the first that is not cancelled, else the first. */
export async function findReturnDocument(client: OdooClient, reference: string, call: CallContext): Promise<ReturnDocument | null> {
  const rows = await readTransfers(client, [['origin', '=', reference]], call);
  const roots = rows.filter((row) => !rows.some(({ id }) => id === keyOf(row.backorder_id)));
  const families = roots.map((root) => familyOf(root, rows));
  const found = families.find((family) => family.some(({ state }) => state !== 'cancel')) ?? families[0];
  return found === undefined ? null : readDocument(client, found, call);
}

/** @throws Failure UPSTREAM_REJECTED where Odoo has none with this id */
export async function readReturnDocument(client: OdooClient, id: number, call: CallContext): Promise<ReturnDocument> {
  const [root] = await readTransfers(client, [['id', '=', id]], call);
  if (root === undefined) throw new Failure('UPSTREAM_REJECTED', `Odoo has no return ${id}`, { system: client.system, vendorCode: 'missing' });
  const rows = root.origin === false ? [root] : await readTransfers(client, [['origin', '=', root.origin]], call);
  return readDocument(client, familyOf(root, rows), call);
}

const readTransfers = (client: OdooClient, domain: Domain, call: CallContext): Promise<readonly OdooReturnRow[]> =>
  readAll<OdooReturnRow>(client, { model: 'stock.picking', columns: TRANSFER, domain: [...COMING_BACK, ...domain] }, call);

/** The transfer, then its backorders in the order they were made: a backorder's id is above that of what it is the rest of. */
const familyOf = (root: OdooReturnRow, rows: readonly OdooReturnRow[]): readonly OdooReturnRow[] =>
  rows.reduce<readonly OdooReturnRow[]>((family, row) => (family.some(({ id }) => id === keyOf(row.backorder_id)) ? [...family, row] : family), [root]);

async function readDocument(client: OdooClient, transfers: readonly OdooReturnRow[], call: CallContext): Promise<ReturnDocument> {
  const moves = await readAll<OdooSoldMoveRow>(client, { model: 'stock.move', columns: MOVE, domain: [['picking_id', 'in', transfers.map(({ id }) => id)]] }, call);
  return { root: transfers[0]!, transfers, moves, skus: await readSkus(client, moves.map((move) => move.product_id), call) };
}

export function returnOf(client: OdooClient, document: ReturnDocument): ErpReturn {
  const { records, rejected } = mapRows(returnMap, [document.root], document, ({ id }) => String(id));
  if (records[0] === undefined) throw malformed(client.system, rejected[0]?.reason ?? 'unreadable return');
  return records[0];
}
