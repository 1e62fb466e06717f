import type { ErpSeed, SeedPurchaseOrder } from '../../engine/seed-types.ts';
import { chanceOf } from '../random.ts';
import type { PlannedProduct } from './plan.ts';
import { kitSkus } from './promises.ts';

/** Three warehouses, every kind of stock figure: nothing, the last one, plenty, half kilograms, one negative. */

export const warehouses = [
  { code: 'MAIN', name: 'Main warehouse' }, { code: 'EAST', name: 'East warehouse' }, { code: 'WEST', name: 'West warehouse' },
] as const;

const goods = (products: readonly PlannedProduct[]): { sku: string; byWeight: boolean; cost: string }[] =>
  products.filter((product) => product.enabled && !kitSkus.has(product.code)).flatMap((product) =>
    product.variants.map(({ sku }) => ({ sku, byWeight: product.type.family === 'food', cost: product.cost })));

export function sampleStock(products: readonly PlannedProduct[]): ErpSeed['stock'] {
  const rows = goods(products).flatMap(({ sku, byWeight }) => {
    const chance = chanceOf(`stock:${sku}`);
    const soldOut = chance.next() < 0.06;
    return warehouses.flatMap(({ code }) => {
      const onHand = soldOut ? '0' : byWeight ? `${chance.between(2, 180)}.${chance.between(0, 999).toString().padStart(3, '0')}` : pieces(chance.next(), chance.between(3, 60));
      return code === 'MAIN' || onHand !== '0' ? [{ sku, location: code, onHand }] : [];
    });
  });
  return [...rows.filter(({ sku }) => sku !== 'ODD-NOGTIN'), { sku: 'ODD-NOGTIN', location: 'MAIN', onHand: '-3' }, { sku: 'REP-KIT', location: 'MAIN', onHand: '25' }];
}

function pieces(luck: number, usual: number): string {
  if (luck < 0.18) return '0';
  if (luck < 0.26) return '1';
  return String(luck > 0.95 ? usual * 60 : usual);
}

/** Forty open orders of six vendors; every tenth line is late, some arrived in part. */
export function samplePurchaseOrders(products: readonly PlannedProduct[]): SeedPurchaseOrder[] {
  const all = goods(products);
  return Array.from({ length: 40 }, (_, index): SeedPurchaseOrder => {
    const chance = chanceOf(`purchase:${index}`);
    const lines = chance.some(all, chance.between(2, 6)).map(({ sku, cost }, position) => {
      const quantity = chance.between(10, 120);
      const late = (index + position) % 10 === 0;
      return {
        sku, location: chance.pick(warehouses).code, quantity: String(quantity), unitPrice: cost,
        received: chance.next() < 0.2 ? String(Math.floor(quantity / 3)) : '0',
        due: { inDays: late ? -chance.between(1, 12) : chance.between(1, 75) },
      };
    });
    return { reference: `PO-${String(2001 + index)}`, vendor: `V${String(1 + (index % vendors.length)).padStart(2, '0')}`, lines };
  });
}

export const vendors: ErpSeed['vendors'] = ['Havn Textil AS', 'Ostwerk Metallbau GmbH', 'Atelier du Lac SARL', 'Porto Malhas Lda', 'Cascade Components Inc', 'Finca La Niebla']
  .map((name, index) => ({ code: `V${String(index + 1).padStart(2, '0')}`, name, email: `orders${index + 1}@vendor.example` }));
