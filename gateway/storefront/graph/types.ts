import type { Decimal } from '../../../domain/decimal.ts';
import type { AvailabilityStatus, Freshness, PromiseBasis, RejectionReason, SilencePolicy } from '../../../domain/inventory.ts';
import type { Money } from '../../../domain/money.ts';
import type { OrderState } from '../../../domain/orders.ts';
import type { ShipmentState } from '../../../domain/shipments.ts';
import type { ChangedPriceView, PriceRangeView, PromotionView } from './price-views.ts';

/** What the operations in schema/operations select, as it arrives. */

export interface Picture {
  readonly url: string;
  readonly alt: string | null;
  readonly mimeType?: string;
}

export interface NamedValue {
  readonly name: string;
  readonly value: string;
}

export interface ListedProduct {
  readonly id: string;
  readonly handle: string;
  readonly name: string;
  readonly brand: string | null;
  readonly inStock: boolean | null;
  readonly media: readonly Picture[];
  readonly priceRange: PriceRangeView | null;
}

export interface Facet {
  readonly kind: 'CATEGORY' | 'BRAND' | 'ATTRIBUTE';
  readonly code: string;
  readonly label: string;
  readonly values: readonly { readonly value: string; readonly label: string; readonly count: number }[];
}

export interface ProductListing {
  readonly nodes: readonly ListedProduct[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  readonly totalCount?: number | null;
  readonly facets?: readonly Facet[];
}

export interface AttributeView {
  readonly code: string;
  readonly label: string;
  readonly value: string | null;
  readonly unit: string | null;
}

export interface VariantView {
  readonly sku: string;
  readonly name: string | null;
  readonly sellable: boolean | null;
  readonly unitCode: string | null;
  readonly quantityDigits: number | null;
  readonly options: readonly NamedValue[] | null;
  readonly attributes: readonly AttributeView[] | null;
  readonly media: readonly Picture[] | null;
}

export interface ProductView {
  readonly id: string;
  readonly handle: string;
  readonly name: string;
  readonly description: string | null;
  readonly brand: string | null;
  readonly categories: readonly { readonly code: string; readonly name: string }[];
  readonly attributes: readonly AttributeView[];
  readonly media: readonly Picture[];
  readonly options: readonly { readonly name: string; readonly values: readonly string[] }[];
  readonly variants: readonly VariantView[];
}

export interface Evidence {
  readonly asOf: string | null;
  readonly source: string;
  readonly freshness: Freshness;
}

export interface DatedQuantity {
  readonly date: string;
  readonly quantity: Decimal;
}

export interface AvailabilityView extends Evidence {
  readonly status: AvailabilityStatus;
  readonly quantity: Decimal;
  readonly quantityIsCapped: boolean;
  readonly schedule: readonly DatedQuantity[];
  readonly byLocation: readonly { readonly location: { readonly code: string; readonly name: string }; readonly status: AvailabilityStatus; readonly quantity: Decimal }[];
  readonly leadTimeDays: number | null;
  readonly preorderFrom: string | null;
  /** Null for those who may not see exact figures. */
  readonly components: readonly KitComponentView[] | null;
}

/** What a kit is made of. `kits`: how many it is enough for. */
export interface KitComponentView {
  readonly variant: { readonly sku: string; readonly product: { readonly name: string } | null };
  readonly quantityPerKit: Decimal;
  readonly kits: Decimal;
  readonly limits: boolean;
}

export interface AlternativeView extends DatedQuantity {
  /** One that does not serve the shopper; null: one that does. */
  readonly location: { readonly name: string } | null;
}

export interface BasketVariant {
  readonly sku: string;
  readonly name: string | null;
  readonly quantityDigits: number | null;
  readonly unitCode: string | null;
  readonly options: readonly NamedValue[] | null;
  readonly media: readonly Picture[] | null;
  readonly product: { readonly handle: string; readonly name: string; readonly media: readonly Picture[] } | null;
}

export type OutcomeView =
  | { readonly __typename: 'AvailabilityConfirmed'; readonly date: string; readonly basis: PromiseBasis }
  | { readonly __typename: 'AvailabilityPartial'; readonly confirmedQuantity: Decimal; readonly schedule: readonly DatedQuantity[] }
  | { readonly __typename: 'AvailabilityRejected'; readonly reason: RejectionReason; readonly earliestDate: string | null; readonly alternatives: readonly AlternativeView[] }
  | { readonly __typename: 'AvailabilityUnverified'; readonly policy: SilencePolicy; readonly lastKnownQuantity: Decimal | null; readonly accepted: boolean };

export interface CheckedLineView extends Evidence {
  readonly sku: string;
  readonly requested: Decimal;
  readonly outcome: OutcomeView;
}

export interface UserErrorView {
  readonly code: string;
  readonly field: readonly string[];
  readonly message: string;
  readonly retryable?: boolean;
}

export interface ShortLineView {
  readonly sku: string;
  readonly requested: Decimal;
  readonly available: Decimal;
  readonly reason: RejectionReason;
}

export interface HoldAnswer {
  readonly hold: { readonly id: string; readonly state: string; readonly expiresAt: string } | null;
  readonly shortLines: readonly ShortLineView[] | null;
  readonly userErrors: readonly UserErrorView[];
}

export interface PlaceOrderAnswer {
  readonly order: { readonly id: string; readonly number: string; readonly state: OrderState } | null;
  readonly userErrors: readonly UserErrorView[];
  readonly warnings: readonly { readonly code: string; readonly message: string }[];
  readonly priceChanges: readonly ChangedPriceView[];
}

export interface ShipmentView {
  readonly id: string;
  readonly number: string;
  readonly state: ShipmentState;
  readonly carrier: string | null;
  readonly shippedAt: string | null;
  readonly packages: readonly { readonly trackingNumber: string; readonly trackingUrl: string | null }[];
  readonly lines: readonly { readonly sku: string; readonly quantity: Decimal; readonly variant: { readonly name: string | null } }[];
}

export interface TimelineEntry {
  readonly at: string;
  readonly state: OrderState;
  readonly source: string;
  readonly detail: string | null;
}

export interface OrderView {
  readonly id: string;
  readonly number: string;
  readonly state: OrderState;
  readonly placedAt: string;
  readonly total: Money | null;
  readonly totals: { readonly subtotal: Money | null; readonly discount: Money } | null;
  readonly erpOrder: { readonly number: string; readonly acceptedAt: string | null } | null;
  readonly lines: readonly OrderLineView[];
  readonly shipTo: { readonly name: string | null; readonly line1: string; readonly line2: string | null; readonly postalCode: string | null; readonly city: string; readonly region: string | null; readonly countryCode: string } | null;
  readonly timeline: readonly TimelineEntry[];
  readonly shipments: readonly ShipmentView[];
}

export interface OrderLineView {
  readonly lineNumber: number;
  readonly sku: string;
  readonly quantity: Decimal;
  readonly shippedQuantity: Decimal;
  readonly lineTotal: Money | null;
  readonly promotions: readonly PromotionView[];
  readonly variant: { readonly name: string | null; readonly product: { readonly handle: string; readonly name: string } | null };
}

/** What an order update brings: laid over the order that is shown. */
export interface OrderChange {
  readonly state: OrderState;
  readonly erpOrder: OrderView['erpOrder'];
  readonly lines: readonly Pick<OrderLineView, 'lineNumber' | 'shippedQuantity'>[];
  readonly timeline: readonly TimelineEntry[];
}
