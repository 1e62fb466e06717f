import { decimal, isPositive, type DecimalText } from './decimal.ts';
import { byId } from './lookups.ts';
import { Rejection } from './part.ts';
import { openPicking, refreshPicking } from './pickings.ts';
import type { Picking } from './rows.ts';
import { reserve } from './stock.ts';
import type { ErpTables } from './tables.ts';

/** Opens the form "which goods come back" on a finished transfer; every line starts at 0, as in Odoo. */
export function openReturn(tables: ErpTables, args: { readonly pickingId: number }): { readonly formId: number } {
  const picking = byId(tables.pickings, args.pickingId, 'transfer');
  if (picking.state !== 'done') throw new Rejection('refused', 'You may only return Done pickings.');
  const form = tables.returnForms.insert({ pickingId: picking.id });
  for (const move of tables.moves.where('pickingId', picking.id)) {
    if (move.state === 'done') tables.returnFormLines.insert({ formId: form.id, moveId: move.id, quantity: '0' });
  }
  return { formId: form.id };
}

export function setReturnLine(tables: ErpTables, args: { readonly lineId: number; readonly quantity: DecimalText | number }): true {
  const line = byId(tables.returnFormLines, args.lineId, 'return line');
  tables.returnFormLines.update(line.id, { quantity: decimal(args.quantity, 'quantity') });
  return true;
}

/** Makes the transfer back. It still has to be validated before the goods are on hand again. */
export function createReturn(tables: ErpTables, args: { readonly formId: number }): { readonly pickingId: number } {
  const form = byId(tables.returnForms, args.formId, 'return form');
  const lines = tables.returnFormLines.where('formId', form.id).filter((line) => isPositive(line.quantity));
  if (lines.length === 0) throw new Rejection('refused', 'Please specify at least one non-zero quantity.');
  const source = tables.pickings.get(form.pickingId)!;
  const { nowMs } = tables.database;
  const picking = openPicking(tables, {
    kind: source.kind === 'outgoing' ? 'incoming' : 'outgoing', warehouse: tables.warehouses.get(source.warehouseId)!, fromLocationId: source.toLocationId,
    toLocationId: source.fromLocationId, partyId: source.partyId, orderId: source.orderId, purchaseOrderId: source.purchaseOrderId,
    returnOfId: source.id, origin: `Return of ${source.name}`, scheduledAtMs: nowMs,
  });
  for (const line of lines) {
    const moved = tables.moves.get(line.moveId)!;
    reserve(tables, tables.moves.insert({
      variantId: moved.variantId, pickingId: picking.id, fromLocationId: moved.toLocationId, toLocationId: moved.fromLocationId, demand: line.quantity,
      quantity: '0', picked: false, state: 'draft', dueAtMs: nowMs, doneAtMs: null, orderLineId: moved.orderLineId, purchaseLineId: moved.purchaseLineId,
      returnedMoveId: moved.id, origin: moved.origin,
    }));
  }
  refreshPicking(tables, picking.id);
  return { pickingId: picking.id };
}

export interface NewTransferMove {
  readonly variantId: number;
  readonly demand: DecimalText;
  readonly fromLocationId: number;
  readonly toLocationId: number;
  readonly orderLineId?: number | null;
  readonly returnedMoveId?: number | null;
}

export interface NewTransfer {
  readonly kind: Picking['kind'];
  readonly warehouseId: number;
  readonly fromLocationId: number;
  readonly toLocationId: number;
  readonly partyId?: number | null;
  readonly orderId?: number | null;
  readonly returnOfId?: number | null;
  readonly origin?: string | null;
  readonly moves: readonly NewTransferMove[];
}

/** A transfer somebody writes down whole, without a form; nothing of it is planned before it is confirmed. */
export function createTransfer(tables: ErpTables, args: NewTransfer): { readonly pickingId: number } {
  const { moves, warehouseId, kind, fromLocationId, toLocationId, partyId = null, orderId = null, returnOfId = null, origin = null } = args;
  for (const id of [fromLocationId, toLocationId]) byId(tables.locations, id, 'location');
  const { nowMs } = tables.database;
  const { id } = openPicking(tables, {
    kind, fromLocationId, toLocationId, partyId, orderId, returnOfId, origin, warehouse: byId(tables.warehouses, warehouseId, 'warehouse'), scheduledAtMs: nowMs,
  });
  tables.pickings.update(id, { state: 'draft' });
  for (const move of moves) {
    tables.moves.insert({
      variantId: byId(tables.variants, move.variantId, 'product').id, pickingId: id, fromLocationId: byId(tables.locations, move.fromLocationId, 'location').id,
      toLocationId: byId(tables.locations, move.toLocationId, 'location').id, demand: decimal(move.demand, 'product_uom_qty'), quantity: '0', picked: false, state: 'draft',
      dueAtMs: nowMs, doneAtMs: null, orderLineId: move.orderLineId ?? null, purchaseLineId: null, returnedMoveId: move.returnedMoveId ?? null, origin,
    });
  }
  return { pickingId: id };
}

/** Plans a draft; one that is planned already stays as it is. */
export function confirmTransfer(tables: ErpTables, args: { readonly pickingId: number }): true {
  const picking = byId(tables.pickings, args.pickingId, 'transfer');
  if (picking.state !== 'draft') return true;
  for (const move of tables.moves.where('pickingId', picking.id)) if (move.state === 'draft') reserve(tables, move);
  refreshPicking(tables, picking.id);
  return true;
}
