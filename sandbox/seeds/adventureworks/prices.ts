import type { SeedPriceList, SeedPriceRule } from '../../engine/seed-types.ts';
import { text, type Catalogue } from './catalogue.ts';
import { shifted } from './dates.ts';
import type { Tally } from './report.ts';
import type { Row, Tables } from './tables.ts';

/** List prices live on the items; here the resellers' level and the special offers become price lists. */
export function priceListsOf(tables: Tables, tally: Tally, catalogue: Catalogue, shiftDays: number): SeedPriceList[] {
  countHistory(tables, tally, catalogue);
  return [
    { code: 'LIST', name: 'List price', currency: 'USD', rules: [{ price: { kind: 'percentage', percentOff: '0', base: 'listPrice' } }] },
    // Every reseller line of the data sells at 0.60 of the list price, less its special offer.
    { code: 'RESELLER', name: 'Reseller', currency: 'USD', rules: [{ price: { kind: 'percentage', percentOff: '40', base: 'listPrice' } }] },
    { code: 'SPECIAL-OFFERS', name: 'Special offers', currency: 'USD', rules: [...offerRules(tables, tally, catalogue, shiftDays), { price: { kind: 'percentage', percentOff: '0', base: 'listPrice' } }] },
  ];
}

/** Only the price in force is kept; the ERP's item has one list price. */
function countHistory(tables: Tables, tally: Tally, catalogue: Catalogue): void {
  for (const row of tally.read('ProductListPriceHistory', tables.read('Production.ProductListPriceHistory'))) {
    const key = `${text(row, 'ProductID')}/${text(row, 'StartDate').slice(0, 10)}`;
    const current = catalogue.byId.get(text(row, 'ProductID'))?.['ListPrice'];
    if (row['EndDate'] !== undefined) tally.reject('ProductListPriceHistory', key, `ended on ${row['EndDate'].slice(0, 10)}; an ERP item holds the current list price only`);
    else if (current === undefined) tally.reject('ProductListPriceHistory', key, 'the product does not exist');
    else if (Number.parseFloat(current) !== Number.parseFloat(text(row, 'ListPrice'))) tally.reject('ProductListPriceHistory', key, `differs from Product.ListPrice ${current}, which is used`);
  }
}

function offerRules(tables: Tables, tally: Tally, catalogue: Catalogue, shiftDays: number): SeedPriceRule[] {
  const offers = new Map(tally.read('SpecialOffer', tables.read('Sales.SpecialOffer')).map((row) => [text(row, 'SpecialOfferID'), row]));
  const kept: { readonly sku: string; readonly offer: Row }[] = [];
  for (const link of tally.read('SpecialOfferProduct', tables.read('Sales.SpecialOfferProduct'))) {
    const [offerId, productId] = [text(link, 'SpecialOfferID'), text(link, 'ProductID')];
    const [offer, product] = [offers.get(offerId), catalogue.byId.get(productId)];
    if (offer === undefined || product === undefined) tally.reject('SpecialOfferProduct', `${offerId}/${productId}`, 'its offer or product does not exist');
    else if (discount(offer) === '0') tally.reject('SpecialOfferProduct', `${offerId}/${productId}`, 'belongs to the offer "No Discount"');
    else kept.push({ sku: text(product, 'ProductNumber'), offer });
  }
  for (const [id, offer] of offers) if (discount(offer) === '0') tally.reject('SpecialOffer', id, 'takes nothing off');
  const rules = kept.map(({ sku, offer }) => ruleOf(sku, offer, shiftDays));
  const closing = kept.flatMap(({ sku, offer }) => closingRule(sku, offer, kept.filter((other) => other.sku === sku).map((other) => other.offer), shiftDays));
  if (closing.length > 0) tally.note('rules added to end a volume offer at its highest quantity', closing.length);
  return [...rules, ...closing];
}

function ruleOf(sku: string, offer: Row, shiftDays: number): SeedPriceRule {
  const from = text(offer, 'MinQty');
  return {
    appliesTo: { sku }, ...(from !== '0' && { minQuantity: from }),
    from: shifted(text(offer, 'StartDate'), shiftDays), to: shifted(text(offer, 'EndDate'), shiftDays),
    price: { kind: 'percentage', percentOff: discount(offer), base: 'listPrice' },
  };
}

/** A price rule knows no highest quantity, so an offer that ends at MaxQty and has no next tier is ended by a rule of its own. */
function closingRule(sku: string, offer: Row, others: readonly Row[], shiftDays: number): SeedPriceRule[] {
  if (offer['MaxQty'] === undefined) return [];
  const next = String(Number.parseInt(offer['MaxQty'], 10) + 1);
  if (others.some((other) => other['MinQty'] === next)) return [];
  return [{ ...ruleOf(sku, offer, shiftDays), minQuantity: next, price: { kind: 'percentage', percentOff: '0', base: 'listPrice' } }];
}

/** `0.15` -> `15`. */
function discount(offer: Row): string {
  return String(Math.round(Number.parseFloat(text(offer, 'DiscountPct')) * 10_000) / 100);
}
