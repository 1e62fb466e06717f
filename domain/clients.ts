import type { ApiKeyRecord, ApiKeyUse } from './access-keys.ts';
import type { CreditDecision, CreditQuestion } from './credit.ts';
import type { CustomerRecord } from './customers.ts';
import type { AvailabilityCheck, CheckedLine, Hold, HoldOutcome, HoldRequest } from './inventory.ts';
import type { BasketLine } from './inventory.ts';
import type { PriceBuyer, PriceContext, PriceOutcome } from './pricing.ts';
import type { BasketQuote, BasketQuoteRequest } from './quotes.ts';
import type { ChannelCode, Sku } from './ids.ts';
import type { Instant } from './time.ts';

/**
 * What subgraphs ask of each other. In embedded hosting the service itself, in services hosting a remote call; every
 * argument and answer is plain JSON for that reason.
 */
export interface InventoryClient {
  checkAvailability(check: AvailabilityCheck): Promise<readonly CheckedLine[]>;
  /** All or nothing unless `allowPartial`. Idempotent by (owner, key). */
  placeHold(request: HoldRequest): Promise<HoldOutcome>;
  /** HELD -> COMMITTED for this order; idempotent for the same order; null when expired or released meanwhile. */
  commitHold(request: { readonly holdId: string; readonly owner: string; readonly orderReference: string }): Promise<Hold | null>;
  /** Once, to `ttlSeconds` from now; null: no hold of this owner. @throws Failure CONFLICT when extended before or no longer HELD. */
  extendHold(request: { readonly holdId: string; readonly owner: string; readonly ttlSeconds: number }): Promise<Hold | null>;
  releaseHold(request: { readonly holdId: string; readonly owner: string }): Promise<Hold | null>;
  /** COMMITTED -> RELEASED because the order was cancelled before the ERP took it. */
  cancelCommitted(request: { readonly orderReference: string }): Promise<void>;
  /** Gives back a part of what a committed order holds, once per key; what is no longer held is no error. Quantities in the item's own unit; a kit's are kits. */
  reduceCommitted(request: { readonly orderReference: string; readonly lines: readonly BasketLine[]; readonly key: string }): Promise<void>;
  /** The ERP took the order at this instant: snapshots later than it already contain the order. */
  markAccepted(request: { readonly orderReference: string; readonly acceptedAt: Instant }): Promise<void>;
}

export interface PricingClient {
  /** Prices of pieces, each line for itself: promotions on line and basket are left out. */
  quotePrices(request: { readonly lines: readonly BasketLine[]; readonly context: PriceContext }): Promise<readonly PriceOutcome[]>;
  /** Codes of every list that what a buyer pays on a channel may depend on: whose changes concern that buyer. */
  readListsInForce(request: { readonly buyer: PriceBuyer | null; readonly channel: ChannelCode | null }): Promise<readonly string[]>;
  /** The basket as a whole, every promotion applied, and what has become of the quote the buyer was given. */
  quoteBasket(request: BasketQuoteRequest): Promise<BasketQuote>;
}

export interface CustomerClient {
  readCustomer(request: { readonly number: string }): Promise<CustomerRecord | null>;
  /** The one active customer with exactly this e-mail; null: none, or several. */
  findCustomerByEmail(request: { readonly email: string }): Promise<CustomerRecord | null>;
  checkCredit(question: CreditQuestion): Promise<CreditDecision>;
  /** In the order of the prefixes; null: there is no such key, or it was revoked. Answers hashes, never a key. At most 500 at once. */
  findApiKeys(request: { readonly prefixes: readonly string[] }): Promise<readonly (ApiKeyRecord | null)[]>;
  /** For people who look which keys are still in use; later than what is known, or nothing. */
  noteApiKeyUses(request: { readonly uses: readonly ApiKeyUse[] }): Promise<void>;
}

export interface CatalogClient {
  /** SKUs shown in the category or below it, in order, at most `limit` of those after `afterSku`. Null: no such category. */
  readCategorySkus(request: { readonly categoryCode: string; readonly afterSku: Sku | null; readonly limit: number }): Promise<readonly Sku[] | null>;
}

export interface Clients {
  readonly catalog: CatalogClient;
  readonly inventory: InventoryClient;
  readonly pricing: PricingClient;
  readonly customer: CustomerClient;
}

/** Method names by client: what the remote form may call. */
export const CLIENT_METHODS = {
  inventory: ['checkAvailability', 'placeHold', 'commitHold', 'extendHold', 'releaseHold', 'cancelCommitted', 'reduceCommitted', 'markAccepted'],
  pricing: ['quotePrices', 'quoteBasket', 'readListsInForce'],
  customer: ['readCustomer', 'findCustomerByEmail', 'checkCredit', 'findApiKeys', 'noteApiKeyUses'],
  catalog: ['readCategorySkus'],
} as const satisfies { [K in keyof Clients]: readonly (keyof Clients[K])[] };
