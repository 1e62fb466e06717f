import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { manualClock } from '../../../platform/clock.ts';
import { createEngine, type Engine } from '../../../sandbox/engine/engine.ts';
import { priceOf } from '../../../sandbox/engine/prices.ts';
import { totalsOf } from '../../../sandbox/engine/order-totals.ts';
import { deliveredOf, deliveryStatusOf } from '../../../sandbox/engine/sales.ts';
import { figuresOf } from '../../../sandbox/engine/stock.ts';
import { smallCompany, startedAtMs } from './small-company.ts';

const DAY_MS = 86_400_000;
let engine: Engine;

beforeEach(() => {
  engine = createEngine({ clock: manualClock(startedAtMs), dataDir: null });
  engine.reset({ erp: smallCompany });
});

const variant = (sku: string) => engine.erp.tables.variants.first('sku', sku)!;
const figures = (sku: string, untilMs: number | null = null) => {
  const places = new Set([...engine.erp.tables.warehouses.all()].map((row) => row.stockLocationId));
  return figuresOf(engine.erp.tables, variant(sku).id, places, untilMs, engine.clock.now());
};
const order = (sku: string, quantity: string, more: object = {}): number => {
  const partyId = engine.erp.tables.parties.first('code', 'C-1')!.id;
  return (engine.execute('erp/create-order', { partyId, reference: 'R', lines: [{ variantId: variant(sku).id, quantity, ...more }] }) as { orderId: number }).orderId;
};
const confirm = (orderId: number): unknown => engine.execute('erp/confirm-order', { orderId });
const price = (list: string, sku: string, quantity: string) =>
  priceOf(engine.erp.tables, { variant: variant(sku), priceList: engine.erp.tables.priceLists.first('code', list)!, quantity, atMs: startedAtMs }).price;

describe('stock', () => {
  it('counts what lies, what is due and what is promised', () => {
    expect(figures('MUG')).toEqual({ onHand: '12.5', free: '12.5', incoming: '30', outgoing: '0', forecast: '42.5' });
    expect(figures('MUG', startedAtMs + DAY_MS).incoming).toBe('0');
    expect(figures('MUG', startedAtMs + 8 * DAY_MS).incoming).toBe('30');
  });

  it('reserves on confirmation and never refuses', () => {
    confirm(order('MUG', '999'));
    expect(figures('MUG')).toMatchObject({ onHand: '12.5', free: '2.5', outgoing: '999', forecast: '-956.5' });
  });

  it('reserves the same goods twice for callers who believed them free, as parallel confirmations do', () => {
    const ids = Array.from({ length: 8 }, () => order('MUG', '2'));
    const believedFree = { [String(variant('MUG').id)]: '10' };
    for (const orderId of ids) engine.execute('erp/confirm-order', { orderId, believedFree });
    expect(figures('MUG').free).toBe('-3.5');
  });

  it('gives arriving goods to the order that waits', () => {
    const waiting = order('TEE-S', '5');
    confirm(waiting);
    expect(figures('TEE-S').free).toBe('0');
    engine.execute('receive-goods', { sku: 'TEE-S', quantity: '4', location: 'MAIN' });
    expect(figures('TEE-S')).toMatchObject({ onHand: '7', free: '2' });
  });

  it('receives against the purchase order first and books the rest as found', () => {
    const answer = engine.execute('receive-goods', { sku: 'MUG', quantity: '35', location: 'MAIN' });
    expect(answer).toMatchObject({ received: '35', purchaseOrders: ['P00001'], found: '5', onHand: '45' });
    expect(figures('MUG').incoming).toBe('0');
  });

  it('keeps double entry: what all locations hold together is always nothing', () => {
    const step = fc.oneof(
      fc.record({ command: fc.constant('set-stock'), quantity: fc.integer({ min: -5, max: 50 }) }),
      fc.record({ command: fc.constant('receive-goods'), quantity: fc.integer({ min: 1, max: 20 }) }),
      fc.record({ command: fc.constant('sell'), quantity: fc.integer({ min: 1, max: 20 }) }),
      fc.record({ command: fc.constant('ship-order'), quantity: fc.constant(0) }),
      fc.record({ command: fc.constant('cancel-order'), quantity: fc.constant(0) }),
      fc.record({ command: fc.constant('return-order'), quantity: fc.constant(0) }),
    );
    fc.assert(fc.property(fc.array(step, { maxLength: 25 }), (steps) => {
      engine.reset({ erp: smallCompany });
      for (const { command, quantity } of steps) runStep(command, quantity);
      const { quants, moves } = engine.erp.tables;
      const mugs = [...quants.all()].filter((row) => row.variantId === variant('MUG').id);
      expect(mugs.reduce((total, row) => total + Number(row.quantity), 0)).toBe(0);
      const inside = mugs.filter((row) => engine.erp.tables.locations.get(row.locationId)!.usage === 'internal');
      const open = [...moves.all()].filter((row) => !['done', 'cancel'].includes(row.state) && inside.some((quant) => quant.locationId === row.fromLocationId && row.variantId === quant.variantId));
      expect(inside.reduce((total, row) => total + Number(row.reserved), 0)).toBe(open.reduce((total, row) => total + Number(row.quantity), 0));
    }), { numRuns: 60 });
  });
});

