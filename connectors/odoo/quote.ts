import type { Answer, CallContext, PriceQuestion } from '../../domain/connector.ts';
import { asFailure } from '../../domain/failure.ts';
import { money, type Money } from '../../domain/money.ts';
import type { OdooClient } from './client.ts';
import { datetimeOf, decimalOf, lookUp } from './convert.ts';
import { malformed } from './failures.ts';
import { readByIds } from './paging.ts';
import { readCurrencies } from './currencies.ts';
import { readProductsBySku } from './skus.ts';
import type { OdooMany2One, OdooPriceListRow } from './wire.ts';

interface PartnerListRow {
  readonly id: number;
  readonly property_product_pricelist: OdooMany2One;
}

/** What one price is asked with. */
interface Prepared {
  readonly productId: number;
  readonly priceListId: number;
  readonly currencyCode: string;
}

/**
 * Odoo's own effective prices, unrounded. `get_contextual_price` takes one product a call ("Expected singleton", 500,
 * otherwise), so a batch is that many calls, as many at a time as the client lets through.
 */
export async function quotePrices(client: OdooClient, questions: readonly PriceQuestion[], call: CallContext): Promise<readonly Answer<Money | null>[]> {
  const [products, lists, partnerLists] = await Promise.all([
    readProductsBySku(client, questions.map(({ sku }) => sku), call),
    readPriceLists(client, questions, call),
    readPartnerLists(client, questions, call),
  ]);
  const prepare = (question: PriceQuestion): Prepared | null => {
    const [product, ...others] = (products.get(question.sku) ?? []).filter(({ active }) => active);
    const code = question.priceListCode ?? (question.customerId === null ? null : (partnerLists.get(question.customerId) ?? null));
    const list = code === null ? lists.fallback(question.currencyCode) : lists.byCode(code);
    if (product === undefined || others.length > 0 || list === undefined || list.currencyCode !== question.currencyCode) return null;
    return { productId: product.id, priceListId: list.id, currencyCode: list.currencyCode };
  };
  return Promise.all(questions.map(async (question): Promise<Answer<Money | null>> => {
    try {
      const prepared = prepare(question);
      return { ok: true, value: prepared === null ? null : await quoteOne(client, prepared, question, call) };
    } catch (error) {
      return { ok: false, failure: asFailure(error) };
    }
  }));
}

async function quoteOne(client: OdooClient, { productId, priceListId, currencyCode }: Prepared, question: PriceQuestion, call: CallContext): Promise<Money> {
  const context = { pricelist: priceListId, quantity: Number(question.quantity), date: datetimeOf(question.at) };
  // Until 15 the product has a computed `price`; from 16 on there is a method instead.
  const [column] = await client.columnsOf('product.product', ['price'], call);
  const answer =
    column === undefined
      ? await client.read<number>({ model: 'product.product', method: 'get_contextual_price', ids: [productId], context }, call)
      : (await client.read<{ price: number }[]>({ model: 'product.product', method: 'read', ids: [productId], args: { fields: ['price'] }, context }, call))[0]?.price;
  try {
    return money(decimalOf(answer), currencyCode);
  } catch (error) {
    throw malformed(client.system, `get_contextual_price: ${String(error)}`);
  }
}

interface QuotableList {
  readonly id: number;
  readonly currencyCode: string;
}

interface QuotableLists {
  byCode(code: string): QuotableList | undefined;
  /** The first active list in this currency: what Odoo itself gives a customer without one. */
  fallback(currencyCode: string): QuotableList | undefined;
}

async function readPriceLists(client: OdooClient, questions: readonly PriceQuestion[], call: CallContext): Promise<QuotableLists> {
  const rows = questions.length === 0 ? [] : await client.read<OdooPriceListRow[]>(
    { model: 'product.pricelist', method: 'search_read', args: { domain: [], fields: ['currency_id'], order: 'sequence,id' } }, call);
  const currencies = await readCurrencies(client, rows.map((row) => row.currency_id), call);
  const lists = rows.map((row) => ({ id: row.id, currencyCode: lookUp(currencies, row.currency_id, 'currency').name }));
  return {
    byCode: (code) => lists.find(({ id }) => String(id) === code),
    fallback: (currencyCode) => lists.find((list) => list.currencyCode === currencyCode),
  };
}

async function readPartnerLists(client: OdooClient, questions: readonly PriceQuestion[], call: CallContext): Promise<ReadonlyMap<string, string>> {
  const ids = questions.flatMap(({ customerId }) => (customerId !== null && /^\d+$/.test(customerId) ? [Number(customerId)] : []));
  const rows = await readByIds<PartnerListRow>(client, 'res.partner', ids, ['property_product_pricelist'], call);
  return new Map([...rows].flatMap(([id, { property_product_pricelist: list }]) => (list === false ? [] : [[String(id), String(list[0])]])));
}
