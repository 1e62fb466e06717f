import { big, isPositive, isZero, subtract, type DecimalText } from './decimal.ts';
import { byId, isOpen } from './lookups.ts';
import { Rejection } from './part.ts';
import type { Move, MoveState, Picking, Warehouse } from './rows.ts';
import { assignWaiting, dropMoveLines, finish, reserve, setMoved, unreserve } from './stock.ts';
import { nextNumber, type ErpTables } from './tables.ts';

export interface NewPicking {
  readonly kind: Picking['kind'];
  readonly warehouse: Warehouse;
  readonly fromLocationId: number;
  readonly toLocationId: number;
  readonly partyId: number | null;
  readonly scheduledAtMs: number;
  readonly origin: string | null;
  readonly orderId?: number | null;
  readonly purchaseOrderId?: number | null;
  readonly backorderOfId?: number | null;
  readonly returnOfId?: number | null;
  readonly carrierId?: number | null;
}

export function openPicking(tables: ErpTables, given: NewPicking): Picking {
  const { warehouse, kind } = given;
  return tables.pickings.insert({
    name: nextNumber(tables, `${warehouse.code}/${kind === 'incoming' ? 'IN' : 'OUT'}/`), kind, warehouseId: warehouse.id,
    fromLocationId: given.fromLocationId, toLocationId: given.toLocationId, partyId: given.partyId, orderId: given.orderId ?? null,
    purchaseOrderId: given.purchaseOrderId ?? null, backorderOfId: given.backorderOfId ?? null, returnOfId: given.returnOfId ?? null,
    origin: given.origin, state: 'confirmed', scheduledAtMs: given.scheduledAtMs, doneAtMs: null, trackingReference: null, trackingUrl: null,
    carrierId: given.carrierId ?? null, printed: false,
  });
}

/** A transfer's state follows its moves: ready as soon as something can go. */
export function refreshPicking(tables: ErpTables, pickingId: number): void {
  const moves = tables.moves.where('pickingId', pickingId);
  const picking = tables.pickings.get(pickingId)!;
  const state = stateOf(moves);
  if (state !== picking.state) tables.pickings.update(pickingId, { state });
}

function stateOf(moves: readonly Move[]): MoveState {
  if (moves.every((move) => move.state === 'cancel')) return 'cancel';
  if (moves.every((move) => !isOpen(move.state))) return 'done';
  // A move that asks for nothing waits for nothing.
  return moves.some((move) => move.state === 'assigned' || move.state === 'partially_available' || (isOpen(move.state) && isZero(move.demand))) ? 'assigned' : 'confirmed';
}

/** A picker says how much goes: `{ moveId, quantity?, picked? }`. */
export function setMove(tables: ErpTables, args: { readonly moveId: number; readonly quantity?: DecimalText; readonly picked?: boolean }): true {
  const move = byId(tables.moves, args.moveId, 'stock move');
  if (!isOpen(move.state)) throw new Rejection('refused', 'You cannot change a stock move that is done or cancelled.');
  if (args.quantity !== undefined && args.quantity !== move.quantity) dropMoveLines(tables, move.id);
  setMoved(tables, move, args.quantity ?? move.quantity, args.picked ?? true);
  if (move.pickingId !== null) refreshPicking(tables, move.pickingId);
  return true;
}

export type Validation = { readonly done: true; readonly backorderId: number | null } | { readonly done: false };

/**
 * Moves the goods of one transfer. Where something stays behind and `rest` is not said, nothing moves and the answer is
 * `done: false` (the ERP asks whether a backorder is wanted). `rest`: ship it later, or never.
 */
