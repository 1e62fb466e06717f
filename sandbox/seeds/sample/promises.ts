import type { ErpSeed, SeedKit, SeedOrder, SeedPurchaseOrder } from '../../engine/seed-types.ts';

/*
 * What makes a promise more than a subtraction: two kits that share components, items sold by the box, and lanterns of
 * which a customer wants most in ten days, not reserved yet, while more arrive in twenty.
 */

export const kits: readonly SeedKit[] = [
  { sku: 'SET-CAMP', components: [{ sku: 'STV-ALD', quantity: '1' }, { sku: 'POT-ALD', quantity: '1' }, { sku: 'MUG/ENA 01', quantity: '4' }] },
  { sku: 'SET-COFFEE', components: [{ sku: 'STV-ALD', quantity: '1' }, { sku: 'MUG/ENA 01', quantity: '2' }] },
];

/** Have no stock of their own. */
export const kitSkus: ReadonlySet<string> = new Set(kits.map((kit) => kit.sku));

export const boxOfTwelve: ErpSeed['units'][number] = { code: 'box', name: 'BOX', rounding: '1', of: { unit: 'unit', factor: '12' } };

/** Item codes. */
export const soldByBox: ReadonlySet<string> = new Set(['ODD-NOGTIN', 'MUG/ENA 01']);

const LANTERN = 'LNT-ROW';

export const lanternsForTheSeason: SeedOrder = {
  reference: 'SEASON-1', customer: 'C1001', location: 'MAIN', due: { inDays: 10 }, reserved: false,
  lines: [{ sku: LANTERN, quantity: '40' }],
};

export const restockOfLanterns: SeedPurchaseOrder = {
  reference: 'PO-2041', vendor: 'V01', lines: [{ sku: LANTERN, location: 'MAIN', quantity: '60', unitPrice: '18.00', due: { inDays: 20 } }],
};
