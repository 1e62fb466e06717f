import { priceOf } from '../../engine/prices.ts';
import { missing, valueError } from './errors.ts';
import type { Method } from './field.ts';
import { contextMoment } from './values.ts';

/** product.product/get_contextual_price: one product a call, with `pricelist`, `quantity`, `date` in the context; not rounded. */
export const contextualPrice: Method['run'] = (call, ids) => {
  if (ids.length !== 1) throw valueError(`Expected singleton: product.product(${ids.join(', ')})`);
  const variant = call.tables.variants.get(ids[0]!);
  if (variant === undefined) throw missing('product.product', ids[0], 5);
  const { pricelist, quantity } = call.context;
  const priceList = typeof pricelist === 'number' ? call.tables.priceLists.get(pricelist) : null;
  if (priceList === undefined) throw missing('product.pricelist', pricelist, 5);
  const answer = priceOf(call.tables, { variant, priceList, quantity: String(typeof quantity === 'number' ? quantity : 1), atMs: contextMoment(call, 'date') });
  return Number(answer.price);
};
