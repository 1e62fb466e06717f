/** Odoo's rows as they come over the wire: an empty field is `false`, a many2one is `[id, label]`, dates are UTC without zone. */
export type OdooText = string | false;
export type OdooMany2One = readonly [number, string] | false;
/** "YYYY-MM-DD HH:MM:SS", UTC. */
export type OdooDatetime = string | false;

interface OdooRow {
  readonly id: number;
}

interface OdooWrittenRow extends OdooRow {
  readonly write_date: OdooDatetime;
}

export interface OdooProductRow extends OdooWrittenRow {
  readonly default_code: OdooText;
  readonly barcode: OdooText;
  readonly name: OdooText;
  readonly product_tmpl_id: OdooMany2One;
  readonly active: boolean;
  readonly sale_ok: boolean;
  /** consu | service | combo; "product" until 17. */
  readonly type: string;
  readonly uom_id: OdooMany2One;
  /** Packagings, from 19 on. */
  readonly uom_ids?: readonly number[];
  readonly weight: number;
  readonly categ_id: OdooMany2One;
  readonly product_template_attribute_value_ids: readonly number[];
}

export interface OdooPricedProductRow extends OdooWrittenRow {
  readonly default_code: OdooText;
  readonly product_tmpl_id: OdooMany2One;
  readonly categ_id: OdooMany2One;
  /** With the extras of the variant's attribute values. */
  readonly lst_price: number;
  readonly standard_price?: number;
  readonly currency_id: OdooMany2One;
  readonly cost_currency_id?: OdooMany2One;
  readonly active: boolean;
  readonly uom_id: OdooMany2One;
  /** Packagings, from 19 on. */
  readonly uom_ids?: readonly number[];
  /** Absent without the module `account`, and where taxes may not be read. */
  readonly taxes_id?: readonly number[];
}

/** res.currency.rate */
export interface OdooRateRow extends OdooWrittenRow {
  /** The day, "YYYY-MM-DD". */
  readonly name: string;
  readonly currency_id: OdooMany2One;
  /** false: of every company without rates of its own. */
  readonly company_id: OdooMany2One;
  /** Units of the currency for one of the currency whose rate is 1. */
  readonly rate: number;
}

/** account.tax */
export interface OdooTaxRow extends OdooWrittenRow {
  readonly name: OdooText;
  readonly amount: number;
  /** percent | fixed | division | group, and what modules bring. */
  readonly amount_type: string;
  readonly price_include: boolean;
  readonly include_base_amount: boolean;
  /** 15 and later. */
  readonly country_id?: OdooMany2One;
  readonly active: boolean;
}

export interface OdooUnitRow extends OdooRow {
  readonly name: string;
  readonly rounding: number;
  readonly active?: boolean;
  /** From 19 on: how many reference units one of it is; until 18 the reverse. */
  readonly factor: number;
  /** Until 18: how many reference units one of it is. */
  readonly factor_inv?: number;
  /** Until 18. */
  readonly category_id?: OdooMany2One;
  /** From 19 on: ids from the reference unit down, "1/2/". */
  readonly parent_path?: string;
}

/** A product as part of a bill of materials. */
export interface OdooKitProductRow extends OdooRow {
  readonly default_code: OdooText;
  readonly product_tmpl_id: OdooMany2One;
  readonly type: string;
  /** 18 and later. */
  readonly is_storable?: boolean;
  readonly active: boolean;
  readonly uom_id: OdooMany2One;
  readonly product_template_attribute_value_ids: readonly number[];
}

/** mrp.bom */
export interface OdooBomRow extends OdooRow {
  readonly product_tmpl_id: OdooMany2One;
  /** false: of every variant. */
  readonly product_id: OdooMany2One;
  /** How many one run of it makes. */
  readonly product_qty: number;
  readonly product_uom_id: OdooMany2One;
  readonly sequence: number;
}

/** mrp.bom.line */
export interface OdooBomLineRow extends OdooRow {
  readonly bom_id: OdooMany2One;
  readonly product_id: OdooMany2One;
  readonly product_qty: number;
  readonly product_uom_id: OdooMany2One;
  /** Variants it is for; empty: all. */
  readonly bom_product_template_attribute_value_ids: readonly number[];
}

export interface OdooCategoryRow extends OdooRow {
  readonly name: string;
  readonly parent_path: string;
}

export interface OdooAttributeValueRow extends OdooRow {
  readonly name: string;
  readonly attribute_id: OdooMany2One;
}

export interface OdooWarehouseRow extends OdooRow {
  readonly code: string;
  readonly name: string;
  readonly sequence?: number;
  readonly active: boolean;
  readonly view_location_id: OdooMany2One;
}

