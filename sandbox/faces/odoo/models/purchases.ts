import { big, round, sum, times, type DecimalText } from '../../../engine/decimal.ts';
import { receivedOf } from '../../../engine/purchasing.ts';
import type { PurchaseLine, PurchaseOrder } from '../../../engine/rows.ts';
import { labelOf } from '../../../engine/sales.ts';
import type { ErpTables } from '../../../engine/tables.ts';
import { char, datetime, float, integer, many, many2one, model, selection, type Model } from '../field.ts';

export function purchaseModels(tables: ErpTables): Model[] {
  return [orderModel(tables), lineModel(tables)];
}

const subtotal = (line: PurchaseLine): DecimalText => round(times(line.quantity, line.unitPrice), 2);

function receiptStatus(tables: ErpTables, order: PurchaseOrder): 'pending' | 'partial' | 'full' {
  const lines = tables.purchaseLines.where('purchaseOrderId', order.id).map((line) => ({ line, received: receivedOf(tables, line) }));
  if (lines.every(({ line, received }) => big(received).gte(line.quantity))) return 'full';
  return lines.some(({ received }) => big(received).gt(0)) ? 'partial' : 'pending';
}

function orderModel(tables: ErpTables): Model {
  const lines = (row: PurchaseOrder): PurchaseLine[] => tables.purchaseLines.where('purchaseOrderId', row.id);
  const pickings = (row: PurchaseOrder): number[] => tables.pickings.where('purchaseOrderId', row.id).map((picking) => picking.id);
  const receipts = (row: PurchaseOrder): number => tables.pickingTypes.where('warehouseId', row.warehouseId).find((type) => type.kind === 'incoming')!.id;
  return model<PurchaseOrder>({
    name: 'purchase.order', table: tables.purchaseOrders, order: 'id desc', displayName: (row) => `${row.name} (${row.reference})`,
    fields: {
      name: char((row) => row.name, 'name'), partner_ref: char((row) => row.reference, 'reference'), partner_id: many2one('res.partner', (row) => row.vendorId, 'vendorId'), state: selection((row) => row.state),
      date_order: datetime((row) => row.orderedAtMs), date_approve: datetime((row) => row.orderedAtMs), date_planned: datetime((row) => Math.min(...lines(row).map((line) => line.dueAtMs))),
      order_line: many('one2many', 'purchase.order.line', (row) => lines(row).map((line) => line.id)), picking_ids: many('many2many', 'stock.picking', pickings), incoming_picking_count: integer((row) => pickings(row).length),
      picking_type_id: many2one('stock.picking.type', receipts), receipt_status: selection((row) => receiptStatus(tables, row)), currency_id: many2one('res.currency', () => tables.companies.get(1)!.currencyId),
      company_id: many2one('res.company', () => 1), origin: char(() => null), amount_untaxed: float((row) => sum(lines(row).map(subtotal))),
    },
  });
}

function lineModel(tables: ErpTables): Model {
  const order = (row: PurchaseLine): PurchaseOrder => tables.purchaseOrders.get(row.purchaseOrderId)!;
  const label = (row: PurchaseLine): string => labelOf(tables, tables.variants.get(row.variantId)!);
  return model<PurchaseLine>({
    name: 'purchase.order.line', table: tables.purchaseLines, order: 'order_id, id', displayName: label,
    fields: {
      name: char(label), order_id: many2one('purchase.order', (row) => row.purchaseOrderId, 'purchaseOrderId'), product_id: many2one('product.product', (row) => row.variantId, 'variantId'),
      product_qty: float((row) => row.quantity), product_uom_qty: float((row) => row.quantity), qty_received: float((row) => receivedOf(tables, row)), price_unit: float((row) => row.unitPrice), price_subtotal: float(subtotal),
      product_uom_id: many2one('uom.uom', (row) => tables.items.get(tables.variants.get(row.variantId)!.itemId)!.unitId), date_planned: datetime((row) => row.dueAtMs), date_order: datetime((row) => order(row).orderedAtMs),
      state: selection((row) => order(row).state), partner_id: many2one('res.partner', (row) => order(row).vendorId), currency_id: many2one('res.currency', () => tables.companies.get(1)!.currencyId), company_id: many2one('res.company', () => 1),
      move_ids: many('one2many', 'stock.move', (row) => tables.moves.where('purchaseLineId', row.id).map((move) => move.id)),
    },
  });
}
