import { describe, expect, it } from 'vitest';
import { creditMemoMap, type CreditMemoGiven } from '../../../../connectors/odoo/credit-memo.map.ts';
import { changePort } from '../../../../connectors/odoo/changes.ts';
import { returnMap, type ReturnGiven } from '../../../../connectors/odoo/return.map.ts';
import { returnReferenceOf, shipmentMap, type ShipmentGiven } from '../../../../connectors/odoo/shipment.map.ts';
import { trackingOfPackage } from '../../../../connectors/odoo/tracking.ts';
import type { OdooCreditMemoRow, OdooMoveLineRow, OdooReturnRow, OdooSoldMoveRow } from '../../../../connectors/odoo/wire-after-sale.ts';
import type { OdooPickingMoveRow, OdooPickingRow, OdooText } from '../../../../connectors/odoo/wire.ts';

const skus = new Map<number, OdooText>([[7, 'TEE'], [8, 'MUG']]);

const picking: OdooPickingRow = {
  id: 35, write_date: '2026-11-21 07:09:44', name: 'MAIN/OUT/00035', state: 'assigned', sale_id: [33, 'S00033'], picking_type_code: 'outgoing', location_id: [5, 'MAIN/Stock'], location_dest_id: [2, 'Customers'],
  date_done: false, origin: 'S00033', backorder_id: [34, 'MAIN/OUT/00034'], printed: true, carrier_id: [2, 'Express'], carrier_tracking_ref: '1Z1,1Z2', carrier_tracking_url: '[["BOX-1","https://t/1Z1"],["1Z2","https://t/x"]]',
};
const move: OdooPickingMoveRow = { id: 171, write_date: '2026-11-21 07:10:00', picking_id: [35, ''], product_id: [7, ''], product_uom_qty: 5, quantity: 3, picked: false, state: 'partially_available' };
const packed = (id: number, product: number, parcel: number, quantity: number): OdooMoveLineRow =>
  ({ id, write_date: '2026-11-21 07:11:00', picking_id: [35, ''], product_id: [product, ''], result_package_id: [parcel, ''], location_dest_id: [2, ''], quantity });

const shipmentOf = (row: Partial<OdooPickingRow>, given: { readonly moves?: readonly OdooPickingMoveRow[]; readonly packed?: readonly OdooMoveLineRow[] }) => {
  const around: ShipmentGiven = {
    skus, moves: new Map([[35, given.moves ?? [move]]]), packed: new Map([[35, given.packed ?? []]]), packages: new Map([[1, { id: 1, name: 'BOX-1' }], [2, { id: 2, name: 'BOX-2' }]]),
    warehouseByLocation: new Map([[5, 'MAIN']]),
  };
  return shipmentMap.map({ ...picking, ...row }, around);
};

describe('shipments', () => {
  it('say what is set aside, whose rest they are, the papers, and when anything of it changed last', () => {
    expect(shipmentOf({}, {})).toMatchObject({ backorderOf: '34', printed: true, picking: false, returnReference: null, packages: [], lines: [{ sku: 'TEE', quantity: '5', allocated: '3' }], updatedAt: '2026-11-21T07:10:00.000Z' });
    expect(shipmentOf({}, { packed: [packed(1, 7, 1, 3)] }).updatedAt).toBe('2026-11-21T07:11:00.000Z');
  });
  it('are being picked while a picked move is open; until 16, while one is done in part', () => {
    expect(shipmentOf({}, { moves: [{ ...move, picked: true }] }).picking).toBe(true);
    expect(shipmentOf({}, { moves: [{ ...move, picked: true, state: 'done' }] }).picking).toBe(false);
    const { quantity: _quantity, picked: _picked, ...until16 } = move;
    expect(shipmentOf({}, { moves: [{ ...until16, quantity_done: 1, reserved_availability: 2 }] })).toMatchObject({ picking: true, lines: [{ allocated: '2' }] });
    expect(shipmentOf({}, { moves: [{ ...until16, quantity_done: 0, reserved_availability: 2 }] }).picking).toBe(false);
  });
  it('set nothing aside any more once they have left', () => {
    expect(shipmentOf({}, { moves: [{ ...move, state: 'done' }] }).lines).toEqual([{ sku: 'TEE', quantity: '3', allocated: undefined }]);
  });
  it('hold parcels by what is in them, one entry a SKU', () => {
    const lines = [packed(1, 7, 1, 1), packed(2, 7, 1, 0.5), packed(3, 8, 1, 2), packed(4, 7, 2, 1.5)];
    expect(shipmentOf({}, { packed: lines }).packages).toEqual([
      { reference: 'BOX-1', carrier: 'Express', trackings: [{ trackingNumber: '1Z1', trackingUrl: 'https://t/1Z1' }], lines: [{ sku: 'TEE', quantity: '1.5' }, { sku: 'MUG', quantity: '2' }] },
      { reference: 'BOX-2', carrier: 'Express', trackings: [], lines: [{ sku: 'TEE', quantity: '1.5' }] },
    ]);
  });
  it('name the SKU that a parcel holds and nobody knows', () => {
    expect(() => shipmentOf({}, { packed: [packed(1, 9, 1, 1)] })).toThrow('no product with id 9');
  });
  it.each([
    ['RMA-1_a', 'incoming', 'RMA-1_a'], ['RMA-1', 'outgoing', null], ['Return of MAIN/OUT/00012', 'incoming', null], ['S00033', 'incoming', null], [false, 'incoming', null], ['Rückgabe von X', 'incoming', null],
  ] as const)('with origin %j, %s, are the return %j', (origin, code, expected) => {
    expect(returnReferenceOf({ origin, picking_type_code: code, sale_id: [33, 'S00033'] })).toBe(expected);
  });
});

