import type { SeedPriceList } from '../../engine/seed-types.ts';
import type { PlannedProduct } from './plan.ts';

/** Base list, wholesale with breaks, a running promotion, a euro list and one company's contract. */
export function samplePriceLists(products: readonly PlannedProduct[]): SeedPriceList[] {
  const percent = (percentOff: string, minQuantity?: string): SeedPriceList['rules'][number] => ({
    ...(minQuantity !== undefined && { minQuantity }), price: { kind: 'percentage', percentOff, base: 'listPrice' },
  });
  return [
    { code: 'BASE', name: 'Public price', currency: 'USD', rules: [percent('0')] },
    { code: 'WHOLESALE', name: 'Wholesale', currency: 'USD', rules: [percent('20'), percent('25', '10'), percent('30', '50'), percent('36.5', '200')] },
    { code: 'PROMO', name: 'Tent weeks', currency: 'USD', rules: [
      { appliesTo: { category: 'Tents & Tarps' }, from: { inDays: -7 }, to: { inDays: 21 }, price: { kind: 'percentage', percentOff: '15', base: 'listPrice' } },
      { appliesTo: { item: 'BTL-ALD' }, from: { inDays: -7 }, to: { inDays: 21 }, price: { kind: 'fixed', amount: '17.95' } },
      { appliesTo: { category: 'Lamps & Candles' }, from: { inDays: -60 }, to: { inDays: -30 }, price: { kind: 'percentage', percentOff: '50', base: 'listPrice' } },
      percent('0'),
    ] },
    { code: 'EUROPE', name: 'Europe', currency: 'EUR', rules: [{ price: { kind: 'formula', base: 'listPrice', percentOff: '-4', roundTo: '0.05', surcharge: '-0.01' } }] },
    { code: 'CONTRACT-NORDWIND', name: 'Contract Nordwind Touristik', currency: 'USD', rules: [
      ...products.filter((product) => product.type.prefix === 'HDL').slice(0, 12).map((product): SeedPriceList['rules'][number] => ({
        appliesTo: { item: product.code }, price: { kind: 'fixed', amount: `${Math.trunc(Number.parseInt(product.price, 10) * 0.7)}.50` },
      })),
      { price: { kind: 'formula', base: { priceList: 'WHOLESALE' }, percentOff: '5' } },
    ] },
  ];
}
