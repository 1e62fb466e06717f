import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { decimal, multiply, subtract, divide, type Decimal } from '../../domain/decimal.ts';
import type { SharedSeed } from '../../sandbox/seeds/shared-seed.ts';

/** erp/seed.json of the shared folder: what every system seeded with it must answer. */
export function readSeed(): SharedSeed | null {
  const file = join(process.env['SHARED_DIR'] ?? '../shared', 'erp', 'seed.json');
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as SharedSeed) : null;
}

export const skusOf = (seed: SharedSeed): { readonly sku: string; readonly product: SharedSeed['products'][number] }[] =>
  seed.products.flatMap((product) => product.variants.map(({ sku }) => ({ sku, product })));

export const addDaysTo = (day: string, days: number): string => new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);

/** Rules of a list are in order of precedence: the first that fits gives the price, and none means the list price. */
export function expectedPrice(seed: SharedSeed, seededOn: string, question: { readonly sku: string; readonly list: string; readonly quantity: number; readonly on: string }): Decimal {
  const found = skusOf(seed).find(({ sku }) => sku === question.sku);
  const list = seed.priceLists.find(({ code }) => code === question.list);
  if (found === undefined || list === undefined) throw new Error('not in the seed');
  const base = decimal(found.product.listPrice);
  const rule = list.rules.find((one) =>
    (one.product === undefined || one.product === question.sku)
    && (one.category === undefined || one.category === found.product.category)
    && question.quantity >= (one.minQuantity ?? 0)
    && (one.fromDay === undefined || question.on >= addDaysTo(seededOn, one.fromDay))
    && (one.toDay === undefined || question.on <= addDaysTo(seededOn, one.toDay)));
  if (rule === undefined) return base;
  if (rule.fixed !== undefined) return decimal(rule.fixed);
  return decimal(subtract(base, divide(multiply(base, decimal(rule.percentOff ?? '0')), decimal('100'))));
}
