import type { CallContext } from '../../domain/connector.ts';
import { add, isPositive, least, subtract, sum, ZERO, type Decimal } from '../../domain/decimal.ts';
import { Failure } from '../../domain/failure.ts';
import type { Sku } from '../../domain/ids.ts';
import type { Disposition, ReceivedLine } from '../../domain/returns.ts';
import type { OdooClient } from './client.ts';
import { decimalOf, textOrNull } from './convert.ts';
import { readAll } from './paging.ts';
import { isOpen, keyOf, readReturnDocument, type ReturnDocument } from './return-reading.ts';
import { readPlaces, type Places } from './return-places.ts';
import type { ReadTopology } from './topology.ts';
import type { OdooMoveLineRow, OdooReturnRow, OdooSoldMoveRow } from './wire-after-sale.ts';

/** So much of a move goes to that place. */
interface Part {
  readonly move: OdooSoldMoveRow;
  readonly quantity: Decimal;
  readonly locationId: number;
}

type Received = ReadonlyMap<Sku, ReadonlyMap<Disposition, Decimal>>;

/**
 * Takes in what has come and is not in yet: `lines` is all that has come so far. Each move is split over the places its goods
 * belong to and the transfer validated: scrapped and quarantined goods never lie where they could be sold, not even between two
 * calls. What has not come stays open as a backorder of the return.
 * @throws Failure UPSTREAM_REJECTED for more than is expected, and where there is no place for a disposition
 */
export async function takeIn(client: OdooClient, topologyAt: ReadTopology, document: ReturnDocument, lines: readonly ReceivedLine[], call: CallContext): Promise<void> {
  const { root } = document;
  const places = await readPlaces(client, topologyAt, root, call);
  const fresh = remainderOf(lines, await readReceived(client, document, places, call));
  if (fresh.length === 0) return;
  const parts = partsOf(client, document, places, fresh);
  for (const transfer of document.transfers.filter(isOpen)) {
    const own = parts.filter(({ move }) => keyOf(move.picking_id) === transfer.id);
    if (own.length > 0) await validate(client, document, { transfer, parts: own }, call);
  }
}

/** What the document took in before, by where it lies. */
async function readReceived(client: OdooClient, { transfers, skus }: ReturnDocument, places: Places, call: CallContext): Promise<Received> {
  const done = transfers.filter(({ state }) => state === 'done').map(({ id }) => id);
  const columns = ['product_id', 'location_dest_id', 'quantity', 'qty_done'];
  const rows = done.length === 0 ? [] : await readAll<OdooMoveLineRow>(client, { model: 'stock.move.line', columns, domain: [['picking_id', 'in', done]] }, call);
  const received = new Map<Sku, Map<Disposition, Decimal>>();
  for (const row of rows) {
    const sku = textOrNull(skus.get(keyOf(row.product_id)) ?? false) ?? '';
    const ofSku = received.get(sku) ?? new Map<Disposition, Decimal>();
    const disposition = places.dispositionOf(keyOf(row.location_dest_id));
    received.set(sku, ofSku.set(disposition, add(ofSku.get(disposition) ?? ZERO, decimalOf(row.quantity ?? row.qty_done))));
  }
  return received;
}

/** Told less taken in, one entry a SKU and disposition. */
function remainderOf(lines: readonly ReceivedLine[], received: Received): readonly ReceivedLine[] {
  const told = new Map<string, ReceivedLine>();
  for (const line of lines) {
    const key = JSON.stringify([line.sku, line.disposition]);
    told.set(key, { ...line, quantity: add(line.quantity, told.get(key)?.quantity ?? ZERO) });
  }
  return [...told.values()].map((line) => ({ ...line, quantity: subtract(line.quantity, received.get(line.sku)?.get(line.disposition) ?? ZERO) })).filter(({ quantity }) => isPositive(quantity));
}

function partsOf(client: OdooClient, document: ReturnDocument, places: Places, fresh: readonly ReceivedLine[]): readonly Part[] {
  const transfers = new Map(document.transfers.map((transfer) => [transfer.id, transfer]));
  const left = new Map(document.moves.filter(isOpen).map((move) => [move, decimalOf(move.product_uom_qty)]));
  const parts: Part[] = [];
  for (const { sku, quantity, disposition } of fresh) {
    let wanted = quantity;
    for (const [move, open] of left) {
      if (textOrNull(document.skus.get(keyOf(move.product_id)) ?? false) !== sku) continue;
      const taken = least(wanted, open);
      if (!isPositive(taken)) continue;
      parts.push({ move, quantity: taken, locationId: places.placeOf(disposition, transfers.get(keyOf(move.picking_id)) ?? document.root) });
      left.set(move, subtract(open, taken));
      wanted = subtract(wanted, taken);
    }
    if (isPositive(wanted)) throw tooMuch(client, document, sku, fresh);
  }
  return parts;
}

function tooMuch(client: OdooClient, { root, moves, skus }: ReturnDocument, sku: Sku, fresh: readonly ReceivedLine[]): Failure {
  const open = sum(moves.filter((move) => isOpen(move) && skus.get(keyOf(move.product_id)) === sku).map((move) => decimalOf(move.product_uom_qty)));
  const come = sum(fresh.filter((line) => line.sku === sku).map(({ quantity }) => quantity));
  return new Failure('UPSTREAM_REJECTED', `${root.name} expects ${open} more of ${sku}, ${come} are said to have come`, { system: client.system, vendorCode: 'over-receipt', field: ['lines', sku] });
}

interface Arrival {
  readonly transfer: OdooReturnRow;
  readonly parts: readonly Part[];
}

/** One write says what goes where, whatever was written there before; the second moves it, whole or not at all. */
async function validate(client: OdooClient, document: ReturnDocument, { transfer, parts }: Arrival, call: CallContext): Promise<void> {
  const [list = 'move_ids'] = await client.columnsOf('stock.picking', ['move_ids', 'move_lines'], call);
  const [quantity = 'quantity'] = (await client.columnsOf('stock.move.line', ['quantity', 'qty_done'], call)).slice(0, 1);
  const hasPicked = (await client.columnsOf('stock.move', ['picked'], call)).length > 0;
  const commands = document.moves.filter((move) => isOpen(move) && keyOf(move.picking_id) === transfer.id).map((move) => {
    const own = parts.filter((part) => part.move === move);
    const gone = move.move_line_ids.map((id) => [2, id]);
    const added = own.map((part) => [0, 0, {
      product_id: keyOf(move.product_id), product_uom_id: keyOf(move.product_uom), [quantity]: Number(part.quantity), picking_id: transfer.id,
      location_id: keyOf(move.location_id), location_dest_id: part.locationId,
    }]);
    return [1, move.id, { move_line_ids: [...gone, ...added], ...(hasPicked && { picked: own.length > 0 }) }];
  });
  await client.write<unknown>({ model: 'stock.picking', method: 'write', ids: [transfer.id], args: { vals: { [list]: commands } } }, call);
  await client.write<unknown>({ model: 'stock.picking', method: 'button_validate', ids: [transfer.id], context: { skip_backorder: true } }, call);
  const after = await readReturnDocument(client, document.root.id, call);
  const state = after.transfers.find(({ id }) => id === transfer.id)?.state;
  if (state !== 'done') throw new Failure('UPSTREAM_REJECTED', `Odoo left ${transfer.name} ${state ?? 'nowhere'} instead of done`, { system: client.system, vendorCode: state ?? 'missing' });
}
