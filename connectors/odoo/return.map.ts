import { add, ZERO, type Decimal } from '../../domain/decimal.ts';
import type { Sku } from '../../domain/ids.ts';
import type { ErpReturn } from '../../domain/returns.ts';
import { converter, mapEntity } from '../../platform/mapping.ts';
import { decimalOf, instantOf, optionalText, requiredText } from './convert.ts';
import { skuOfProduct } from './skus.ts';
import type { OdooReturnRow, OdooSoldMoveRow } from './wire-after-sale.ts';
import type { OdooText } from './wire.ts';

/** A return as Odoo keeps it: the transfer it began with and the backorders of what did not come with it. */
export interface ReturnGiven {
  readonly skus: ReadonlyMap<number, OdooText>;
  readonly transfers: readonly OdooReturnRow[];
  readonly moves: readonly OdooSoldMoveRow[];
}

type ReturnLine = ErpReturn['lines'][number];

/** What a move moved; the column changed its name in 17. Nothing before it is done: until then the quantity is a plan. */
export const doneOf = ({ state, quantity, quantity_done: until16 }: Pick<OdooSoldMoveRow, 'state' | 'quantity' | 'quantity_done'>): Decimal =>
  state === 'done' ? decimalOf(quantity ?? until16) : ZERO;

/** stock.move -> ErpReturn.lines; rows of one SKU are added up. */
export const returnLineMap = mapEntity<OdooSoldMoveRow, ReturnLine, Pick<ReturnGiven, 'skus'>>('ErpReturn.lines', ({ from, merge }) => ({
  sku: from('product_id', skuOfProduct),
  quantity: from('product_uom_qty', converter('decimal', decimalOf)),
  received: merge(['state', 'quantity', 'quantity_done'], converter('decimal; 0 until done', doneOf)),
}));

function linesOf(_id: number, given: ReturnGiven): readonly ReturnLine[] {
  const lines = new Map<Sku, ReturnLine>();
  for (const move of given.moves) {
    const { sku, quantity, received } = returnLineMap.map(move, given);
    const before = lines.get(sku);
    lines.set(sku, { sku, quantity: add(before?.quantity ?? ZERO, quantity), received: add(before?.received ?? ZERO, received) });
  }
  return [...lines.values()];
}

function stateOf(_id: number, { transfers }: ReturnGiven): ErpReturn['state'] {
  const states = transfers.map(({ state }) => state);
  if (states.some((state) => state !== 'done' && state !== 'cancel')) return 'EXPECTED';
  return states.includes('done') ? 'RECEIVED' : 'CANCELLED';
}

const lastWritten = (_id: number, { transfers }: ReturnGiven) => transfers.map(({ write_date: at }) => instantOf(at)).reduce((last, at) => (at > last ? at : last));

/** stock.picking of type incoming, with its backorders -> ErpReturn */
export const returnMap = mapEntity<OdooReturnRow, ErpReturn, ReturnGiven>('ErpReturn', ({ from }) => ({
  id: from('id', converter('id as text', (id: number) => String(id))),
  number: from('name', requiredText),
  reference: from('origin', optionalText),
  state: from('id', converter('EXPECTED while it or a backorder is open, RECEIVED if anything is done, else CANCELLED', stateOf)),
  lines: from('id', converter('its stock.move rows and its backorders\', one a SKU', linesOf)),
  updatedAt: from('id', converter('UTC instant, the latest of it and its backorders', lastWritten)),
}));
