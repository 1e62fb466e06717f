import type { Capabilities, List, Page, PageRequest, PricePort } from '../../domain/connector.ts';
import { decimal } from '../../domain/decimal.ts';
import { money } from '../../domain/money.ts';
import type { OwnedPort, PortSource } from '../../domain/ports.ts';
import type { ListPrice, PriceList, PriceRule } from '../../domain/pricing.ts';
import { instant, type Instant } from '../../domain/time.ts';
import { skuOf } from './generated-erp.ts';

const CAPABILITIES: Capabilities = {
  liveStock: false, nativeAtp: false, stockByLocation: false, trackingNumbers: false, serverPrice: false, delta: ['priceRules'], changes: 'none',
  maxBatch: { page: 5_000, stock: 1, price: 1 }, maxConcurrency: 4,
};

/** Of each negotiated SKU: any quantity, from 10, from 100, and from 10 this year, which the next rule of the same place follows. */
const BREAKS = [
  { minQuantity: null, validFrom: null, validUntil: null, percent: 90 },
  { minQuantity: decimal('10'), validFrom: null, validUntil: instant('2026-01-01'), percent: 85 },
  { minQuantity: decimal('10'), validFrom: instant('2026-01-01'), validUntil: null, percent: 84 },
  { minQuantity: decimal('100'), validFrom: null, validUntil: null, percent: 75 },
] as const;
export const RULES_PER_SKU = BREAKS.length;
export const BENCH_INSTANT: Instant = instant('2026-11-21T08:00:00Z');

export interface PriceHouseSize {
  readonly skus: number;
  readonly accounts: number;
  /** Negotiated SKUs of each account; the accounts' choices differ. */
  readonly negotiated: number;
}

export const listCodeOf = (account: number): string => `CONTRACT-${String(account).padStart(4, '0')}`;

/** The `index`-th SKU an account has negotiated; each has other ones. */
export const negotiatedSku = ({ skus, negotiated }: PriceHouseSize, account: number, index: number): number =>
  (account * 7_919 + index * Math.max(1, Math.floor(skus / negotiated))) % skus;

const cents = (index: number): number => 1_000 + ((index * 37) % 90_000);
const inMoney = (value: number): string => (value / 100).toFixed(2);

/** What one piece costs an account that has negotiated it, by arithmetic of its own. */
export const negotiatedPrice = (size: PriceHouseSize, account: number, index: number): string =>
  inMoney(Math.floor((cents(negotiatedSku(size, account, index)) * (BREAKS[0].percent - (account % 10))) / 100));

/** An ERP that makes its prices up as they are asked for, so that what is measured is who reads them. */
export function generatedPrices(size: PriceHouseSize): PortSource {
  const perAccount = size.negotiated * RULES_PER_SKU;
  const ruleOf = (row: number): PriceRule => {
    const account = Math.floor(row / perAccount);
    const index = Math.floor((row % perAccount) / RULES_PER_SKU);
    const { percent, ...window } = BREAKS[row % RULES_PER_SKU]!;
    const sku = negotiatedSku(size, account, index);
    return {
      reference: `${listCodeOf(account)}/${row % perAccount}`, priceListCode: listCodeOf(account), precedence: window.minQuantity === null ? '9' : window.minQuantity === '100' ? '1' : '5',
      target: { kind: 'SKU', sku: skuOf(sku) }, ...window, unitCode: null,
      formula: { kind: 'FIXED', amount: decimal(inMoney(Math.floor((cents(sku) * (percent - (account % 10))) / 100))) }, updatedAt: null,
    };
  };
  const port: PricePort = {
    listPrices: pages(size.skus, priceOf), listPriceLists: pages(size.accounts, listOf), listPriceRules: pages(size.accounts * perAccount, ruleOf),
  };
  const owned = { source: 'erp', vendor: 'generated', capabilities: CAPABILITIES, port };
  return { port: (name) => (name === 'prices' ? (owned as unknown as OwnedPort<typeof name>) : null) };
}

const priceOf = (index: number): ListPrice => ({
  sku: skuOf(index), reference: `product-${index}`, price: money(decimal(inMoney(cents(index))), 'EUR'), cost: money(decimal(inMoney(Math.floor(cents(index) / 2))), 'EUR'),
  groupCode: `G${index % 500}`, categoryCodes: [`C${index % 50}`, 'C'], unitCode: 'PCE', units: [], taxCodes: ['VAT'], updatedAt: null,
});

const listOf = (account: number): PriceList => ({
  code: listCodeOf(account), name: `Contract of ${account}`, currencyCode: 'EUR', roundingMode: 'HALF_UP', roundingDigits: 2, roundingPlace: 'UNIT', taxIncluded: false, active: true, updatedAt: null,
});

const pages = <T>(total: number, recordOf: (row: number) => T): List<T> => async ({ cursor, limit }: PageRequest): Promise<Page<T>> => {
  const from = Number(cursor ?? 0);
  const to = Math.min(total, from + limit);
  return { records: Array.from({ length: to - from }, (_, offset) => recordOf(from + offset)), rejected: [], next: to < total ? String(to) : null, watermark: null, total };
};
