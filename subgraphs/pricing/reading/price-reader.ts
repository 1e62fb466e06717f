import DataLoader from 'dataloader';
import type { CustomerClient } from '../../../domain/clients.ts';
import { invalidInput } from '../../../domain/failure.ts';
import type { ChannelCode, Sku } from '../../../domain/ids.ts';
import { isCurrencyCode } from '../../../domain/money.ts';
import type { TaxRate } from '../../../domain/pricing.ts';
import type { Promotion } from '../../../domain/promotions.ts';
import { instant, type Instant } from '../../../domain/time.ts';
import type { Clock } from '../../../platform/clock.ts';
import type { RequestScope } from '../../frame/module.ts';
import { tagAnswer } from '../../graph/cache-tags.ts';
import type { AdvertisedBook } from '../advertised/advertised-book.ts';
import type { PriceBook, PriceOrigin } from '../book/price-book.ts';
import { buyerOf, pricesNotShown, readTerms } from '../buyer/buyer-terms.ts';
import type { PromotionBook } from '../promotions/promotion-book.ts';
import type { PriceFacts } from '../resolve/price-facts.ts';
import type { PriceSettings } from '../settings.ts';
import type { ShownBasis } from './shown-price.ts';

/**
 * What one request reads to price things: one buyer, one channel. Everything is read once, together with what else is asked for, and
 * dies with the request, so that no contract price can reach the next caller.
 */
export interface PriceReader {
  readonly now: Instant;
  readonly channel: ChannelCode | null;
  /** Whether the channel shows its prices to this caller. */
  isShown(): Promise<boolean>;
  /** @throws Failure FORBIDDEN where the channel does not, INVALID_INPUT for a currency nobody knows, UPSTREAM_UNAVAILABLE while prices or contracts are not known yet */
  readBasis(sku: Sku, at: Instant): Promise<ShownBasis>;
  /** Whoever asks. */
  readFacts(sku: Sku): Promise<PriceFacts>;
  readOrigin(): Promise<PriceOrigin>;
  readTaxRates(): Promise<readonly TaxRate[]>;
  /** When what may be advertised of the SKU next changes; null: it is not known to. */
  readAdvertisedEdge(sku: Sku, at: Instant): Promise<Instant | null>;
  /** Promotions of the channel that begin later. */
  readUpcoming(at: Instant): Promise<readonly Promotion[]>;
}

/** What there is of some SKUs at an instant; those without are absent. */
type ReadOfSkus<Value> = (skus: readonly Sku[], at: Instant) => Promise<ReadonlyMap<Sku, Value>>;

export interface PriceReaderTools {
  readonly book: PriceBook;
  readonly settings: PriceSettings;
  readonly promotions: PromotionBook;
  readonly advertised: AdvertisedBook;
  readonly customers: () => CustomerClient;
  readonly clock: Clock;
}

export function createPriceReader({ book, settings, promotions, advertised, customers, clock }: PriceReaderTools, scope: RequestScope): PriceReader {
  const { principal, shopping } = scope;
  const now = instant(clock.date());
  const channel = principal.channel ?? shopping.channel;
  const terms = once(() => readTerms(noting(customers(), scope), settings, buyerOf(principal, shopping.companyLocation), channel));
  const readOrigin = once(() => book.readOrigin());
  const facts = new DataLoader<Sku, PriceFacts>(async (skus) => {
    const read = await book.readFacts(skus, (await terms()).lists);
    return skus.map((sku) => read.get(sku)!);
  });
  const promotionsAt = onceFor((at: Instant) => promotions.readCurrent(at, channel));
  const minimumsAt = loadersByInstant(advertised.readMinimums);
  const edgesAt = loadersByInstant(advertised.readNextEdges);
  const policy = (channel === null ? undefined : settings.advertising.get(channel)) ?? 'SHOW_MAP';
  return {
    now, channel, readOrigin,
    isShown: async () => (await terms()).isShown,
    readBasis: async (sku, at) => {
      const currencyCode = checkCurrency(shopping.currencyCode);
      const { lists, isShown } = await terms();
      if (!isShown) throw pricesNotShown(channel);
      const [read, current, minimum] = await Promise.all([facts.load(sku), promotionsAt(at), minimumsAt(at).load(sku), readOrigin()]);
      return { sku, facts: read, lists, currencyCode, at, channel, promotions: current, advertising: { policy, minimum } };
    },
    readFacts: (sku) => facts.load(sku),
    readTaxRates: once(() => book.readTaxRates()),
    readAdvertisedEdge: (sku, at) => edgesAt(at).load(sku),
    readUpcoming: onceFor((at: Instant) => promotions.readUpcoming(at, channel)),
  };
}

/** Prices change with whatever is agreed with those who were asked about, also where nobody by that number is known yet. */
const noting = (customers: CustomerClient, scope: RequestScope): Pick<CustomerClient, 'readCustomer'> => ({
  readCustomer: (request) => {
    tagAnswer(scope, [`Customer:${request.number}`]);
    return customers.readCustomer(request);
  },
});

const loadersByInstant = <Value>(read: ReadOfSkus<Value>): ((at: Instant) => DataLoader<Sku, Value | null>) => keepFor((at: Instant) => new DataLoader<Sku, Value | null>(async (skus) => {
  const found = await read(skus, at);
  return skus.map((sku) => found.get(sku) ?? null);
}));

function checkCurrency(code: string | null): string | null {
  if (code === null || isCurrencyCode(code)) return code;
  throw invalidInput(['currency'], `${JSON.stringify(code)} is no ISO 4217 currency code`);
}

/** What `make` makes, kept by key as long as the request lives. */
function keepFor<Key, Value>(make: (key: Key) => Value): (key: Key) => Value {
  const made = new Map<Key, Value>();
  return (key) => {
    if (!made.has(key)) made.set(key, make(key));
    return made.get(key)!;
  };
}

const onceFor: <Key, Value>(read: (key: Key) => Promise<Value>) => (key: Key) => Promise<Value> = keepFor;

function once<Value>(read: () => Promise<Value>): () => Promise<Value> {
  const kept = keepFor(read);
  return () => kept(undefined as never);
}
