import type { Receipt, StockLevel } from '../../../domain/inventory.ts';
import { scaledLevel, scaledReceipt, type PlacingRules } from './placing.ts';
import { keyOfPlace } from './store-stock.ts';

/** The two kinds of rows that name a SKU, a location and perhaps a unit. */
export const STOCK_ROWS: PlacingRules<StockLevel> = { feed: 'stock', keyOf: keyOfPlace, scaled: scaledLevel };
export const RECEIPT_ROWS: PlacingRules<Receipt> = { feed: 'receipts', keyOf: ({ reference }) => reference, scaled: scaledReceipt };
