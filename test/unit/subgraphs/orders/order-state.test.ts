import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { add, compare, decimal, isPositive, sum, ZERO, type Decimal } from '../../../../domain/decimal.ts';
import { deriveProgress, type OrderFacts, type ShipmentFact } from '../../../../subgraphs/orders/following/order-state.ts';

const quantity = fc.integer({ min: 1, max: 9 }).map((value) => decimal(value));
const sku = fc.constantFrom('A', 'B');
const skuQuantity = fc.record({ sku, quantity });
const lines = fc.array(skuQuantity, { minLength: 1, maxLength: 4 }).map((all) => all.map((line, index) => ({ ...line, lineNumber: index + 1 })));
const shipment: fc.Arbitrary<ShipmentFact> = fc.record({
  state: fc.constantFrom('PLANNED', 'SHIPPED', 'CANCELLED'),
  direction: fc.constantFrom('OUTBOUND', 'RETURN'),
  lines: fc.array(fc.record({ sku, quantity, allocated: quantity }, { requiredKeys: ['sku', 'quantity'] }), { maxLength: 3 }),
  isBackorder: fc.boolean(),
  arrivals: fc.array(fc.boolean(), { maxLength: 2 }),
});
const facts: fc.Arbitrary<OrderFacts> = fc.record({
  cancelledHere: fc.boolean(),
  needsAttention: fc.boolean(),
  erpState: fc.constantFrom(null, 'DRAFT', 'CONFIRMED', 'CANCELLED'),
  lines,
  delivered: fc.dictionary(sku, fc.integer({ min: 0, max: 9 }).map((value) => decimal(value))),
  shipments: fc.array(shipment, { maxLength: 5 }),
});

const fresh: OrderFacts = { cancelledHere: false, needsAttention: false, erpState: null, lines: [], delivered: {}, shipments: [] };
const two = decimal('2');
const shipped = (...quantities: Decimal[]): ShipmentFact[] =>
  quantities.map((amount) => ({ state: 'SHIPPED', direction: 'OUTBOUND', lines: [{ sku: 'A', quantity: amount }], isBackorder: false, arrivals: [] }));
const arriving = (amount: string, ...arrivals: boolean[]): ShipmentFact => ({ ...shipped(decimal(amount))[0]!, arrivals });
const shippedOf = (known: OrderFacts): Decimal => sum([...deriveProgress(known).lines.values()].map((line) => line.shipped));

describe('the state of an order', () => {
  it('never depends on the order in which facts came', () => {
    fc.assert(fc.property(facts, (known) => {
      const reversed = { ...known, shipments: known.shipments.toReversed(), lines: known.lines.toReversed() };
      expect(deriveProgress(reversed)).toEqual(deriveProgress(known));
    }));
  });

  it('never ships, allocates or back-orders more than was ordered of any line, nor takes back more than was shipped', () => {
    fc.assert(fc.property(facts, (known) => {
      const progress = deriveProgress(known);
      for (const line of known.lines) {
        const { shipped: gone, allocated, backordered, returned } = progress.lines.get(line.lineNumber)!;
        expect(compare(gone, line.quantity)).toBeLessThanOrEqual(0);
        expect(compare(add(gone, allocated ?? ZERO), line.quantity)).toBeLessThanOrEqual(0);
        expect(compare(add(gone, backordered), line.quantity)).toBeLessThanOrEqual(0);
        expect(compare(returned, gone)).toBeLessThanOrEqual(0);
      }
    }));
  });

  it('is SHIPPED or DELIVERED exactly when every line is, PARTIALLY_SHIPPED exactly when some goods are', () => {
    fc.assert(fc.property(facts, (known) => {
      const { state, lines: byLine } = deriveProgress(known);
      fc.pre(!known.cancelledHere);
      const all = known.lines.every((line) => compare(byLine.get(line.lineNumber)!.shipped, line.quantity) === 0);
      expect(state === 'SHIPPED' || state === 'DELIVERED').toBe(all);
      expect(state === 'PARTIALLY_SHIPPED').toBe(!all && isPositive(shippedOf(known)));
    }));
  });

  it('is DELIVERED exactly when shipments account for all of it and every parcel that can be followed has arrived', () => {
    fc.assert(fc.property(facts, (known) => {
      const gone = known.shipments.filter(({ state, direction }) => state === 'SHIPPED' && direction === 'OUTBOUND');
      const arrivals = gone.flatMap((one) => one.arrivals);
      const { state } = deriveProgress(known);
      const { state: withoutDocument } = deriveProgress({ ...known, delivered: {} });
      const isExpected = !known.cancelledHere && ['SHIPPED', 'DELIVERED'].includes(withoutDocument) && arrivals.length > 0 && arrivals.every(Boolean);
      expect(state === 'DELIVERED').toBe(isExpected);
    }));
  });

  it('stays CANCELLED once cancelled here', () => {
    fc.assert(fc.property(facts, (known) => {
      expect(deriveProgress({ ...known, cancelledHere: true }).state).toBe('CANCELLED');
    }));
  });

  it('only moves forward while more is shipped', () => {
    fc.assert(fc.property(facts, shipment, (known, another) => {
      const before = shippedOf(known);
      const after = shippedOf({ ...known, shipments: [...known.shipments, another] });
      expect(compare(after, before)).toBeGreaterThanOrEqual(0);
    }));
  });

  it.each([
    [fresh, 'RECEIVED'],
    [{ ...fresh, needsAttention: true }, 'NEEDS_ATTENTION'],
    [{ ...fresh, erpState: 'DRAFT' as const }, 'RECEIVED'],
    [{ ...fresh, erpState: 'CONFIRMED' as const }, 'ACCEPTED_BY_ERP'],
    [{ ...fresh, erpState: 'CONFIRMED' as const, shipments: shipped(decimal('1')) }, 'PARTIALLY_SHIPPED'],
    [{ ...fresh, erpState: 'CONFIRMED' as const, shipments: shipped(decimal('1'), decimal('1')) }, 'SHIPPED'],
    [{ ...fresh, erpState: 'CONFIRMED' as const, delivered: { A: two } }, 'SHIPPED'],
    [{ ...fresh, erpState: 'CONFIRMED' as const, delivered: { A: two }, shipments: shipped(decimal('1')) }, 'SHIPPED'],
    [{ ...fresh, erpState: 'CONFIRMED' as const, shipments: [arriving('2', true, false)] }, 'SHIPPED'],
    [{ ...fresh, erpState: 'CONFIRMED' as const, shipments: [arriving('2', true, true)] }, 'DELIVERED'],
    [{ ...fresh, erpState: 'CONFIRMED' as const, shipments: [arriving('1', true), arriving('1')] }, 'DELIVERED'],
    [{ ...fresh, erpState: 'CONFIRMED' as const, shipments: [arriving('1', true)] }, 'PARTIALLY_SHIPPED'],
    [{ ...fresh, erpState: 'CONFIRMED' as const, delivered: { A: two }, shipments: [arriving('1', true)] }, 'SHIPPED'],
    [{ ...fresh, erpState: 'CANCELLED' as const }, 'CANCELLED'],
    [{ ...fresh, erpState: 'CANCELLED' as const, shipments: shipped(decimal('1')) }, 'PARTIALLY_SHIPPED'],
  ])('case %#: %s', (known, state) => {
    expect(deriveProgress({ ...known, lines: [{ lineNumber: 1, sku: 'A', quantity: two }] }).state).toBe(state);
  });
});
