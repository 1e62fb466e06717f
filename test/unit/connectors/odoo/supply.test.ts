import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Boms } from '../../../../connectors/odoo/boms.ts';
import { uncoveredDemand } from '../../../../connectors/odoo/demand.ts';
import { recipesOf } from '../../../../connectors/odoo/recipe.ts';
import { unitFactor, unitsBeside } from '../../../../connectors/odoo/units.ts';
import type { OdooBomLineRow, OdooBomRow, OdooKitProductRow, OdooUnitRow } from '../../../../connectors/odoo/wire.ts';
import { decimal, ZERO } from '../../../../domain/decimal.ts';

describe('demand', () => {
  const day = fc.integer({ min: 1, max: 5 });
  it('is covered by what is reserved, the earliest first; in sum no less than reserved, nor than asked for', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 30 }), fc.integer({ min: 0, max: 15 }), fc.array(fc.record({ day, quantity: fc.integer({ min: 1, max: 9 }) }), { maxLength: 6 }), (reserved, due, later) => {
      const issues = uncoveredDemand({
        reserved_quantity: decimal(reserved), due_quantity: decimal(due), later_demand: later.map((one) => ({ date: `2026-05-0${one.day}` as never, quantity: decimal(one.quantity) })),
      });
      const allocated = Math.max(reserved, due);
      // What is owed by a day, now or by then, is what is asked for by it, or all that is reserved.
      for (let until = 1; until <= 5; until += 1) {
        const asked = due + later.filter((one) => one.day <= until).reduce((total, one) => total + one.quantity, 0);
        const owed = allocated + issues.filter(({ date }) => date <= `2026-05-0${until}`).reduce((total, { quantity }) => total + Number(quantity), 0);
        expect(owed).toBe(Math.max(reserved, asked));
      }
      expect(issues.map(({ date }) => date)).toEqual([...new Set(issues.map(({ date }) => date))].sort());
      expect(issues.every(({ quantity }) => Number(quantity) > 0)).toBe(true);
    }));
  });
  it('of none is none', () => expect(uncoveredDemand({ reserved_quantity: decimal(3), due_quantity: ZERO, later_demand: [] })).toEqual([]));
});

const unit19 = (id: number, name: string, factor: number, parent_path: string): OdooUnitRow => ({ id, name, rounding: 0.01, active: true, factor, parent_path });
const unit17 = (id: number, name: string, times: number, category: number): OdooUnitRow => ({ id, name, rounding: 0.01, active: true, factor: 1 / times, factor_inv: times, category_id: [category, 'Unit'] });
const UNITS = new Map([unit19(1, 'Units', 1, '1/'), unit19(2, 'BOX', 12, '1/2/'), unit19(3, 'kg', 1000, '4/3/'), unit19(4, 'g', 1, '4/')].map((unit) => [unit.id, unit]));

describe('units', () => {
  it('are packagings from 19 on, as far as they share a reference unit', () => {
    expect(unitsBeside(UNITS.get(1)!, [2, 3], UNITS)).toEqual([{ code: 'BOX', factor: '12' }]);
    expect(unitFactor(UNITS.get(4)!, UNITS.get(3)!)).toBe('0.001');
  });
  it('are the category until 18, where the factor is the reverse', () => {
    const units = new Map([unit17(1, 'Units', 1, 1), unit17(2, 'Dozens', 12, 1), unit17(3, 'kg', 1, 2)].map((unit) => [unit.id, unit]));
    expect(unitsBeside(units.get(1)!, undefined, units)).toEqual([{ code: 'Dozens', factor: '12' }]);
    expect(unitFactor(units.get(1)!, units.get(2)!)).toBe('0.083333333333');
    expect(() => unitFactor(units.get(1)!, units.get(3)!)).toThrow('unit "Units" cannot be converted to "kg"');
  });
});

