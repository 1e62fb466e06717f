import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decimal, type Decimal } from '../../../../domain/decimal.ts';
import type { HoldLine } from '../../../../domain/inventory.ts';
import type { CalendarDate } from '../../../../domain/time.ts';
import { routingOf, type RoutedLine } from '../../../../subgraphs/orders/placing/routing.ts';

const line = (lineNumber: number, sku: string, quantity: number, components: Record<string, number> | null = null): RoutedLine => ({
  lineNumber, sku, quantity: decimal(quantity), components: components && new Map(Object.entries(components).map(([part, amount]) => [part, decimal(amount)])),
});
const piece = (sku: string, locationCode: string, quantity: number, dueOn: string | null = null): HoldLine => ({ sku, locationCode, quantity: decimal(quantity), dueOn: dueOn as CalendarDate | null });
const brief = (lines: readonly RoutedLine[], taken: readonly HoldLine[]) =>
  routingOf(lines, taken).map(({ lineNumber, sku, locationCode, quantity, dueOn }) => [lineNumber, sku, locationCode, quantity, dueOn]);

describe('routing hints', () => {
  it('fill the lines of an article in their order, from one location after the other', () => {
    expect(brief([line(1, 'A', 3), line(2, 'B', 1), line(3, 'A', 4)], [piece('A', 'EAST', 5), piece('A', 'WEST', 2, '2030-01-01'), piece('B', 'WEST', 1)])).toEqual([
      [1, 'A', 'EAST', '3', null], [3, 'A', 'EAST', '2', null], [3, 'A', 'WEST', '2', '2030-01-01'], [2, 'B', 'WEST', '1', null],
    ]);
  });

  it('name a kit\'s components on the kit\'s line, also beside the component itself', () => {
    expect(brief([line(1, 'WHEEL', 2), line(2, 'BIKE', 1, { WHEEL: 2, FRAME: 1 })], [piece('WHEEL', 'EAST', 4), piece('FRAME', 'WEST', 1)])).toEqual([
      [1, 'WHEEL', 'EAST', '2', null], [2, 'WHEEL', 'EAST', '2', null], [2, 'FRAME', 'WEST', '1', null],
    ]);
  });

  it('give what no line is known to want to the line that must be the kit', () => {
    expect(brief([line(1, 'A', 1), line(2, 'KIT', 1)], [piece('A', 'EAST', 1), piece('PART', 'EAST', 3)])).toEqual([[1, 'A', 'EAST', '1', null], [2, 'PART', 'EAST', '3', null]]);
  });

  it('are empty where nothing was taken', () => {
    expect(routingOf([line(1, 'A', 1)], [])).toEqual([]);
  });

  const sku = fc.constantFrom('A', 'B', 'C', 'KIT');
  const quantity = fc.integer({ min: 1, max: 9 });
  const lines = fc.array(fc.tuple(sku, quantity, fc.option(fc.dictionary(fc.constantFrom('A', 'P', 'Q'), quantity, { minKeys: 1 }), { nil: null })), { minLength: 1, maxLength: 6 });
  const pieces = fc.array(fc.tuple(fc.constantFrom('A', 'B', 'C', 'KIT', 'P', 'Q'), fc.constantFrom('EAST', 'WEST'), quantity, fc.constantFrom(null, '2030-01-01')), { maxLength: 12 });

  it('have every piece that was taken in exactly one of them, and no more of an article on a line than it wants unless nobody else does', () => {
    fc.assert(fc.property(lines, pieces, (asked, took) => {
      const routed = asked.map(([wanted, amount, components], index) => line(index + 1, wanted, amount, wanted === 'KIT' ? components : null));
      const taken = took.map(([name, place, amount, due]) => piece(name, place, amount, due));
      const hints = routingOf(routed, taken);
      const key = (of: { sku: string; locationCode: string; dueOn: string | null }): string => `${of.sku} ${of.locationCode} ${of.dueOn}`;
      const sums = (rows: readonly { sku: string; locationCode: string; dueOn: string | null; quantity: Decimal }[]): Record<string, number> => {
        const result: Record<string, number> = {};
        for (const row of rows) result[key(row)] = (result[key(row)] ?? 0) + Number(row.quantity);
        return result;
      };
      expect(sums(hints)).toEqual(sums(taken));
      expect(hints.every((hint) => routed.some(({ lineNumber }) => lineNumber === hint.lineNumber) && Number(hint.quantity) > 0)).toBe(true);
      const wants = (part: string): number => routed.reduce((total, one) => total + Number(one.components ? (one.components.get(part) ?? 0) : one.sku === part ? one.quantity : 0), 0);
      for (const part of ['A', 'B', 'C', 'P', 'Q']) {
        const gone = taken.filter((row) => row.sku === part).reduce((total, row) => total + Number(row.quantity), 0);
        if (gone > wants(part)) continue;
        for (const one of routed) {
          const given = hints.filter((hint) => hint.lineNumber === one.lineNumber && hint.sku === part).reduce((total, hint) => total + Number(hint.quantity), 0);
          expect(given).toBeLessThanOrEqual(Number(one.components ? (one.components.get(part) ?? 0) : one.sku === part ? one.quantity : 0));
        }
      }
    }));
  });
});
