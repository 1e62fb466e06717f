import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { manualClock } from '../../../platform/clock.ts';
import { createEngine, type Engine } from '../../../sandbox/engine/engine.ts';
import { totalsOf } from '../../../sandbox/engine/order-totals.ts';
import { smallCompany, startedAtMs } from './small-company.ts';

let engine: Engine;
beforeEach(() => {
  engine = createEngine({ clock: manualClock(startedAtMs), dataDir: null });
  engine.reset({ erp: smallCompany });
});

const variantId = (sku: string): number => engine.erp.tables.variants.first('sku', sku)!.id;
const order = (lines: readonly object[]): number => {
  const partyId = engine.erp.tables.parties.first('code', 'C-1')!.id;
  return (engine.execute('erp/create-order', { partyId, reference: 'R', lines }) as { orderId: number }).orderId;
};
const mugs = (quantity: string): number => {
  const orderId = order([{ variantId: variantId('MUG'), quantity }]);
  engine.execute('erp/confirm-order', { orderId });
  return orderId;
};
const lineOf = (orderId: number) => engine.erp.tables.orderLines.where('orderId', orderId)[0]!;
const change = (orderId: number, quantity: string): unknown => engine.execute('erp/update-order-line', { lineId: lineOf(orderId).id, quantity });
const moves = (orderId: number) => engine.erp.tables.moves.where('orderLineId', lineOf(orderId).id).map(({ demand, quantity, state }) => [demand, quantity, state]);
const transfers = (orderId: number) => engine.erp.tables.pickings.where('orderId', orderId).map(({ kind, state }) => [kind, state]);
const print = (orderId: number): unknown => engine.execute('print-order', { order: engine.erp.tables.orders.get(orderId)!.name });

describe('lines of confirmed orders', () => {
  it('take the warehouse with them, up and down, until nothing is left', () => {
    const orderId = mugs('4');
    change(orderId, '2');
    expect(moves(orderId)).toEqual([['2', '2', 'assigned']]);
    change(orderId, '6');
    expect(moves(orderId)).toEqual([['6', '6', 'assigned']]);
    change(orderId, '0');
    expect([moves(orderId), transfers(orderId)]).toEqual([[['0', '0', 'cancel']], [['outgoing', 'cancel']]]);
    change(orderId, '1');
    expect(moves(orderId)).toEqual([['0', '0', 'cancel'], ['1', '1', 'assigned']]);
  });

  it('leave a printed transfer alone: more goes with another, less comes back', () => {
    const orderId = mugs('4');
    print(orderId);
    change(orderId, '5');
    expect(transfers(orderId)).toEqual([['outgoing', 'assigned'], ['outgoing', 'assigned']]);
    change(orderId, '2');
    expect(moves(orderId)).toEqual([['4', '4', 'assigned'], ['0', '0', 'cancel'], ['2', '2', 'assigned']]);
    expect(transfers(orderId)).toEqual([['outgoing', 'assigned'], ['outgoing', 'cancel'], ['incoming', 'assigned']]);
  });

  it('may be written with what is asked of their moves, then nothing else moves', () => {
    const orderId = mugs('4');
    const [move] = engine.erp.tables.moves.where('orderLineId', lineOf(orderId).id);
    engine.execute('erp/update-order', { orderId, wantedAtMs: null, lines: [{ lineId: lineOf(orderId).id, quantity: '1', moves: [{ moveId: move!.id, demand: '1' }] }] });
    expect(moves(orderId)).toEqual([['1', '0', 'confirmed']]);
    engine.execute('erp/assign-picking', { pickingId: move!.pickingId });
    expect(moves(orderId)).toEqual([['1', '1', 'assigned']]);
  });

  it('never ask for less than has left, and then nothing of the change is kept', () => {
    const orderId = mugs('4');
    engine.execute('ship-order', { order: 'R', lines: [{ sku: 'MUG', quantity: '3' }] });
    expect(() => engine.execute('erp/update-order', { orderId, note: 'x', lines: [{ lineId: lineOf(orderId).id, quantity: '2' }] })).toThrow('cannot be decreased below the amount already delivered');
    expect([lineOf(orderId).quantity, engine.erp.tables.orders.get(orderId)!.note]).toEqual(['4', null]);
    change(orderId, '3');
    expect(moves(orderId)).toEqual([['3', '3', 'done'], ['0', '0', 'cancel']]);
  });

  it('always have as much planned as they ask for, whatever happens to them', () => {
    const step = fc.oneof(fc.integer({ min: 0, max: 9 }).map((quantity) => ({ to: String(quantity) })), fc.constant({ print: true }));
    fc.assert(fc.property(fc.array(step, { maxLength: 8 }), (steps) => {
      engine.reset({ erp: smallCompany });
      const orderId = mugs('4');
      for (const one of steps) {
        if ('to' in one) change(orderId, one.to);
        else if (transfers(orderId).some(([kind, state]) => kind === 'outgoing' && state !== 'cancel')) print(orderId);
      }
      const { locations, moves: all } = engine.erp.tables;
      const planned = all.where('orderLineId', lineOf(orderId).id).filter(({ state }) => state !== 'cancel')
        .reduce((sum, { demand, toLocationId }) => sum + (locations.get(toLocationId)!.usage === 'customer' ? Number(demand) : -Number(demand)), 0);
      expect(planned).toBe(Number(lineOf(orderId).quantity));
    }));
  });
});

describe('somebody who picks', () => {
  it('holds what is reserved, and nothing leaves', () => {
    const orderId = mugs('4');
    expect(engine.execute('pick-order', { order: 'R' })).toMatchObject({ picked: [{ sku: 'MUG', quantity: '4' }] });
    expect(engine.erp.tables.moves.where('orderLineId', lineOf(orderId).id)).toMatchObject([{ picked: true, state: 'assigned' }]);
    expect(() => engine.execute('pick-order', { order: engine.erp.tables.orders.get(order([{ variantId: variantId('MUG'), quantity: '1' }]))!.name })).toThrow('nothing reserved');
  });
});

describe('money', () => {
  const totals = (orderId: number) => totalsOf(engine.erp.tables, engine.erp.tables.orders.get(orderId)!);
  it('is summed unrounded, then rounded once, each tax once', () => {
    const line = { variantId: variantId('MUG'), quantity: '3', unitPrice: '10.995' };
    expect(totals(order([line, line]))).toMatchObject({ untaxed: '65.97', tax: '6.6', total: '72.57' });
  });
  it('may have its taxes in it', () => {
    const { taxId } = engine.execute('erp/create-tax', { name: 'VAT', percent: '19', included: true }) as { taxId: number };
    expect(totals(order([{ variantId: variantId('MUG'), quantity: '1', unitPrice: '11.90', taxIds: [taxId] }, { variantId: variantId('MUG'), quantity: '1', unitPrice: '5', taxIds: [] }]))).toMatchObject({ untaxed: '15', tax: '1.9', total: '16.9' });
  });
  it('is not in notes', () => {
    expect(totals(order([{ variantId: null, name: 'a note', quantity: '0' }, { variantId: variantId('SETUP'), quantity: '1', unitPrice: '10' }])).total).toBe('11');
  });
});
