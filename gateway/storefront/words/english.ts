import type { AvailabilityStatus, RejectionReason } from '../../../domain/inventory.ts';
import type { OrderState } from '../../../domain/orders.ts';
import type { NoPriceReason } from '../../../domain/pricing.ts';
import type { ShipmentState } from '../../../domain/shipments.ts';

/** Everything the shop itself says. What it sells is said by the graph. */
export const english = {
  shopName: 'Demo store',
  skip: 'Skip to content',
  search: 'Search', searchHint: 'Search name, SKU, GTIN', language: 'Language', basket: 'Basket', products: 'Products',
  basketCount: (count: number) => (count === 1 ? '1 item in the basket' : `${count} items in the basket`),
  live: 'Live updates', reconnecting: 'Connection lost, reconnecting…',
  filters: 'Filters', clearFilters: 'Clear all', category: 'Category', allCategories: 'All categories', sort: 'Sort by',
  sorts: { RELEVANCE: 'Best match', NAME_ASC: 'Name A–Z', NAME_DESC: 'Name Z–A', NEWEST: 'Newest' },
  found: (count: string, one: boolean) => (one ? '1 product' : `${count} products`),
  shown: (shown: string, total: string) => `${shown} of ${total} shown`,
  loadMore: 'Load more', loading: 'Loading…', nothingFound: 'Nothing fits.', nothingFoundHint: 'Try fewer words or remove a filter.',
  inStock: 'In stock', notInStock: 'Not in stock', stockUnknown: 'Stock not known right now', noPicture: 'No picture',
  failed: 'The shop could not be reached.', failedHint: 'Nothing was lost. Try again in a moment.', tryAgain: 'Try again',
  refused: 'The shop refused the request.', notFound: 'This page does not exist.', noProduct: 'This product is not in the catalogue.', noOrder: 'There is no such order.', toProducts: 'To the products',
  description: 'Description', details: 'Details', pictures: 'Pictures', picture: (number: number, of: number) => `Picture ${number} of ${of}`,
  quantity: 'Quantity', less: 'Less', more: 'More', addToBasket: 'Add to basket', added: (name: string) => `${name} is in the basket.`, notSold: 'Not sold at present', toBasket: 'View basket',
  badQuantity: 'Enter a number above zero.', choose: 'Choose a variant', notCombined: 'not offered in this combination',
  unitPrice: (price: string) => `${price} each`, perUnit: 'per unit', breaks: 'Quantity prices', from: 'From', to: 'to', noPrice: 'Price not available right now', sale: 'Sale', priceInBasket: 'Put it into the basket to see its price: its maker lets us show it only there.', priceRaised: 'You pay less than this: the basket shows your price, which its maker does not let us advertise.', total: 'Total', subtotal: 'Subtotal', discount: 'Discount', listPrice: 'List price',
  stock: 'Stock', capped: (quantity: string) => `${quantity} or more available`, exactly: (quantity: string) => `${quantity} available`,
  statuses: { IN_STOCK: 'In stock', LOW_STOCK: 'Low stock', PREORDER: 'Preorder', BACKORDER: 'On backorder', OUT_OF_STOCK: 'Out of stock', UNKNOWN: 'Not known' } satisfies Record<AvailabilityStatus, string>,
  places: 'By location', coming: (quantity: string, date: string) => `${quantity} promised from ${date}`,
  leadTime: (days: string) => `When none is left: ready in ${days} days`, preorder: (date: string) => `Preorder now, delivered from ${date}`,
  kit: 'This set contains', kitPart: (quantity: string, name: string) => `${quantity} × ${name}`, kitsOf: (kits: string) => `enough for ${kits}`, kitLimit: (kits: string, name: string) => `${kits} sets can be made: ${name} runs out first.`,
  freshLive: (source: string, time: string) => `Checked with ${source} at ${time}`, freshRecent: (source: string, time: string) => `From ${source}, as of ${time}`,
  stale: (source: string, time: string) => `Stale: ${source} has been silent since ${time}. This is the last known figure.`, never: 'an unknown time', pushed: (time: string) => `Changed at ${time}`,
  basketEmpty: 'The basket is empty.', remove: 'Remove', removeNamed: (name: string) => `Remove ${name}`, checking: 'Checking stock and prices…', recheck: 'Check again', toCheckout: 'Checkout', blocked: 'Mend the marked lines to go on.',
  confirmed: (date: string) => `Available, ready ${date}`, partial: (quantity: string) => `Only ${quantity} available now`, later: (quantity: string, date: string) => `${quantity} by ${date}`,
  confirmedIncoming: (date: string) => `On its way, ready ${date}`, confirmedLeadTime: (date: string) => `Ordered for you, ready ${date}`, instead: 'Instead:', elsewhere: (quantity: string, place: string) => `${quantity} in ${place}`,
  reasons: { OUT_OF_STOCK: 'Out of stock', UNKNOWN_SKU: 'Unknown article', NOT_SELLABLE: 'Not sold', INACTIVE: 'No longer sold', CHANNEL_EXHAUSTED: 'Sold out here', SPLIT_NOT_ALLOWED: 'Not available in one place', NOT_SERVED: 'Not available for this address' } satisfies Record<RejectionReason, string>,
  earliest: (date: string) => `available again ${date}`, unverified: 'The warehouse system does not answer, so this is not confirmed.', lastKnown: (quantity: string) => `Last known: ${quantity}.`, accepted: 'You can order; we confirm later.', notAccepted: 'Please try again shortly.', takePartial: (quantity: string) => `Take ${quantity}`,
  checkout: 'Checkout', contact: 'Contact', address: 'Delivery address', yourOrder: 'Your order', note: 'Note to us', optional: '(optional)',
  fields: { name: 'Full name', email: 'E-mail', phone: 'Phone', line1: 'Street and number', line2: 'Address addition', postalCode: 'Postal code', city: 'City', region: 'State or province', countryCode: 'Country' },
  holding: 'Reserving your items…', held: (time: string) => `Reserved for you: ${time}`, holdExpired: 'The reservation has ended.', holdFailed: 'Your items could not be reserved.', holdShort: 'Not enough stock to reserve:', holdAgain: 'Reserve again', backToBasket: 'Back to basket', available: (quantity: string) => `${quantity} available`,
  placeOrder: 'Place order', placing: 'Placing order…', placed: 'Thank you, your order is placed.', mend: 'Please mend what is marked.',
  pricesChanged: 'Prices have changed since you saw them.', priceBefore: 'before:', priceNow: 'now:', noPriceAnyMore: 'no price any more', pricesAccept: 'Nothing has been ordered yet. Do you agree?', acceptAndOrder: (total: string) => `Agree and order for ${total}`,
  quoteExpired: 'The prices you saw were too old to order by. These are the prices of now: place the order again if you agree.', severalCurrencies: 'These articles are sold in different currencies. Order them one after the other.',
  noPriceReasons: { UNKNOWN_SKU: 'No longer sold here', NO_LIST_PRICE: 'Nobody has set a price for it yet', NO_CURRENCY: 'Not sold in your currency', MISSING_RATE: 'No rate of exchange to your currency is known', UNUSABLE_PRICE_LIST: 'Your price list cannot be used right now', UNKNOWN_UNIT: 'Not sold in this unit', NOT_PUBLIC: 'Sign in to see the price' } satisfies Record<NoPriceReason, string>,
  unknownOutcome: 'We could not hear whether your order arrived.', unknownHint: 'Asking again is safe: the same order is never placed twice.', askAgain: 'Ask again', demoPayment: 'This demo takes no payment.',
  order: (number: string) => `Order ${number}`, orderDate: 'Placed', erpNumber: 'In the ERP as', timeline: 'Progress', shipments: 'Shipments', noShipments: 'Nothing has been shipped yet. This page changes by itself when it is.',
  states: { RECEIVED: 'Received', ACCEPTED_BY_ERP: 'Accepted', PARTIALLY_SHIPPED: 'Partly shipped', SHIPPED: 'Shipped', DELIVERED: 'Delivered', CANCELLED: 'Cancelled', NEEDS_ATTENTION: 'Needs attention' } satisfies Record<OrderState, string>,
  shipmentStates: { PLANNED: 'Being prepared', SHIPPED: 'Shipped', CANCELLED: 'Cancelled' } satisfies Record<ShipmentState, string>,
  shipment: (number: string) => `Shipment ${number}`, carrier: 'Carrier', tracking: 'Tracking', shippedOf: (shipped: string, all: string) => `${shipped} of ${all} shipped`, items: 'Items', shippedTo: 'Delivery to',
  sandboxNote: 'Running against the sandbox? Ship it from a terminal and watch this page:', orderChanged: (state: string) => `The order is now: ${state}.`, shipmentChanged: (number: string, state: string) => `Shipment ${number}: ${state}.`, stockChanged: (text: string) => `Stock changed: ${text}.`, priceChanged: (price: string) => `The price is now ${price}.`,
};

export type Words = typeof english;
