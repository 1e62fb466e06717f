import { decimal, isPositive, least, subtract, sum, type DecimalText } from './decimal.ts';
import { byId, isOpen, variantBySku } from './lookups.ts';
import { Rejection } from './part.ts';
import { refreshPicking } from './pickings.ts';
import type { Carrier, Parcel } from './rows-after-sale.ts';
import { dropMoveLines, setMoved } from './stock.ts';
import type { ErpTables } from './tables.ts';

export interface NamedLine {
  readonly sku: string;
  readonly quantity: DecimalText | number;
}

export interface NamedPackage {
  readonly name: string;
  readonly lines: readonly NamedLine[];
}

export interface MovePart {
  readonly quantity: DecimalText | number;
  /** Where the move goes unless told. */
  readonly toLocationId?: number;
  readonly parcelId?: number | null;
}

/** Says in which parts a move goes, packed or to which places; together they are what goes: `{ moveId, parts, picked? }`. */
export function setMoveLines(tables: ErpTables, args: { readonly moveId: number; readonly parts: readonly MovePart[]; readonly picked?: boolean }): true {
  const move = byId(tables.moves, args.moveId, 'stock move');
  if (!isOpen(move.state)) throw new Rejection('refused', 'You cannot change a stock move that is done or cancelled.');
  const parts = args.parts.map((part) => ({ ...part, quantity: decimal(part.quantity, 'quantity') }));
  const negative = parts.find(({ quantity }) => quantity.startsWith('-'));
  if (negative !== undefined) throw new Rejection('invalid', 'You can not enter negative quantities.');
  dropMoveLines(tables, move.id);
  for (const { quantity, toLocationId, parcelId } of parts) {
    const place = toLocationId === undefined ? move.toLocationId : byId(tables.locations, toLocationId, 'location').id;
    tables.moveLines.insert({ moveId: move.id, quantity, toLocationId: place, parcelId: parcelId ?? null });
  }
  setMoved(tables, move, sum(parts.map(({ quantity }) => quantity)), args.picked ?? move.picked);
  if (move.pickingId !== null) refreshPicking(tables, move.pickingId);
  return true;
}

/** A part that has one says where it goes and in what: `{ lineId, quantity?, toLocationId?, parcelId? }`. */
export function updateMoveLine(tables: ErpTables, args: { readonly lineId: number } & Partial<MovePart>): true {
  const { lineId, ...patch } = args;
  const line = byId(tables.moveLines, lineId, 'stock move line');
  const parts = tables.moveLines.where('moveId', line.moveId).map((part) => ({ quantity: part.quantity, toLocationId: part.toLocationId, parcelId: part.parcelId, ...(part.id === lineId && patch) }));
  return setMoveLines(tables, { moveId: line.moveId, parts });
}

export const createParcel = (tables: ErpTables, args: { readonly name: string }): { readonly parcelId: number } => ({ parcelId: tables.parcels.insert({ name: args.name }).id });

export function createCarrier(tables: ErpTables, args: { readonly name: string; readonly trackingUrl?: string | null; readonly variantId?: number | null }): { readonly carrierId: number } {
  return { carrierId: tables.carriers.insert({ name: args.name, trackingUrl: args.trackingUrl ?? null, variantId: args.variantId ?? null }).id };
}

/** The carrier of that name; a new one where nobody drove under it yet. */
export const carrierByName = (tables: ErpTables, name: string): Carrier => tables.carriers.first('name', name) ?? tables.carriers.insert({ name, trackingUrl: null, variantId: null });

/** Packs exactly these parcels out of what a transfer has open. */
export function packInto(tables: ErpTables, pickingId: number, packages: readonly NamedPackage[]): void {
  const open = tables.moves.where('pickingId', pickingId).filter((move) => isOpen(move.state));
  const left = new Map(open.map((move) => [move.id, move.demand]));
  const parts = new Map<number, MovePart[]>();
  for (const { name, lines } of packages) {
    const parcel: Parcel = tables.parcels.insert({ name });
    for (const line of lines) {
      const variant = variantBySku(tables, line.sku);
      let wanted = decimal(line.quantity, 'quantity');
      for (const move of open.filter((row) => row.variantId === variant.id)) {
        const quantity = least(left.get(move.id)!, wanted);
        if (!isPositive(quantity)) continue;
        parts.set(move.id, [...(parts.get(move.id) ?? []), { quantity, parcelId: parcel.id }]);
        left.set(move.id, subtract(left.get(move.id)!, quantity));
        wanted = subtract(wanted, quantity);
      }
      if (isPositive(wanted)) throw new Rejection('refused', `${wanted} of ${line.sku} in ${name} is more than the transfer has open`);
    }
  }
  for (const [moveId, packed] of parts) setMoveLines(tables, { moveId, parts: packed, picked: true });
}
