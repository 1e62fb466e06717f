import type { DecimalText } from './decimal.ts';
import type { Row } from './table.ts';

/** The ERP's records. Ids point to rows of the named table; moments are milliseconds since the epoch; empty is null. */
export interface Company extends Row {
  readonly name: string;
  readonly currencyId: number;
  readonly countryId: number;
  readonly taxPercent: DecimalText;
  readonly partyId: number;
}

export interface Currency extends Row {
  readonly code: string;
  readonly name: string;
  readonly symbol: string;
  /** Units of this currency for one of the company's. */
  readonly rate: DecimalText;
}

export interface Country extends Row {
  readonly code: string;
  readonly name: string;
}

export interface PaymentTerm extends Row {
  readonly name: string;
  readonly days: number;
}

export interface Unit extends Row {
  readonly code: string;
  readonly name: string;
  readonly rounding: DecimalText;
  /** How many of the reference unit one of it is; 1 where absent. */
  readonly size?: DecimalText;
  /** The unit it is counted in; absent and null: it is a reference itself. */
  readonly relativeToId?: number | null;
}

/** A bill of materials; a "phantom" one makes the item a kit. */
export interface Bom extends Row {
  readonly itemId: number;
  readonly variantId: number | null;
  /** How many, in which unit, one run of it makes. */
  readonly quantity: DecimalText;
  readonly unitId: number;
  readonly kind: 'normal' | 'phantom';
  readonly sequence: number;
  readonly active: boolean;
}

export interface BomLine extends Row {
  readonly bomId: number;
  readonly variantId: number;
  readonly quantity: DecimalText;
  readonly unitId: number;
}

export interface Category extends Row {
  readonly name: string;
  readonly parentId: number | null;
}

export interface Attribute extends Row {
  readonly name: string;
}

export interface AttributeValue extends Row {
  readonly attributeId: number;
  readonly name: string;
  readonly sequence: number;
}

/** An item offers an attribute. */
export interface ItemAttribute extends Row {
  readonly itemId: number;
  readonly attributeId: number;
}

/** An item offers a value of an attribute; variants are combinations of these. */
export interface ItemOption extends Row {
  readonly itemId: number;
  readonly itemAttributeId: number;
  readonly attributeId: number;
  readonly attributeValueId: number;
}

export interface Item extends Row {
  readonly code: string;
  readonly name: string;
  readonly categoryId: number;
  readonly unitId: number;
  readonly kind: 'goods' | 'service';
  readonly listPrice: DecimalText;
  readonly sellable: boolean;
  readonly active: boolean;
  /** Units it is sold in beside its own. */
  readonly packagingIds?: readonly number[];
  /** Absent: the company's tax. */
  readonly taxIds?: readonly number[];
}

export interface Variant extends Row {
  readonly itemId: number;
  readonly sku: string;
  readonly barcode: string | null;
  readonly optionIds: readonly number[];
  readonly weight: DecimalText;
  readonly cost: DecimalText;
  /** Added to the item's list price. */
  readonly extraPrice: DecimalText;
  readonly active: boolean;
}

export interface Warehouse extends Row {
  readonly code: string;
  readonly name: string;
  readonly viewLocationId: number;
  readonly stockLocationId: number;
}

/** A kind of transfer of a warehouse, as Odoo's operation types. */
export interface PickingType extends Row {
  readonly name: string;
  readonly kind: 'incoming' | 'outgoing';
  readonly warehouseId: number;
}

export interface Location extends Row {
  readonly name: string;
  readonly usage: 'view' | 'internal' | 'supplier' | 'customer' | 'inventory';
  readonly parentId: number | null;
  readonly warehouseId: number | null;
}

/** What lies at a location. Virtual locations (vendors, customers, adjustments) count backwards, as double entry. */
export interface Quant extends Row {
  readonly variantId: number;
  readonly locationId: number;
  readonly quantity: DecimalText;
  readonly reserved: DecimalText;
}

export type MoveState = 'draft' | 'confirmed' | 'partially_available' | 'assigned' | 'done' | 'cancel';

export interface Move extends Row {
  readonly variantId: number;
  readonly pickingId: number | null;
  readonly fromLocationId: number;
  readonly toLocationId: number;
  readonly demand: DecimalText;
  /** Reserved while open (what the ERP means to move), moved when done. */
  readonly quantity: DecimalText;
  readonly picked: boolean;
  readonly state: MoveState;
  readonly dueAtMs: number;
  readonly doneAtMs: number | null;
  readonly orderLineId: number | null;
  readonly purchaseLineId: number | null;
  readonly returnedMoveId: number | null;
  readonly origin: string | null;
}

