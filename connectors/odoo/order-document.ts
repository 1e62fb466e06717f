import type { CallContext } from '../../domain/connector.ts';
import { isPositive, sum, type Decimal } from '../../domain/decimal.ts';
import { Failure } from '../../domain/failure.ts';
import type { Sku } from '../../domain/ids.ts';
import type { PickingProgress } from '../../domain/order-changes.ts';
import type { OdooClient } from './client.ts';
import { decimalOf, textOrNull } from './convert.ts';
import { lineColumns } from './order-encoding.ts';
import { lineNumbersOf } from './order.map.ts';
import { readAll } from './paging.ts';
import { readSkus } from './skus.ts';
import type { OdooDatetime, OdooMany2One } from './wire.ts';

/** An order with its lines, and the transfers and moves that carry it out, as far as changing it needs them. */

export interface DocumentOrder {
  readonly id: number;
  readonly name: string;
  readonly state: string;
  readonly partner_shipping_id: OdooMany2One;
  readonly commitment_date: OdooDatetime;
  readonly date_order: OdooDatetime;
  /** The contact the order is for. */
  readonly partner_id: OdooMany2One;
}

interface LineRow {
  readonly id: number;
  readonly sequence: number;
  readonly product_id: OdooMany2One;
  readonly product_uom_qty: number;
  readonly qty_delivered: number;
  readonly price_unit: number;
  readonly discount: number;
  readonly product_uom_id?: OdooMany2One;
  readonly product_uom?: OdooMany2One;
}

export interface DocumentMove {
  readonly id: number;
  readonly sale_line_id: OdooMany2One;
  readonly product_id: OdooMany2One;
  readonly product_uom: OdooMany2One;
  readonly product_uom_qty: number;
  /** Set aside while open, moved once done; `quantity_done` is its name until 16, where it is 0 until somebody counts. */
  readonly quantity?: number;
  readonly quantity_done?: number;
  /** 17 and later. */
  readonly picked?: boolean;
  readonly state: string;
  readonly picking_id: OdooMany2One;
  /** Steps before and after it in the house. */
  readonly move_orig_ids?: readonly number[];
  readonly move_dest_ids?: readonly number[];
  readonly move_line_ids?: readonly number[];
}

export interface DocumentPicking {
  readonly id: number;
  readonly name: string;
  readonly state: string;
  readonly partner_id: OdooMany2One;
  readonly picking_type_id: OdooMany2One;
  readonly picking_type_code: string;
  readonly location_id: OdooMany2One;
  readonly location_dest_id: OdooMany2One;
  readonly printed?: boolean;
  readonly scheduled_date: OdooDatetime;
  readonly origin: string | false;
  readonly move_type?: string;
  readonly carrier_id?: OdooMany2One;
}

export interface DocumentLine extends LineRow {
  readonly sku: Sku | null;
  readonly lineNumber: number | null;
  readonly unit: OdooMany2One;
  readonly moves: readonly DocumentMove[];
}

export interface OrderDocument {
  readonly order: DocumentOrder;
  readonly lines: readonly DocumentLine[];
  readonly pickings: ReadonlyMap<number, DocumentPicking>;
}

const ORDER = ['name', 'state', 'partner_id', 'partner_shipping_id', 'commitment_date', 'date_order'] as const;
const LINE = ['sequence', 'product_id', 'product_uom_qty', 'qty_delivered', 'price_unit', 'discount'] as const;
const MOVE = ['sale_line_id', 'product_id', 'product_uom', 'product_uom_qty', 'quantity', 'quantity_done', 'picked', 'state', 'picking_id', 'move_orig_ids', 'move_dest_ids', 'move_line_ids'] as const;
const PICKING = ['name', 'state', 'partner_id', 'picking_type_id', 'picking_type_code', 'location_id', 'location_dest_id', 'printed', 'scheduled_date', 'origin', 'move_type', 'carrier_id'] as const;

