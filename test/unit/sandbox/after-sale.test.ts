import { beforeEach, describe, expect, it } from 'vitest';
import { manualClock } from '../../../platform/clock.ts';
import { createEngine, type Engine } from '../../../sandbox/engine/engine.ts';
import { quantAt } from '../../../sandbox/engine/stock.ts';
import { smallCompany, startedAtMs } from './small-company.ts';

let engine: Engine;

beforeEach(() => {
  engine = createEngine({ clock: manualClock(startedAtMs), dataDir: null });
  engine.reset({ erp: smallCompany });
});

const tables = () => engine.erp.tables;
const variantId = (sku: string): number => tables().variants.first('sku', sku)!.id;
const place = (name: string): number => [...tables().locations.all()].find((row) => row.name === name)!.id;
const lying = (sku: string, name: string): string => quantAt(tables(), variantId(sku), place(name))?.quantity ?? '0';

function placed(...goods: readonly (readonly [sku: string, quantity: string, unitPrice: string])[]): string {
  const lines = goods.map(([sku, quantity, unitPrice]) => ({ variantId: variantId(sku), quantity, unitPrice, discountPercent: '0' }));
  const { orderId } = engine.execute('erp/create-order', { partyId: tables().parties.first('code', 'C-1')!.id, reference: 'R', lines }) as { orderId: number };
  engine.execute('erp/confirm-order', { orderId });
  return tables().orders.get(orderId)!.name;
}

describe('shipping', () => {
  it('packs what was said into parcels, and the rest waits', () => {
    const order = placed(['MUG', '5', '3'], ['TEE-S', '2', '20']);
    const packages = [{ name: 'A', lines: [{ sku: 'MUG', quantity: '2' }] }, { name: 'B', lines: [{ sku: 'MUG', quantity: '1' }, { sku: 'TEE-S', quantity: '2' }] }];
    const answer = engine.execute('ship-order', { order, packages, carrier: 'Van', tracking: ['1', '2'] }) as { shipment: string; backorder: string };
    expect(answer).toMatchObject({ carrier: 'Van', tracking: '1,2', packages: ['A', 'B'] });
    const parcels = Object.fromEntries([...tables().parcels.all()].map(({ id, name }) => [name, tables().moveLines.where('parcelId', id).map(({ quantity }) => quantity)]));
    expect(parcels).toEqual({ A: ['2'], B: ['1', '2'] });
    expect(tables().pickings.first('name', answer.backorder)).toMatchObject({ state: 'assigned', backorderOfId: tables().pickings.first('name', answer.shipment)!.id });
    expect(lying('MUG', 'Stock')).toBe('7');
  });

  it('packs no more than is open, and not beside loose lines', () => {
    const order = placed(['MUG', '2', '3']);
    expect(() => engine.execute('ship-order', { order, packages: [{ name: 'A', lines: [{ sku: 'MUG', quantity: '3' }] }] })).toThrow('1 of MUG in A is more than the transfer has open');
    expect(() => engine.execute('ship-order', { order, packages: [], lines: [] })).toThrow('Either lines or packages');
    expect(lying('MUG', 'Stock')).toBe('10');
    expect(tables().parcels.size).toBe(0);
  });

  it('prints the papers of what is to be picked', () => {
    const order = placed(['MUG', '2', '3']);
    expect(engine.execute('print-order', { order })).toMatchObject({ printed: true });
    engine.execute('ship-order', { order });
    expect(() => engine.execute('print-order', { order })).toThrow('has nothing to ship');
  });
});

describe('returns', () => {
  it.each([['restock', 'Stock'], ['scrap', 'Inventory adjustment'], ['quarantine', 'Quarantine']])('that are to %s go to %s', (disposition, name) => {
    const order = placed(['MUG', '4', '3']);
    engine.execute('ship-order', { order });
    const before = lying('MUG', name);
    engine.execute('return-order', { order, lines: [{ sku: 'MUG', quantity: '3' }], disposition });
    expect(Number(lying('MUG', name)) - Number(before)).toBe(3);
  });

  it('may be on their way only, and go nowhere unknown', () => {
    const order = placed(['MUG', '4', '3']);
    engine.execute('ship-order', { order });
    expect(() => engine.execute('return-order', { order, disposition: 'keep' })).toThrow('not "keep"');
    engine.execute('return-order', { order, expected: true });
    expect(lying('MUG', 'Stock')).toBe('6');
    expect([...tables().pickings.all()].at(-1)).toMatchObject({ kind: 'incoming', state: 'assigned' });
  });
});

describe('credit memos', () => {
  const memo = () => [...tables().creditMemos.all()].at(-1)!;
  it('give back what a person says, a penny beside, and are paid', () => {
    const order = placed(['MUG', '4', '3.33'], ['TEE-S', '1', '20']);
    expect(engine.execute('credit-order', { order, lines: [{ sku: 'MUG', quantity: '1' }], difference: '-0.01', reference: 'CM-1' })).toMatchObject({ creditMemo: 'RINV/2026/00001', total: '3.65' });
    expect(engine.execute('pay-credit-memo', { creditMemo: 'RINV/2026/00001', amount: '3' })).toMatchObject({ paid: '3' });
    expect(() => engine.execute('pay-credit-memo', { creditMemo: 'RINV/2026/00001', amount: '1' })).toThrow('0.65 are left');
    expect(engine.execute('credit-order', { order })).toMatchObject({ creditMemo: 'RINV/2026/00002', total: '36.65' });
    expect(memo()).toMatchObject({ state: 'posted', reference: null, origin: order });
  });

  it('are booked once, and never below nothing', () => {
    const partyId = tables().parties.first('code', 'C-1')!.id;
    const write = (unitPrice: string): number => (engine.execute('erp/create-credit-memo', { partyId, lines: [{ name: 'x', quantity: '1', unitPrice }] }) as { memoId: number }).memoId;
    const memoId = write('5');
    engine.execute('erp/post-credit-memo', { memoId });
    expect(() => engine.execute('erp/post-credit-memo', { memoId })).toThrow('must be in draft');
    expect(() => engine.execute('erp/post-credit-memo', { memoId: write('-5') })).toThrow('negative total');
    expect(() => engine.execute('credit-order', { order: placed(['MUG', '1', '1']), lines: [{ sku: 'TEE-S', quantity: '1' }] })).toThrow('has no line of TEE-S');
  });
});