describe('tracking of a parcel', () => {
  const row = { carrier_tracking_ref: '1Z1,1Z2', carrier_tracking_url: 'https://t/1Z1,1Z2' } as const;
  it.each([
    [{ name: 'BOX', isOnly: true }, ['https://t/1Z1', 'https://t/1Z2']], [{ name: '1Z2', isOnly: false }, ['https://t/1Z2']], [{ name: 'BOX', isOnly: false }, []],
  ])('%j', (parcel, urls) => expect(trackingOfPackage(row, parcel).map(({ trackingUrl }) => trackingUrl)).toEqual(urls));
});

describe('returns', () => {
  const transfer: OdooReturnRow = { id: 39, name: 'MAIN/IN/00039', origin: 'RMA-1', state: 'done', backorder_id: false, location_dest_id: [5, ''], write_date: '2026-11-21 07:09:44' };
  const back: OdooSoldMoveRow = {
    id: 177, picking_id: [39, ''], product_id: [7, ''], product_uom: [1, ''], product_uom_qty: 2, quantity: 2, state: 'done', location_id: [2, ''], location_dest_id: [5, ''], sale_line_id: [56, ''],
    origin_returned_move_id: [171, ''], move_line_ids: [],
  };
  const returned = (over: Partial<ReturnGiven>) => returnMap.map(transfer, { skus, transfers: [transfer], moves: [back], ...over });
  it('are one with their backorders: expected while one is open', () => {
    const rest = { ...transfer, id: 40, state: 'assigned', write_date: '2026-11-22 07:00:00' };
    const open = { ...back, id: 178, picking_id: [40, ''] as const, product_uom_qty: 3, quantity: 3, state: 'assigned' };
    expect(returned({ transfers: [transfer, rest], moves: [back, open] })).toEqual({ id: '39', number: 'MAIN/IN/00039', reference: 'RMA-1', state: 'EXPECTED', lines: [{ sku: 'TEE', quantity: '5', received: '2' }], updatedAt: '2026-11-22T07:00:00.000Z' });
    expect(returned({ transfers: [transfer, { ...rest, state: 'cancel' }] }).state).toBe('RECEIVED');
    expect(returned({ transfers: [{ ...transfer, state: 'cancel' }] }).state).toBe('CANCELLED');
  });
  it('until 16 have the done quantity in another column', () => {
    const { quantity: _quantity, ...until16 } = back;
    expect(returned({ moves: [{ ...until16, quantity_done: 1.5 }] }).lines).toEqual([{ sku: 'TEE', quantity: '2', received: '1.5' }]);
  });
});

describe('credit memos', () => {
  const row: OdooCreditMemoRow = {
    id: 4, name: 'RINV/2026/00004', ref: 'CM-1', state: 'posted', payment_state: 'in_payment', amount_total: 11.1, amount_tax: 1.01, currency_id: [1, 'USD'], invoice_date: '2026-11-21', invoice_line_ids: [9], write_date: '2026-11-21 07:09:44',
  };
  const given: CreditMemoGiven = {
    currencies: new Map([[1, { id: 1, name: 'USD' }]]), skus, orders: new Map([[56, [33, 'S00033']]]),
    lines: new Map([[4, [{ id: 9, move_id: [4, ''], product_id: [7, ''], name: 'Tee', quantity: 1, price_total: 11.1, display_type: 'product', sale_line_ids: [56] }]]]),
  };
  it('are told as booked', () => {
    expect(creditMemoMap.map(row, given)).toEqual({
      id: '4', number: 'RINV/2026/00004', reference: 'CM-1', orderId: '33', state: 'POSTED', paymentState: 'PAID', total: { amount: '11.1', currencyCode: 'USD' }, tax: { amount: '1.01', currencyCode: 'USD' },
      lines: [{ sku: 'TEE', description: 'Tee', quantity: '1', total: { amount: '11.1', currencyCode: 'USD' } }], postedAt: '2026-11-21T00:00:00.000Z', updatedAt: '2026-11-21T07:09:44.000Z',
    });
  });
  it('of no order and not booked yet', () => {
    const draft = creditMemoMap.map({ ...row, name: '/', state: 'draft', payment_state: 'not_paid' }, { ...given, orders: new Map() });
    expect(draft).toMatchObject({ number: 'draft 4', state: 'DRAFT', paymentState: 'NOT_PAID', orderId: null, postedAt: null });
  });
  it('in a state we do not know are named', () => {
    expect(() => creditMemoMap.map({ ...row, payment_state: 'odd' }, given)).toThrow('CreditMemoRecord.paymentState <- payment_state: unknown state ("odd")');
  });
  it('are hinted at by their own model', () => {
    expect(changePort({ webhookToken: undefined }).decodeWebhook({}, new TextEncoder().encode('{"_model":"account.move","_id":4}'))).toEqual([{ flow: 'creditMemos', keys: [] }]);
  });
});