export interface Picking extends Row {
  readonly name: string;
  readonly kind: 'incoming' | 'outgoing';
  readonly warehouseId: number;
  readonly fromLocationId: number;
  readonly toLocationId: number;
  readonly partyId: number | null;
  readonly orderId: number | null;
  readonly purchaseOrderId: number | null;
  readonly backorderOfId: number | null;
  readonly returnOfId: number | null;
  readonly origin: string | null;
  readonly state: MoveState;
  readonly scheduledAtMs: number;
  readonly doneAtMs: number | null;
  readonly trackingReference: string | null;
  readonly trackingUrl: string | null;
  readonly carrierId?: number | null;
  /** The warehouse has its papers. */
  readonly printed?: boolean;
}

export interface PurchaseOrder extends Row {
  readonly name: string;
  readonly reference: string;
  readonly vendorId: number;
  readonly warehouseId: number;
  readonly state: 'purchase' | 'cancel';
  readonly orderedAtMs: number;
}

export interface PurchaseLine extends Row {
  readonly purchaseOrderId: number;
  readonly variantId: number;
  readonly quantity: DecimalText;
  /** Received before the sandbox began; what arrives later is counted by its moves. */
  readonly receivedBefore: DecimalText;
  readonly unitPrice: DecimalText;
  readonly dueAtMs: number;
}

export interface PriceList extends Row {
  readonly code: string;
  readonly name: string;
  readonly currencyId: number;
  readonly active?: boolean;
}

export interface PriceRule extends Row {
  readonly priceListId: number;
  readonly scope: 'variant' | 'item' | 'category' | 'all';
  readonly variantId: number | null;
  readonly itemId: number | null;
  readonly categoryId: number | null;
  readonly minQuantity: DecimalText;
  readonly fromMs: number | null;
  readonly toMs: number | null;
  readonly compute: 'fixed' | 'percentage' | 'formula';
  readonly base: 'listPrice' | 'cost' | 'priceList';
  readonly basePriceListId: number | null;
  readonly fixedPrice: DecimalText;
  readonly percentOff: DecimalText;
  readonly roundTo: DecimalText;
  readonly surcharge: DecimalText;
  readonly minMargin: DecimalText;
  readonly maxMargin: DecimalText;
}

/** A customer, vendor, contact or address. */
export interface Party extends Row {
  readonly code: string | null;
  readonly name: string;
  readonly email: string | null;
  readonly phone: string | null;
  readonly vat: string | null;
  readonly isCompany: boolean;
  readonly kind: 'contact' | 'invoice' | 'delivery' | 'other';
  readonly parentId: number | null;
  readonly street: string | null;
  readonly street2: string | null;
  readonly postalCode: string | null;
  readonly city: string | null;
  readonly countryId: number | null;
  readonly priceListId: number | null;
  readonly paymentTermId: number | null;
  readonly tagIds?: readonly number[];
  readonly creditLimit: DecimalText | null;
  readonly comment: string | null;
  readonly active: boolean;
}

export interface Order extends Row {
  readonly name: string;
  readonly reference: string | null;
  readonly origin: string | null;
  readonly partyId: number;
  readonly invoicePartyId: number;
  readonly deliveryPartyId: number;
  readonly warehouseId: number;
  readonly priceListId: number | null;
  readonly currencyId: number;
  readonly paymentTermId: number | null;
  readonly state: 'draft' | 'sale' | 'cancel';
  readonly orderedAtMs: number;
  readonly wantedAtMs: number | null;
  readonly note: string | null;
  /** What the payment provider calls it; absent and null: not told. */
  readonly paymentReference?: string | null;
  readonly carrierId?: number | null;
}

/** A line without a product is a note. */
export interface OrderLine extends Row {
  readonly orderId: number;
  readonly variantId: number | null;
  /** Absent and null: the item's own. */
  readonly unitId?: number | null;
  readonly name: string;
  readonly quantity: DecimalText;
  readonly unitPrice: DecimalText;
  readonly discountPercent: DecimalText;
  readonly taxed: boolean;
  /** Absent: the company's tax where `taxed`. */
  readonly taxIds?: readonly number[];
  readonly priceRuleId: number | null;
  readonly sequence: number;
}

/** The last number given out per kind of document. */
export interface Sequence extends Row {
  readonly name: string;
  readonly last: number;
}
