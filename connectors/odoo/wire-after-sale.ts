import type { OdooDatetime, OdooMany2One, OdooText } from './wire.ts';

/** Odoo's rows of what follows a sale: parcels, goods coming back, money given back. */

/** stock.move.line that is packed. */
export interface OdooMoveLineRow {
  readonly id: number;
  readonly picking_id: OdooMany2One;
  readonly product_id: OdooMany2One;
  readonly result_package_id: OdooMany2One;
  readonly location_dest_id: OdooMany2One;
  /** In the move's unit; from 17 on. */
  readonly quantity?: number;
  /** Until 16. */
  readonly qty_done?: number;
  readonly write_date: OdooDatetime;
}

/** stock.package; stock.quant.package until 18 */
export interface OdooPackageRow {
  readonly id: number;
  readonly name: string;
}

/** A transfer of goods coming back. */
export interface OdooReturnRow {
  readonly id: number;
  readonly name: string;
  readonly origin: OdooText;
  readonly state: string;
  readonly backorder_id: OdooMany2One;
  readonly location_dest_id: OdooMany2One;
  readonly write_date: OdooDatetime;
}

/** A move out of or back into the house, with what ties it to the order. */
export interface OdooSoldMoveRow {
  readonly id: number;
  readonly picking_id: OdooMany2One;
  readonly product_id: OdooMany2One;
  readonly product_uom: OdooMany2One;
  readonly product_uom_qty: number;
  /** Done quantity from 17 on. */
  readonly quantity?: number;
  /** Done quantity until 16. */
  readonly quantity_done?: number;
  readonly state: string;
  readonly location_id: OdooMany2One;
  readonly location_dest_id: OdooMany2One;
  readonly sale_line_id: OdooMany2One;
  readonly origin_returned_move_id: OdooMany2One;
  readonly move_line_ids: readonly number[];
  /** Until 18. */
  readonly group_id?: OdooMany2One;
}

/** account.move of type out_refund */
export interface OdooCreditMemoRow {
  readonly id: number;
  /** false or "/" until posted. */
  readonly name: OdooText;
  readonly ref: OdooText;
  /** draft | posted | cancel */
  readonly state: string;
  readonly payment_state: string;
  readonly amount_total: number;
  readonly amount_tax: number;
  readonly currency_id: OdooMany2One;
  /** A day: "2026-11-21". */
  readonly invoice_date: OdooText;
  readonly invoice_line_ids: readonly number[];
  readonly write_date: OdooDatetime;
}

/** account.move.line as far as people see it on the document. */
export interface OdooCreditMemoLineRow {
  readonly id: number;
  readonly move_id: OdooMany2One;
  readonly product_id: OdooMany2One;
  readonly name: OdooText;
  readonly quantity: number;
  readonly price_total: number;
  readonly display_type: OdooText;
  readonly sale_line_ids: readonly number[];
}

/** sale.order.line as far as a credit memo copies it. */
export interface OdooCreditedLineRow {
  readonly id: number;
  readonly product_id: OdooMany2One;
  readonly name: string;
  readonly product_uom_qty: number;
  /** `product_uom` until 18. */
  readonly product_uom_id?: OdooMany2One;
  readonly product_uom?: OdooMany2One;
  readonly price_unit: number;
  readonly discount: number;
  /** `tax_id` until 18. */
  readonly tax_ids?: readonly number[];
  readonly tax_id?: readonly number[];
}