/** @throws Failure UPSTREAM_REJECTED where Odoo has no such order */
export async function readDocument(client: OdooClient, id: number, call: CallContext): Promise<OrderDocument> {
  const { unit } = await lineColumns(client, call);
  const [orders, rows, pickings] = await Promise.all([
    readAll<DocumentOrder>(client, { model: 'sale.order', columns: ORDER, domain: [['id', '=', id]] }, call),
    readAll<LineRow>(client, { model: 'sale.order.line', columns: [...LINE, unit], domain: [['order_id', '=', id], ['product_id', '!=', false]] }, call),
    readAll<DocumentPicking>(client, { model: 'stock.picking', columns: PICKING, domain: [['sale_id', '=', id]] }, call),
  ]);
  const [order] = orders;
  if (order === undefined) throw new Failure('UPSTREAM_REJECTED', `Odoo has no sale.order ${id}`, { system: client.system, vendorCode: 'missing' });
  const moves = rows.length === 0 ? [] : await readAll<DocumentMove>(client, { model: 'stock.move', columns: MOVE, domain: [['sale_line_id', 'in', rows.map((row) => row.id)]] }, call);
  const skus = await readSkus(client, rows.map(({ product_id: product }) => product), call);
  const [numbers, byLine] = [lineNumbersOf(rows), Map.groupBy(moves, (move) => keyOf(move.sale_line_id))];
  const lines = rows.map((row) => ({
    ...row, sku: textOrNull(skus.get(keyOf(row.product_id)) ?? false), lineNumber: numbers.get(row.id) ?? null,
    unit: row.product_uom_id ?? row.product_uom ?? false, moves: byLine.get(row.id) ?? [],
  }));
  return { order, lines, pickings: new Map(pickings.map((picking) => [picking.id, picking])) };
}

/** 0 for none. */
export const keyOf = (value: OdooMany2One | undefined): number => (value ? value[0] : 0);

export const isOpen = ({ state }: { readonly state: string }): boolean => state !== 'done' && state !== 'cancel';

export const pickingOf = ({ pickings }: OrderDocument, move: DocumentMove): DocumentPicking | undefined => pickings.get(keyOf(move.picking_id));

const isPicked = ({ picked, quantity_done: done = 0 }: DocumentMove): boolean => picked ?? done > 0;

/**
 * Why an open move is the warehouse's now, in words; null: nobody has begun. Printed counts: who picks off paper leaves no
 * other trace, and Odoo itself adds nothing to a printed transfer.
 */
export function begunWith(document: OrderDocument, move: DocumentMove): string | null {
  if (!isOpen(move)) return null;
  const picking = pickingOf(document, move);
  if (isPicked(move)) return `${picking?.name ?? document.order.name} is being picked`;
  return picking?.printed === true ? `${picking.name} is printed for picking` : null;
}

/** The line of this number and SKU; where somebody has renumbered the lines, the only one of the SKU. */
export function findLine({ lines }: OrderDocument, { lineNumber, sku }: { readonly lineNumber: number; readonly sku: Sku }): DocumentLine | null {
  const ofSku = lines.filter((line) => line.sku === sku);
  return ofSku.find((line) => line.lineNumber === lineNumber) ?? (ofSku.length === 1 ? ofSku[0]! : null);
}

/** In units of the lines, as they were ordered. */
export function progressOf(document: OrderDocument): PickingProgress {
  const { lines, pickings } = document;
  const begun = lines.flatMap(({ moves }) => moves.flatMap((move) => begunWith(document, move) ?? []));
  const left = [...pickings.values()].filter(({ state, picking_type_code: code }) => state === 'done' && code === 'outgoing').map(({ name }) => `${name} has left`);
  const words = [...new Set([...begun, ...left])];
  const bySku = Map.groupBy(lines.filter(({ sku, moves }) => sku !== null && moves.length > 0), ({ sku }) => sku!);
  return {
    started: words.length > 0,
    detail: words.length > 0 ? words.join('; ') : null,
    lines: [...bySku].map(([sku, ofSku]) => ({
      sku, picked: sum(ofSku.flatMap(({ moves, product_id: product }) => moves.filter((move) => isOpen(move) && isPicked(move) && keyOf(move.product_id) === keyOf(product)).map(inHand))),
      shipped: sum(ofSku.map((line) => decimalOf(line.qty_delivered))),
    })),
  };
}

/** What lies ready of a move, or has been moved by it. */
export const inHand = ({ quantity, quantity_done: done }: DocumentMove): Decimal => decimalOf(quantity ?? done ?? 0);

/** Left and not come back. Services are delivered by hand: they do not count. */
export const hasShipped = ({ lines }: OrderDocument): boolean => lines.some(({ moves, qty_delivered: delivered }) => moves.length > 0 && isPositive(decimalOf(delivered)));
