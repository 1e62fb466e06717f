import type { CallContext } from '../../domain/connector.ts';
import { Failure } from '../../domain/failure.ts';
import type { NewOrder } from '../../domain/orders.ts';
import { ensureAddress, findAddress } from './addresses.ts';
import type { OdooClient } from './client.ts';
import { customerIdOf } from './order-encoding.ts';
import { begunWith, findLine, isOpen, keyOf, pickingOf, readDocument, type DocumentMove, type DocumentPicking, type OrderDocument } from './order-document.ts';

/** Moves that leave one transfer for an address of their own. */
interface Departure {
  readonly addressId: number;
  readonly from: DocumentPicking;
  readonly moves: readonly DocumentMove[];
}

/**
 * Odoo ships an order to one address. Lines with their own leave the common transfer for one of their own, reservations
 * included; the order keeps both (its `sale_id` comes from the moves). Called again it finds every line where it belongs.
 * @throws Failure UPSTREAM_REJECTED where it is too late, or the house delivers in several steps
 */
export async function splitDeliveries(client: OdooClient, id: number, order: NewOrder, call: CallContext): Promise<void> {
  if (order.lines.every(({ shipTo }) => shipTo == null)) return;
  const addressIds = await addressesOf(client, order, call);
  const departures = departuresOf(client, await readDocument(client, id, call), order, addressIds);
  for (const departure of departures) {
    // Read anew: the transfer before may have been what this one is compared with.
    await depart(client, await readDocument(client, id, call), departure, call);
  }
}

async function addressesOf(client: OdooClient, order: NewOrder, call: CallContext): Promise<ReadonlyMap<number, number>> {
  const customerId = customerIdOf(client, order);
  const ids = new Map<number, number>();
  // One after the other: two lines for one new address shall find the one made for the first.
  for (const { lineNumber, shipTo: address } of order.lines) {
    if (address != null) ids.set(lineNumber, await ensureAddress(client, await findAddress(client, { customerId, address, kind: 'delivery' }, call), call));
  }
  return ids;
}

function departuresOf(client: OdooClient, document: OrderDocument, order: NewOrder, addressIds: ReadonlyMap<number, number>): readonly Departure[] {
  const misplaced = order.lines.flatMap((wanted) => {
    const addressId = addressIds.get(wanted.lineNumber);
    const open = addressId === undefined ? [] : (findLine(document, wanted)?.moves ?? []).filter(isOpen);
    return open.flatMap((move) => {
      const from = leavingBy(client, document, move);
      return keyOf(from.partner_id) === addressId ? [] : [{ addressId: addressId!, from, move }];
    });
  });
  const groups = Map.groupBy(misplaced, ({ addressId, from }) => `${addressId} ${from.id}`);
  return [...groups.values()].map((group) => ({ addressId: group[0]!.addressId, from: group[0]!.from, moves: group.map(({ move }) => move) }));
}

function leavingBy(client: OdooClient, document: OrderDocument, move: DocumentMove): DocumentPicking {
  const [picking, begun] = [pickingOf(document, move), begunWith(document, move)];
  const { name } = document.order;
  if (picking?.picking_type_code !== 'outgoing') throw tooLate(client, `${name} is delivered in several steps: its lines cannot be told to leave for addresses of their own`);
  if (begun !== null) throw tooLate(client, `${begun}: its lines cannot leave for addresses of their own any more`);
  return picking;
}

const tooLate = (client: OdooClient, message: string): Failure => new Failure('UPSTREAM_REJECTED', message, { system: client.system, field: ['lines', 'shipTo'] });

async function depart(client: OdooClient, document: OrderDocument, { addressId, from, moves }: Departure, call: CallContext): Promise<void> {
  const others = document.lines.flatMap((line) => line.moves).filter((move) => keyOf(move.picking_id) === from.id && isOpen(move) && !moves.some(({ id }) => id === move.id));
  if (others.length === 0) return void (await write(client, from.id, { partner_id: addressId }, call));
  const links = {
    move_ids: moves.map(({ id }) => [4, id]),
    // What is reserved for them would stay with the transfer they leave.
    move_line_ids: moves.flatMap(({ move_line_ids: reserved = [] }) => reserved.map((id) => [4, id])),
  };
  const there = [...document.pickings.values()].find((picking) =>
    isOpen(picking) && keyOf(picking.partner_id) === addressId && keyOf(picking.picking_type_id) === keyOf(from.picking_type_id) && picking.printed !== true);
  if (there !== undefined) return void (await write(client, there.id, links, call));
  const values = {
    partner_id: addressId, picking_type_id: keyOf(from.picking_type_id), location_id: keyOf(from.location_id), location_dest_id: keyOf(from.location_dest_id),
    origin: from.origin, scheduled_date: from.scheduled_date, ...(from.move_type !== undefined && { move_type: from.move_type }),
    ...(from.carrier_id && { carrier_id: from.carrier_id[0] }), ...links,
  };
  await client.write<unknown>({ model: 'stock.picking', method: 'create', args: { vals_list: [values] } }, call);
}

const write = (client: OdooClient, id: number, vals: object, call: CallContext): Promise<unknown> => client.write<unknown>({ model: 'stock.picking', method: 'write', ids: [id], args: { vals } }, call);