describe('recipes', () => {
  const product = (id: number, code: string | false, rest: Partial<OdooKitProductRow> = {}): OdooKitProductRow => ({
    id, default_code: code, product_tmpl_id: [id, ''], type: 'consu', is_storable: true, active: true, uom_id: [1, 'Units'], product_template_attribute_value_ids: [], ...rest,
  });
  const bom = (id: number, template: number, rest: Partial<OdooBomRow> = {}): OdooBomRow => ({ id, product_tmpl_id: [template, ''], product_id: false, product_qty: 1, product_uom_id: [1, 'Units'], sequence: 1, ...rest });
  const line = (bomId: number, productId: number, quantity: number, rest: Partial<OdooBomLineRow> = {}): OdooBomLineRow => ({
    id: bomId * 100 + productId, bom_id: [bomId, ''], product_id: [productId, ''], product_qty: quantity, product_uom_id: [1, 'Units'], bom_product_template_attribute_value_ids: [], ...rest,
  });
  const kitchen = (products: OdooKitProductRow[], boms: OdooBomRow[], lines: OdooBomLineRow[], sharedSkus: string[] = []) => ({
    boms: {
      byTemplate: Map.groupBy(boms, (one) => (one.product_tmpl_id as [number, string])[0]), linesByBom: Map.groupBy(lines, (one) => (one.bom_id as [number, string])[0]),
      products: new Map(products.map((one) => [one.id, one])), attributeByValue: new Map([[71, 7], [72, 7], [81, 8]]),
    } satisfies Boms,
    units: UNITS, sharedSkus: new Set(sharedSkus),
  });
  const [kit, cup, coffee, gift] = [product(10, 'KIT'), product(11, 'CUP'), product(12, 'COFFEE', { uom_id: [3, 'kg'] }), product(13, 'GIFT')];
  const recipe = (...given: Parameters<typeof kitchen>) => recipesOf([kit], kitchen(...given)).get(10);

  it('multiply through nested kits and units', () => {
    expect(recipe([cup, coffee, gift], [bom(1, 10, { product_qty: 2 }), bom(2, 13)], [
      line(1, 13, 4), line(1, 11, 1, { product_uom_id: [2, 'BOX'] }), line(2, 11, 3), line(2, 12, 250, { product_uom_id: [4, 'g'] }),
    ])).toEqual({ components: [{ sku: 'CUP', quantity: '12' }, { sku: 'COFFEE', quantity: '0.5' }] });
  });
  it('take the bill Odoo takes, and the lines of the variant', () => {
    const own = product(10, 'KIT', { product_template_attribute_value_ids: [71] });
    const around = kitchen([cup, gift], [bom(2, 10, { product_id: [10, ''] }), bom(1, 10)], [
      line(2, 11, 1, { bom_product_template_attribute_value_ids: [71, 72] }), line(2, 13, 1, { bom_product_template_attribute_value_ids: [71, 81] }), line(1, 13, 9),
    ]);
    expect(recipesOf([own], around).get(10)).toEqual({ components: [{ sku: 'CUP', quantity: '1' }] });
  });
  it.each([
    ['itself', [product(10, 'KIT'), gift], [bom(1, 10), bom(2, 13)], [line(1, 13, 1), line(2, 10, 1)], 'it is a component of itself: product.product:10 > product.product:13 > product.product:10'],
    ['a product without SKU', [product(11, false)], [bom(1, 10)], [line(1, 11, 1)], 'its component product.product:11 has no default_code'],
    ['services alone', [product(11, 'CUP', { type: 'service', is_storable: false })], [bom(1, 10)], [line(1, 11, 1)], 'nothing it is made of is kept in stock'],
    ['another kind of unit', [cup], [bom(1, 10)], [line(1, 11, 1, { product_uom_id: [4, 'g'] })], 'unit "g" cannot be converted to "Units"'],
    ['nothing made', [cup], [bom(1, 10, { product_qty: 0 })], [line(1, 11, 1)], 'its bill of materials makes 0'],
  ])('of %s are refused with the reason', (_what, products, boms, lines, reason) => expect(recipe(products, boms, lines)).toEqual({ reason }));
  it('of a SKU several products carry are refused', () => {
    expect(recipe([cup], [bom(1, 10)], [line(1, 11, 1)], ['CUP'])).toEqual({ reason: 'several products carry the default_code of its component "CUP"' });
  });
  it('of a third, three times, are no more than the whole', () => {
    expect(recipe([cup], [bom(1, 10, { product_qty: 3 })], [line(1, 11, 2)])).toEqual({ components: [{ sku: 'CUP', quantity: '0.666666666666' }] });
  });
});
