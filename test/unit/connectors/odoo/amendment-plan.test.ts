import { describe, expect, it } from 'vitest';
import { planAmendment, type AmendmentPlan } from '../../../../connectors/odoo/amendment-plan.ts';
import { progressOf, type DocumentLine, type DocumentMove, type DocumentPicking, type OrderDocument } from '../../../../connectors/odoo/order-document.ts';
import { decimal } from '../../../../domain/decimal.ts';

const UNIT = [1, 'Units'] as const;
const picking = (id: number, over: Partial<DocumentPicking> = {}): DocumentPicking => ({
  id, name: `OUT/${id}`, state: 'assigned', partner_id: [50, 'Dock'], picking_type_id: [2, ''], picking_type_code: 'outgoing', location_id: [5, ''], location_dest_id: [6, ''],
  printed: false, scheduled_date: '2026-11-21 10:00:00', origin: 'S1', ...over,
});
const move = (id: number, demand: number, over: Partial<DocumentMove> = {}): DocumentMove => ({
  id, sale_line_id: [1, ''], product_id: [7, ''], product_uom: UNIT, product_uom_qty: demand, quantity: demand, picked: false, state: 'assigned', picking_id: [100, ''], ...over,
});
const line = (over: Partial<DocumentLine> = {}): DocumentLine => ({
  id: 1, sequence: 1, lineNumber: 1, sku: 'A', product_id: [7, ''], product_uom_qty: 5, qty_delivered: 0, price_unit: 17.01, discount: 10, unit: UNIT, moves: [move(11, 5)], ...over,
});
const document = (lines: readonly DocumentLine[] = [line()], pickings: readonly DocumentPicking[] = [picking(100)], order: Partial<OrderDocument['order']> = {}): OrderDocument => ({
  order: { id: 9, name: 'S1', state: 'sale', partner_id: [3, ''], partner_shipping_id: [50, 'Dock'], commitment_date: false, date_order: '2026-11-21 09:00:00', ...order }, lines, pickings: new Map(pickings.map((row) => [row.id, row])),
});
const to = (quantity: string, sku = 'A', lineNumber = 1) => ({ lines: [{ lineNumber, sku, quantity: decimal(quantity) }] });
const plan = (given: OrderDocument, wanted: Parameters<typeof planAmendment>[1]) => planAmendment(given, wanted, new Map());
const valuesOf = (found: AmendmentPlan, addressId: number | null = null) => (found.kind === 'WRITE' ? found.values(addressId) : found);
const movesIn = (found: AmendmentPlan) => (valuesOf(found) as { order_line: [1, number, { move_ids?: unknown }][] }).order_line[0]![2].move_ids;

describe('the plan of a change', () => {
  it('writes line and demand together, price and discount as they are', () => {
    expect(valuesOf(plan(document(), to('2')))).toEqual({ order_line: [[1, 1, { product_uom_qty: 2, price_unit: 17.01, discount: 10, move_ids: [[1, 11, { product_uom_qty: 2 }]] }]] });
  });
  it('takes from the last backorder first, and gives to it', () => {
    const parts = [line({ product_uom_qty: 9, qty_delivered: 2, moves: [move(10, 2, { state: 'done' }), move(11, 3), move(12, 4)] })];
    expect(movesIn(plan(document(parts), to('4')))).toEqual([[1, 12, { product_uom_qty: 0 }], [1, 11, { product_uom_qty: 2 }]]);
    expect(movesIn(plan(document(parts), to('10')))).toEqual([[1, 12, { product_uom_qty: 5 }]]);
    expect(plan(document(parts), to('1'))).toMatchObject({ kind: 'REFUSED', reason: 'SHIPPED', detail: '2 of A have left' });
  });
  it('leaves kits, steps and lines without open moves to Odoo, unless it would mix up addresses', () => {
    const kit = [line({ moves: [move(11, 10, { product_id: [8, ''] })] })];
    const steps = [line({ moves: [move(11, 5, { move_orig_ids: [4] })] })];
    const back = [line({ product_uom_qty: 0, moves: [move(11, 0, { state: 'cancel' })] })];
    for (const lines of [kit, steps, back]) {
      expect(movesIn(plan(document(lines), to('3')))).toBeUndefined();
      expect(plan(document(lines, [picking(100), picking(101, { partner_id: [51, ''] })]), to('3'))).toMatchObject({ kind: 'REFUSED', reason: 'OTHER' });
    }
  });
  it('moves address and day of what goes to the order\'s address; of the rest the day only', () => {
    const there = [picking(100), picking(101, { partner_id: [51, ''] }), picking(102, { state: 'done' })];
    const found = plan(document([line()], there), { lines: [], addressId: null, requestedOn: '2026-12-24' });
    expect(valuesOf(found, 60)).toEqual({
      partner_shipping_id: 60, commitment_date: '2026-12-24 12:00:00',
      picking_ids: [[1, 100, { partner_id: 60, scheduled_date: '2026-12-24 12:00:00' }], [1, 101, { scheduled_date: '2026-12-24 12:00:00' }]],
    });
  });
  it('is done where nothing differs, whoever picks', () => {
    const picked = document([line({ moves: [move(11, 5, { picked: true })] })], [picking(100)], { commitment_date: '2026-12-24 12:00:00' });
    expect(plan(picked, { ...to('5'), addressId: 50, requestedOn: '2026-12-24' })).toEqual({ kind: 'DONE' });
    expect(plan(picked, to('4'))).toMatchObject({ reason: 'PICKING_STARTED', detail: 'OUT/100 is being picked' });
    expect(plan(picked, { lines: [], requestedOn: null })).toMatchObject({ reason: 'PICKING_STARTED' });
  });
  it('finds the only line of a SKU where somebody renumbered, and none of two', () => {
    expect(plan(document([line({ lineNumber: 3 })]), to('5')).kind).toBe('DONE');
    expect(plan(document([line({ lineNumber: null }), line({ id: 2, lineNumber: null })]), to('5'))).toMatchObject({ kind: 'REFUSED', reason: 'OTHER' });
  });
});

describe('picking', () => {
  it('has begun with what is picked, counted (until 16) or printed', () => {
    expect(progressOf(document()).started).toBe(false);
    expect(progressOf(document([line({ moves: [move(11, 5, { picked: true, quantity: 3 })] })]))).toEqual({ started: true, detail: 'OUT/100 is being picked', lines: [{ sku: 'A', picked: '3', shipped: '0' }] });
    const { picked: _no, quantity: _none, ...old } = move(11, 5, { quantity_done: 2 });
    expect(progressOf(document([line({ moves: [old] })]))).toMatchObject({ started: true, lines: [{ picked: '2' }] });
    expect(progressOf(document([line()], [picking(100, { printed: true })]))).toMatchObject({ started: true, detail: 'OUT/100 is printed for picking', lines: [{ picked: '0' }] });
  });
});
