import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compare, decimal, isPositive, sum, type Decimal } from '../../../../domain/decimal.ts';
import { deriveProgress, type OrderFacts, type ShipmentFact } from '../../../../subgraphs/orders/order-state.ts';

const quantity = fc.integer({ min: 1, max: 9 }).map((value) => decimal(value));
const sku = fc.constantFrom('A', 'B');
const skuQuantity = fc.record({ sku, quantity });
const lines = fc.array(skuQuantity, { minLength: 1, maxLength: 4 }).map((all) => all.map((line, index) => ({ ...line, lineNumber: index + 1 })));
const shipment: fc.Arbitrary<ShipmentFact> = fc.record({
  state: fc.constantFrom('PLANNED', 'SHIPPED', 'CANCELLED'),
  direction: fc.constantFrom('OUTBOUND', 'RETURN'),
  lines: fc.array(skuQuantity, { maxLength: 3 }),
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
  quantities.map((amount) => ({ state: 'SHIPPED', direction: 'OUTBOUND', lines: [{ sku: 'A', quantity: amount }] }));

describe('the state of an order', () => {
  it('never depends on the order in which facts came', () => {
    fc.assert(fc.property(facts, (known) => {
      const reversed = { ...known, shipments: known.shipments.toReversed(), lines: known.lines.toReversed() };
      expect(deriveProgress(reversed)).toEqual(deriveProgress(known));
    }));
  });

  it('never ships more than was ordered, of any line', () => {
    fc.assert(fc.property(facts, (known) => {
      const progress = deriveProgress(known);
      for (const line of known.lines) expect(compare(progress.shipped.get(line.lineNumber)!, line.quantity)).toBeLessThanOrEqual(0);
    }));
  });

  it('is SHIPPED exactly when every line is, PARTIALLY_SHIPPED exactly when some goods are', () => {
    fc.assert(fc.property(facts, (known) => {
      const { state, shipped: byLine } = deriveProgress(known);
      fc.pre(!known.cancelledHere);
      const all = known.lines.every((line) => compare(byLine.get(line.lineNumber)!, line.quantity) === 0);
      expect(state === 'SHIPPED').toBe(all);
      expect(state === 'PARTIALLY_SHIPPED').toBe(!all && isPositive(sum(byLine.values())));
    }));
  });

  it('stays CANCELLED once cancelled here', () => {
    fc.assert(fc.property(facts, (known) => {
      expect(deriveProgress({ ...known, cancelledHere: true }).state).toBe('CANCELLED');
    }));
  });

  it('only moves forward while more is shipped', () => {
    fc.assert(fc.property(facts, shipment, (known, another) => {
      const before = sum(deriveProgress(known).shipped.values());
      const after = sum(deriveProgress({ ...known, shipments: [...known.shipments, another] }).shipped.values());
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
    [{ ...fresh, erpState: 'CANCELLED' as const }, 'CANCELLED'],
    [{ ...fresh, erpState: 'CANCELLED' as const, shipments: shipped(decimal('1')) }, 'PARTIALLY_SHIPPED'],
  ])('case %#: %s', (known, state) => {
    expect(deriveProgress({ ...known, lines: [{ lineNumber: 1, sku: 'A', quantity: two }] }).state).toBe(state);
  });
});
