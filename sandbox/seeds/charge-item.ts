import type { SeedItem } from '../engine/seed-types.ts';

/** What shipping, fees and discounts of an order are booked on: an ERP of this kind takes them as services only. Nobody buys it by itself. */
export const chargeItem = (category: string, unit: string): SeedItem => ({
  code: 'SRV-CHARGE', name: 'Charges and discounts', category, unit, kind: 'service', listPrice: '0.00', cost: '0.00', sellable: false, active: true,
  variants: [{ sku: 'SRV-CHARGE', barcode: null, options: {} }],
});
