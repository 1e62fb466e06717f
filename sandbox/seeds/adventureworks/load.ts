import type { ErpSeed, PimSeed } from '../../engine/seed-types.ts';
import { readCatalogue } from './catalogue.ts';
import { contentOf } from './content.ts';
import { customersOf } from './customers.ts';
import { itemsOf, stockOf } from './items.ts';
import { priceListsOf } from './prices.ts';
import { purchasesOf } from './purchases.ts';
import { openTally, type LoadReport } from './report.ts';
import { openTables } from './tables.ts';

export interface AdventureWorksOptions {
  /** `YYYY-MM-DD`. */
  readonly today: string;
  /** Days added to every date; absent: so many that the newest open purchase falls due 60 days after `today`. */
  readonly shiftDays?: number;
}

/**
 * Reads the AdventureWorks folder (`columns.json`, `oltp_2016dates/`, and beside them the order copies names are taken
 * from) and builds both seeds. Nothing is dropped silently: see `report`. Throws when a file is missing or malformed.
 */
export function loadAdventureWorks(folder: string, { today, shiftDays: given }: AdventureWorksOptions): { erp: ErpSeed; pim: PimSeed; report: LoadReport } {
  const tables = openTables(folder);
  const tally = openTally();
  const catalogue = readCatalogue(tables, tally);
  const { stock, locations, firstLocation } = stockOf(tables, tally, catalogue);
  const { purchaseOrders, vendors, shiftDays } = purchasesOf(tables, tally, catalogue, firstLocation, today, given);
  const priceLists = priceListsOf(tables, tally, catalogue, shiftDays);
  const { customers, countries } = customersOf(tables, tally);
  tally.note('days added to every date', shiftDays);
  tally.note('tables left unread, as a seed has no place for them', tables.unread().join(' '));
  const erp: ErpSeed = {
    company: { name: 'Adventure Works Cycles', currency: 'USD', country: 'US' },
    currencies: [{ code: 'USD', name: 'US Dollar', symbol: '$', perCompanyCurrency: '1' }],
    countries, taxPercent: '0', paymentTerm: { name: '30 days', days: 30 },
    ...itemsOf(catalogue), locations, stock, vendors, purchaseOrders, priceLists, customers,
  };
  return { erp, pim: contentOf(catalogue), report: tally.report() };
}