/** Refusals (nothing to ship, nothing to return) are part of the game: they must leave nothing behind. */
function runStep(command: string, quantity: number): void {
  const args: Record<string, object> = { 'ship-order': { order: 'R' }, 'cancel-order': { order: 'R' }, 'return-order': { order: 'R' } };
  try {
    if (command === 'sell') confirm(order('MUG', String(quantity)));
    else engine.execute(command, args[command] ?? { sku: 'MUG', quantity: String(quantity), location: 'MAIN' });
  } catch (error) {
    expect((error as Error).name).toBe('Rejection');
  }
}

describe('prices', () => {
  it('takes the first rule that fits: scope, then the largest break', () => {
    expect(price('TRADE', 'MUG', '9')).toBe('12.5');
    expect(price('TRADE', 'MUG', '10')).toBe('11.25');
    expect(price('TRADE', 'MUG', '24')).toBe('9.99');
    expect(price('TRADE', 'TEE-M', '10')).toBe('19.8');
  });

  it('computes formulas on the cost, in the currency of the list, rounded before the surcharge', () => {
    // 4 USD = 2 EUR, plus 50 % = 3.00, minus 0.01; the rule for Goods reaches Clothes below it.
    expect(price('EURO', 'MUG', '1')).toBe('2.99');
    expect(price('EURO', 'TEE-S', '1')).toBe('5.99');
  });

  it('builds on another list', () => {
    expect(price('OVER', 'MUG', '24')).toBe('10.99');
  });

  it('sets one price without moving its siblings', () => {
    engine.execute('set-price', { sku: 'TEE-S', price: '18.50' });
    expect([price('TRADE', 'TEE-S', '1'), price('TRADE', 'TEE-M', '1')]).toEqual(['18.5', '22']);
  });
});

describe('orders', () => {
  it('shows a percentage as discount and takes the tax once per order', () => {
    const id = order('MUG', '12');
    const row = engine.erp.tables.orders.get(id)!;
    expect(engine.erp.tables.orderLines.where('orderId', id)[0]).toMatchObject({ unitPrice: '12.5', discountPercent: '10' });
    expect(totalsOf(engine.erp.tables, row)).toMatchObject({ untaxed: '135', tax: '13.5', total: '148.5' });
  });

  it('still discounts a price the caller brought, as Odoo 19 does, unless the discount comes along', () => {
    const off = engine.erp.tables.orderLines.where('orderId', order('MUG', '12', { unitPrice: '1' }))[0];
    const own = engine.erp.tables.orderLines.where('orderId', order('MUG', '12', { unitPrice: '1', discountPercent: '0' }))[0];
    expect([off?.discountPercent, own?.discountPercent]).toEqual(['10', '0']);
  });

  it('ships in parts, keeps a backorder, takes goods back', () => {
    const id = order('MUG', '12');
    const { tables } = engine.erp;
    confirm(id);
    expect(engine.execute('ship-order', { order: 'R', tracking: ['1Z1', '1Z2'], lines: [{ sku: 'MUG', quantity: '4' }] })).toMatchObject({ shipment: 'MAIN/OUT/00001', tracking: '1Z1,1Z2', backorder: 'MAIN/OUT/00002' });
    expect(deliveryStatusOf(tables, tables.orders.get(id)!)).toBe('partial');
    engine.execute('return-order', { order: 'R', lines: [{ sku: 'MUG', quantity: '3' }] });
    expect(deliveredOf(tables, tables.orderLines.where('orderId', id)[0]!)).toBe('1');
    engine.execute('cancel-order', { order: 'R' });
    expect(figures('MUG')).toMatchObject({ onHand: '11.5', free: '11.5', outgoing: '0' });
  });

  it('refuses a second confirmation and a return of what was never shipped, and changes nothing', () => {
    const id = order('MUG', '2');
    confirm(id);
    const before = JSON.stringify([...engine.erp.snapshot()]);
    expect(() => confirm(id)).toThrow('Some orders are not in a state requiring confirmation.');
    expect(() => engine.execute('return-order', { order: 'R' })).toThrow('nothing that could come back');
    expect(() => engine.execute('ship-order', { order: 'R', lines: [{ sku: 'MUG', quantity: '3' }] })).toThrow('1 less of MUG open');
    expect(JSON.stringify([...engine.erp.snapshot()])).toBe(before);
  });
});
