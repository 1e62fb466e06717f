import { isZero, negate, ZERO } from '../../domain/decimal.ts';
import type { PriceBase, PriceFormula, PriceRule, PriceTarget } from '../../domain/pricing.ts';
import { addMs, type Instant } from '../../domain/time.ts';
import { converter, mapEntity } from '../../platform/mapping.ts';
import { decimalOf, idOf, idText, instantOf, lookUp, optionalInstant, reference, textOf, utcInstant } from './convert.ts';
import type { OdooDatetime, OdooPriceRuleRow, OdooText } from './wire.ts';

export interface RuleGiven {
  readonly skus: ReadonlyMap<number, OdooText>;
  /** Of each category itself and those above it. */
  readonly lineage: ReadonlyMap<number, readonly string[]>;
}

type TargetColumns = Pick<OdooPriceRuleRow, 'applied_on' | 'product_id' | 'product_tmpl_id' | 'categ_id'>;

function targetOf(row: TargetColumns, { skus }: RuleGiven): PriceTarget {
  switch (row.applied_on) {
    case '0_product_variant':
      return { kind: 'SKU', sku: textOf(lookUp(skus, row.product_id, 'product')) };
    case '1_product':
      return { kind: 'GROUP', groupCode: String(idOf(row.product_tmpl_id)) };
    case '2_product_category':
      return { kind: 'CATEGORY', categoryCode: String(idOf(row.categ_id)) };
    case '3_global':
      return { kind: 'ALL' };
    default:
      throw new RangeError(`unknown target (${JSON.stringify(row.applied_on)})`);
  }
}

function baseOf(row: Pick<OdooPriceRuleRow, 'base' | 'base_pricelist_id'>): PriceBase {
  if (row.base === 'standard_price') return { kind: 'COST' };
  if (row.base === 'pricelist' && row.base_pricelist_id !== false) return { kind: 'PRICE_LIST', code: String(idOf(row.base_pricelist_id)) };
  if (row.base === 'list_price' || row.base === 'pricelist' || !row.base) return { kind: 'LIST' };
  throw new RangeError(`unknown base (${JSON.stringify(row.base)})`);
}

const FORMULA_COLUMNS = [
  'compute_price', 'fixed_price', 'percent_price', 'base', 'base_pricelist_id', 'price_discount', 'price_markup', 'price_surcharge',
  'price_round', 'price_min_margin', 'price_max_margin',
] as const;
type FormulaColumns = Pick<OdooPriceRuleRow, (typeof FORMULA_COLUMNS)[number]>;

/** Zero switches each of these off in Odoo (`if self.price_round:` in product_pricelist_item.py). */
const unlessZero = (value: number) => (value === 0 ? null : decimalOf(value));

function formulaOf(row: FormulaColumns): PriceFormula {
  switch (row.compute_price) {
    case 'fixed':
      return { kind: 'FIXED', amount: decimalOf(row.fixed_price) };
    case 'percentage':
      return { kind: 'PERCENT_OFF', percent: decimalOf(row.percent_price), base: baseOf(row) };
    case 'formula': {
      // Over the cost, 18 and later mark up and ignore the discount.
      const marksUp = row.base === 'standard_price' && row.price_markup !== undefined;
      const percentOff = marksUp ? negate(decimalOf(row.price_markup)) : decimalOf(row.price_discount);
      return {
        kind: 'FORMULA',
        base: baseOf(row),
        percentOff: isZero(percentOff) ? ZERO : percentOff,
        surcharge: decimalOf(row.price_surcharge),
        roundTo: unlessZero(row.price_round),
        minMargin: unlessZero(row.price_min_margin),
        maxMargin: unlessZero(row.price_max_margin),
      };
    }
    default:
      throw new RangeError(`unknown computation (${JSON.stringify(row.compute_price)})`);
  }
}

/** Descending order as ascending text: subtract from something larger than any quantity or id. */
const descending = (value: number, digits: number): string => (10 ** digits - value).toFixed(6).padStart(digits + 8, '0');

/**
 * `_order = "applied_on, min_quantity desc, categ_id desc, id desc"`: the first that fits wins. A category sorts by its complete
 * name ("All / Tools" after "All"), not by its id: of those one product is in, the deepest comes first.
 */
function precedenceOf(row: Pick<OdooPriceRuleRow, 'applied_on' | 'min_quantity' | 'categ_id' | 'id'>, { lineage }: RuleGiven): string {
  const depth = row.categ_id === false ? 0 : (lineage.get(row.categ_id[0])?.length ?? 0);
  return [row.applied_on, descending(row.min_quantity, 9), descending(depth, 3), descending(row.id, 9)].join('|');
}

/** Odoo's last instant belongs to the window, and its clock ticks in seconds. */
const endOfWindow = (value: OdooDatetime): Instant | null => (value === false ? null : addMs(instantOf(value), 1_000));

/** product.pricelist.item -> PriceRule */
export const ruleMap = mapEntity<OdooPriceRuleRow, PriceRule, RuleGiven>('PriceRule', ({ from, merge, constant }) => ({
  reference: from('id', idText),
  priceListCode: from('pricelist_id', reference),
  precedence: merge(['applied_on', 'min_quantity', 'categ_id', 'id'], converter('Odoo\'s own order as text, a category by its depth', precedenceOf)),
  target: merge(['applied_on', 'product_id', 'product_tmpl_id', 'categ_id'], converter('SKU, GROUP, CATEGORY or ALL', targetOf)),
  minQuantity: from('min_quantity', converter('decimal, 0 = any', (quantity: number) => (quantity > 0 ? decimalOf(quantity) : null))),
  unitCode: constant(null),
  validFrom: from('date_start', optionalInstant),
  validUntil: from('date_end', converter('instant, the last second included', endOfWindow)),
  formula: merge([...FORMULA_COLUMNS], converter('FIXED, PERCENT_OFF or FORMULA', formulaOf)),
  updatedAt: from('write_date', utcInstant),
}));
