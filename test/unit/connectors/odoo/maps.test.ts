import { describe, expect, it } from 'vitest';
import { decimalOf, instantOf, datetimeOf } from '../../../../connectors/odoo/convert.ts';
import { receiptMap } from '../../../../connectors/odoo/receipt.map.ts';
import { ruleMap } from '../../../../connectors/odoo/rule.map.ts';
import { trackingOf } from '../../../../connectors/odoo/tracking.ts';
import type { OdooMoveRow, OdooPriceRuleRow, OdooText } from '../../../../connectors/odoo/wire.ts';
import { changePort } from '../../../../connectors/odoo/changes.ts';

const rule: OdooPriceRuleRow = {
  id: 3, write_date: '2026-11-21 07:09:44', pricelist_id: [2, 'Wholesale'], applied_on: '3_global', product_id: false, product_tmpl_id: false, categ_id: false,
  min_quantity: 0, date_start: false, date_end: false, compute_price: 'formula', fixed_price: 0, percent_price: 0, base: 'list_price', base_pricelist_id: false,
  price_discount: 12.5, price_markup: 0, price_surcharge: -0.01, price_round: 0.05, price_min_margin: 0, price_max_margin: 0,
};
/** Category 3 lies below 9. */
const given = { skus: new Map<number, OdooText>([[7, 'TEE'], [8, false]]), lineage: new Map([[3, ['3', '9']], [9, ['9']]]) };
const formulaOf = (over: Partial<OdooPriceRuleRow>) => ruleMap.map({ ...rule, ...over }, given).formula;

describe('price rules', () => {
  it('keep the formula part by part, with zero meaning "off"', () => {
    expect(formulaOf({})).toEqual({ kind: 'FORMULA', base: { kind: 'LIST' }, percentOff: '12.5', surcharge: '-0.01', roundTo: '0.05', minMargin: null, maxMargin: null });
  });
  it('over the cost mark up instead (18+), and take the discount where there is no markup column', () => {
    expect(formulaOf({ base: 'standard_price', price_markup: 30 })).toMatchObject({ base: { kind: 'COST' }, percentOff: '-30' });
    const { price_markup: _absent, ...before18 } = rule;
    expect(ruleMap.map({ ...before18, base: 'standard_price', price_discount: -30 }, given).formula).toMatchObject({ percentOff: '-30' });
  });
  it('may start from another list', () => {
    expect(formulaOf({ compute_price: 'percentage', percent_price: 5, base: 'pricelist', base_pricelist_id: [4, 'Other'] }))
      .toEqual({ kind: 'PERCENT_OFF', percent: '5', base: { kind: 'PRICE_LIST', code: '4' } });
  });
  it('sort as Odoo does: target, quantity descending, the deeper category, id descending', () => {
    const rules = [
      { ...rule, id: 1 }, { ...rule, id: 2 }, { ...rule, id: 3, min_quantity: 10 }, { ...rule, id: 4, min_quantity: 2.5 },
      { ...rule, id: 5, applied_on: '0_product_variant' as const, product_id: [7, ''] as const },
      { ...rule, id: 6, applied_on: '2_product_category' as const, categ_id: [3, ''] as const }, { ...rule, id: 7, applied_on: '2_product_category' as const, categ_id: [9, ''] as const },
    ];
    const sorted = rules.map((one) => ruleMap.map(one, given)).sort((a, b) => (a.precedence < b.precedence ? -1 : 1));
    expect(sorted.map(({ reference }) => Number(reference))).toEqual([5, 6, 7, 3, 4, 2, 1]);
  });
  it('end with the last second of their window, and hold from any quantity on where none is said', () => {
    expect(ruleMap.map({ ...rule, date_start: '2026-11-01 00:00:00', date_end: '2026-11-30 23:59:59' }, given))
      .toMatchObject({ minQuantity: null, validFrom: '2026-11-01T00:00:00.000Z', validUntil: '2026-12-01T00:00:00.000Z' });
  });
  it('that we cannot say are named', () => {
    expect(() => formulaOf({ compute_price: 'magic' })).toThrow('PriceRule.formula <- compute_price + fixed_price');
    expect(() => ruleMap.map({ ...rule, applied_on: '0_product_variant', product_id: [8, 'x'] }, given)).toThrow('PriceRule.target <- applied_on + product_id + product_tmpl_id + categ_id: no text (false)');
  });
});

