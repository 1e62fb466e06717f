import type { ChangeEvent } from '../../domain/events.ts';
import { globalId } from '../../domain/ids.ts';

/** What a change event says of what is kept. */
export interface Change {
  readonly tags: readonly string[];
  /** So long after it some process may still answer from before: until then nothing with these tags is kept. */
  readonly settleMs: number;
}

/** Topics of the event log that the cache follows. */
export const CACHE_TOPICS = ['stock', 'price', 'product', 'customer'] as const;

export const CUSTOMER_TAG = 'Customer';
/** Every process of the catalogue remembers labels, categories and locales for a second (subgraphs/catalog/index.ts). */
const DIRECTORY_SETTLE_MS = 1_500;
const NOTHING: Change = { tags: [], settleMs: 0 };

const at = (...tags: readonly string[]): Change => ({ tags, settleMs: 0 });

/** Tags of everything an event may have changed. Types that are not known here, of a newer subgraph, change nothing kept. */
export function changeOf(payload: unknown): Change {
  const event = payload as ChangeEvent;
  switch (event?.type) {
    case 'stock.changed':
      return at(`Stock:${event.sku}`);
    case 'price.changed':
      return at(...priceTags(event.sku, event.priceListCode));
    case 'product.changed':
      return at(`Product:${event.productCode}`, `Product:${globalId('Product', event.productCode)}`, 'Catalog');
    case 'product.directoryChanged':
      return { tags: ['Directory'], settleMs: DIRECTORY_SETTLE_MS };
    case 'customer.changed':
      return at(`${CUSTOMER_TAG}:${event.number}`);
    default:
      return NOTHING;
  }
}

/** "Price" is on every price: a list or a promotion may be about any SKU. */
function priceTags(sku: string | null, list: string | null): readonly string[] {
  if (sku === null) return list === null ? ['Price'] : ['Price', `PriceList:${list}`];
  return list === null ? [`Price:${sku}`] : [`Price:${sku}`, `Price:${sku}:${list}`];
}