export interface OdooLocationRow extends OdooRow {
  readonly complete_name: string;
  readonly parent_path: string;
  /** internal | transit | production among those read. */
  readonly usage: string;
}

export interface OdooQuantRow extends OdooRow {
  readonly product_id: OdooMany2One;
  readonly location_id: OdooMany2One;
  readonly quantity: number;
  readonly reserved_quantity: number;
}

export interface OdooMoveRow extends OdooWrittenRow {
  readonly product_id: OdooMany2One;
  /** In the product's own unit. */
  readonly product_qty: number;
  readonly date: OdooDatetime;
  readonly state: string;
  readonly location_id: OdooMany2One;
  readonly location_dest_id: OdooMany2One;
}

/** A move out, as far as it takes from stock. */
export interface OdooDemandRow extends OdooRow {
  readonly product_id: OdooMany2One;
  readonly location_id: OdooMany2One;
  /** In the product's own unit. */
  readonly product_qty: number;
  readonly date: OdooDatetime;
}

export interface OdooPriceListRow extends OdooWrittenRow {
  readonly name: string;
  readonly currency_id: OdooMany2One;
  readonly active: boolean;
}

export interface OdooPriceRuleRow extends OdooWrittenRow {
  readonly pricelist_id: OdooMany2One;
  readonly applied_on: '0_product_variant' | '1_product' | '2_product_category' | '3_global';
  readonly product_id: OdooMany2One;
  readonly product_tmpl_id: OdooMany2One;
  readonly categ_id: OdooMany2One;
  readonly min_quantity: number;
  readonly date_start: OdooDatetime;
  readonly date_end: OdooDatetime;
  readonly compute_price: string;
  readonly fixed_price: number;
  readonly percent_price: number;
  readonly base: string;
  readonly base_pricelist_id: OdooMany2One;
  readonly price_discount: number;
  /** 18 and later: replaces the discount where the base is the cost. */
  readonly price_markup?: number;
  readonly price_surcharge: number;
  readonly price_round: number;
  readonly price_min_margin: number;
  readonly price_max_margin: number;
}

export interface OdooPartnerRow extends OdooWrittenRow {
  readonly name: OdooText;
  readonly ref: OdooText;
  readonly is_company: boolean;
  readonly parent_id: OdooMany2One;
  readonly type: OdooText;
  readonly email: OdooText;
  readonly phone: OdooText;
  readonly vat: OdooText;
  readonly property_product_pricelist: OdooMany2One;
  /** Tags. */
  readonly category_id: readonly number[];
  readonly property_payment_term_id?: OdooMany2One;
  /** Absent without accounting rights. */
  readonly credit_limit?: number;
  readonly use_partner_credit_limit?: boolean;
  readonly active: boolean;
  readonly street: OdooText;
  readonly street2: OdooText;
  readonly city: OdooText;
  readonly zip: OdooText;
  readonly state_id: OdooMany2One;
  readonly country_id: OdooMany2One;
}

export interface OdooOrderRow extends OdooWrittenRow {
  readonly name: string;
  readonly client_order_ref: OdooText;
  /** draft | sent | sale | done | cancel */
  readonly state: string;
  readonly amount_total: number;
  readonly amount_tax: number;
  readonly currency_id: OdooMany2One;
}

export interface OdooOrderLineRow extends OdooRow {
  readonly order_id: OdooMany2One;
  readonly sequence: number;
  readonly product_id: OdooMany2One;
  readonly product_uom_qty: number;
  readonly qty_delivered: number;
}

export interface OdooPickingRow extends OdooWrittenRow {
  readonly name: string;
  readonly state: string;
  readonly sale_id: OdooMany2One;
  readonly picking_type_code: string;
  readonly location_id: OdooMany2One;
  readonly location_dest_id: OdooMany2One;
  readonly date_done: OdooDatetime;
  readonly origin: OdooText;
  readonly backorder_id: OdooMany2One;
  readonly printed: boolean;
  /** The next three exist with the `delivery` module only. */
  readonly carrier_id?: OdooMany2One;
  readonly carrier_tracking_ref?: OdooText;
  readonly carrier_tracking_url?: OdooText;
}

export interface OdooPickingMoveRow extends OdooRow {
  readonly picking_id: OdooMany2One;
  readonly product_id: OdooMany2One;
  readonly product_uom_qty: number;
  /** From 17 on: reserved while open, moved once done. */
  readonly quantity?: number;
  /** Done quantity until 16. */
  readonly quantity_done?: number;
  /** Reserved quantity until 16. */
  readonly reserved_availability?: number;
  /** 17 and later. */
  readonly picked?: boolean;
  readonly state: string;
  readonly write_date: OdooDatetime;
}