export function validatePicking(tables: ErpTables, args: { readonly pickingId: number; readonly rest?: 'backorder' | 'cancel' }): Validation {
  const picking = byId(tables.pickings, args.pickingId, 'transfer');
  if (!isOpen(picking.state)) throw new Rejection('refused', `You cannot validate the transfer ${picking.name}: it is ${picking.state}.`);
  const open = tables.moves.where('pickingId', picking.id).filter((move) => isOpen(move.state));
  const anyPicked = open.some((move) => move.picked);
  const goes = (move: Move): boolean => isPositive(move.quantity) && (move.picked || !anyPicked);
  if (!open.some(goes)) throw new Rejection('refused', NOTHING_RESERVED);
  const staysBehind = open.some((move) => !goes(move) || big(move.quantity).lt(move.demand));
  if (staysBehind && args.rest === undefined) return { done: false };
  const backorder = staysBehind ? splitRest(tables, picking, open, goes, args.rest ?? 'backorder') : null;
  for (const { id } of open) {
    const move = tables.moves.get(id)!;
    if (isOpen(move.state) && move.pickingId === picking.id) finish(tables, move);
  }
  tables.pickings.update(picking.id, { doneAtMs: tables.database.nowMs });
  refreshPicking(tables, picking.id);
  for (const move of open) for (const touched of assignWaiting(tables, move.variantId, move.toLocationId)) refreshPicking(tables, touched);
  return { done: true, backorderId: backorder };
}

const NOTHING_RESERVED = 'You cannot validate a transfer if no quantities are reserved. To force the transfer, encode quantities.';

/** What does not go now leaves this transfer: into a backorder (which reserves anew) or cancelled. */
function splitRest(tables: ErpTables, picking: Picking, open: readonly Move[], goes: (move: Move) => boolean, rest: 'backorder' | 'cancel'): number | null {
  const later = rest === 'backorder' ? openPicking(tables, { ...picking, warehouse: tables.warehouses.get(picking.warehouseId)!, backorderOfId: picking.id, returnOfId: null }) : null;
  for (const move of open) {
    const remaining = goes(move) ? subtract(move.demand, move.quantity) : move.demand;
    if (!isPositive(remaining)) continue;
    if (goes(move)) tables.moves.update(move.id, { demand: move.quantity, state: 'assigned' });
    const freed = goes(move) ? move : unreserve(tables, move);
    splitMove(tables, freed, remaining, later, goes(move));
  }
  if (later !== null) refreshPicking(tables, later.id);
  return later?.id ?? null;
}

function splitMove(tables: ErpTables, move: Move, remaining: DecimalText, later: Picking | null, isPart: boolean): void {
  const open = { demand: remaining, quantity: '0', picked: false } as const;
  if (later === null) {
    if (isPart) tables.moves.insert({ ...withoutIdentity(move), ...open, state: 'cancel' });
    else tables.moves.update(move.id, { ...open, state: 'cancel' });
    return;
  }
  const moved = isPart
    ? tables.moves.insert({ ...withoutIdentity(move), ...open, pickingId: later.id, state: 'draft' })
    : tables.moves.update(move.id, { ...open, pickingId: later.id, state: 'draft' });
  reserve(tables, moved);
}

function withoutIdentity({ id: _id, createdAtMs: _created, changedAtMs: _changed, ...rest }: Move): Omit<Move, 'id' | 'createdAtMs' | 'changedAtMs'> {
  return rest;
}

interface PickingPatch {
  /** Several numbers are joined by commas. */
  readonly trackingReference?: string | null;
  readonly trackingUrl?: string | null;
  readonly scheduledAtMs?: number;
  readonly partyId?: number | null;
  readonly carrierId?: number | null;
  readonly printed?: boolean;
  readonly origin?: string | null;
}

/** Address, carrier, tracking, papers and planning of a transfer; its open moves are planned with it. */
export function updatePicking(tables: ErpTables, args: PickingPatch & { readonly pickingId: number }): true {
  const { pickingId, ...patch } = args;
  const picking = byId(tables.pickings, pickingId, 'transfer');
  if (patch.scheduledAtMs !== undefined) {
    if (!isOpen(picking.state) && picking.state !== 'draft') throw new Rejection('refused', 'You cannot change the Scheduled Date on a done or cancelled transfer.');
    for (const move of tables.moves.where('pickingId', picking.id)) if (isOpen(move.state)) tables.moves.update(move.id, { dueAtMs: patch.scheduledAtMs });
  }
  tables.pickings.update(picking.id, patch);
  return true;
}