describe('receipts', () => {
  const move: OdooMoveRow = { id: 114, write_date: '2026-11-21 07:09:44', product_id: [7, 'x'], product_qty: 12.5, date: '2026-11-28 23:30:00', state: 'assigned', location_id: [8, 'Vendors'], location_dest_id: [5, 'MAIN/Stock'] };
  const around = { ...given, warehouseByLocation: new Map([[5, 'MAIN']]), kindByLocation: new Map([[9, 'TRANSFER' as const], [10, 'PRODUCTION' as const]]) };
  it('are whole moves', () => {
    expect(receiptMap.map(move, around)).toEqual({ reference: 'stock.move:114', sku: 'TEE', locationCode: 'MAIN', openQuantity: '12.5', dueOn: '2026-11-28', updatedAt: '2026-11-21T07:09:44.000Z', kind: 'PURCHASE', unit: null });
  });
  it('out of transit are transfers, off the shop floor production', () => {
    expect([9, 10].map((id) => receiptMap.map({ ...move, location_id: [id, ''] }, around).kind)).toEqual(['TRANSFER', 'PRODUCTION']);
  });
  it.each(['done', 'cancel'])('close when the move is %s', (state) => expect(receiptMap.map({ ...move, state }, around).openQuantity).toBe('0'));
});

describe('tracking', () => {
  it.each([
    [{}, []],
    [{ carrier_tracking_ref: false, carrier_tracking_url: false }, []],
    [{ carrier_tracking_ref: 'A1, B2,', carrier_tracking_url: 'https://t.example/x' }, [['A1', 'https://t.example/x'], ['B2', 'https://t.example/x']]],
    [{ carrier_tracking_ref: 'A1,B2', carrier_tracking_url: '[["A1","https://t/a"],["B2","https://t/b"]]' }, [['A1', 'https://t/a'], ['B2', 'https://t/b']]],
  ] as const)('of %j', (row, expected) => {
    expect(trackingOf(row).map(({ trackingNumber, trackingUrl }) => [trackingNumber, trackingUrl])).toEqual(expected);
  });
});

describe('values', () => {
  it('floats become the number that was meant', () => {
    expect([0.1 + 0.2, 12.5, 1e-7, -3, 29.997, 12000].map((value) => decimalOf(value))).toEqual(['0.3', '12.5', '0.0000001', '-3', '29.997', '12000']);
    expect(() => decimalOf(Number.NaN)).toThrow('not a decimal');
  });
  it('datetimes go both ways', () => {
    expect(instantOf('2026-11-21 07:09:44')).toBe('2026-11-21T07:09:44.000Z');
    expect(datetimeOf(instantOf('2026-11-21 07:09:44'))).toBe('2026-11-21 07:09:44');
    expect(() => instantOf(false)).toThrow('not a datetime (false)');
  });
});

describe('webhooks', () => {
  const decode = (body: object, headers = {}, webhookToken?: string) =>
    changePort({ webhookToken }).decodeWebhook(headers, new TextEncoder().encode(JSON.stringify(body)));
  it('hint at flows, with a key only where one was sent', () => {
    expect(decode({ _model: 'stock.quant', _id: 4, _action: 'x' })).toEqual([{ flow: 'stock', keys: [] }]);
    expect(decode({ _model: 'product.product', _id: 4, default_code: 'TEE' })).toEqual([{ flow: 'items', keys: ['TEE'] }, { flow: 'prices', keys: ['TEE'] }]);
  });
  it('carry the token in the address', () => {
    const body = { _model: 'stock.quant', _id: 4 };
    expect(decode(body, { ':path': '/webhooks/erp?token=right-token' }, 'right-token')).toHaveLength(1);
    expect(() => decode(body, { ':path': '/webhooks/erp?token=wrong' }, 'right-token')).toThrow(expect.objectContaining({ code: 'UNAUTHENTICATED' }));
    expect(() => decode(body, {}, 'right-token')).toThrow(expect.objectContaining({ code: 'UNAUTHENTICATED' }));
  });
});
