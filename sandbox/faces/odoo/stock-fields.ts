import { sum, type DecimalText } from '../../engine/decimal.ts';
import { kitFiguresOf } from '../../engine/kit-figures.ts';
import type { StockFigures } from '../../engine/stock.ts';
import { float, type Field, type Reading } from './field.ts';
import { readDatetime } from './values.ts';

/** The quantity fields of product.product and product.template, by context `warehouse_id`, `location`, `to_date`. */
export function stockFields<R>(variantIds: (row: R, reading: Reading) => readonly number[]): Record<string, Field<R>> {
  const figure = (name: keyof StockFigures): Field<R> => float((row, reading) => total(variantIds(row, reading), reading, name));
  return {
    qty_available: figure('onHand'),
    free_qty: figure('free'),
    incoming_qty: figure('incoming'),
    outgoing_qty: figure('outgoing'),
    virtual_available: figure('forecast'),
  };
}

/** One read of five fields asks for the same figures five times in a row: the last answer is kept while its inputs stand. */
let last: { readonly key: string; readonly reading: Reading; readonly figures: StockFigures } | null = null;

function total(ids: readonly number[], reading: Reading, name: keyof StockFigures): DecimalText {
  return sum(ids.map((id) => figuresFor(id, reading)[name]));
}

function figuresFor(variantId: number, reading: Reading): StockFigures {
  const key = String(variantId);
  if (last?.reading === reading && last.key === key) return last.figures;
  const figures = kitFiguresOf(reading.tables, variantId, locationsOf(reading), dateBound(reading), reading.nowMs);
  last = { key, reading, figures };
  return figures;
}

/** A date without a time means its end, as Odoo reads `to_date`. */
function dateBound({ context }: Reading): number | null {
  const value = context['to_date'];
  if (typeof value === 'string' && value.length === 10) return readDatetime(`${value} 23:59:59`);
  return readDatetime(value);
}

const known = new WeakMap<Reading, ReadonlySet<number>>();

/** In Odoo 19 only `warehouse_id` (or `location`) narrows; the older key `warehouse` is ignored. */
function locationsOf(reading: Reading): ReadonlySet<number> {
  const before = known.get(reading);
  if (before !== undefined) return before;
  const { tables, context } = reading;
  const wanted = numbers(context['warehouse_id']);
  const places = numbers(context['location']);
  const warehouses = [...tables.warehouses.all()].filter((row) => wanted.length === 0 || wanted.includes(row.id));
  const inside = places.length > 0 ? [...tables.locations.all()].filter((row) => row.usage === 'internal' && (places.includes(row.id) || places.includes(row.parentId ?? 0))).map((row) => row.id) : warehouses.flatMap((row) => tables.locations.where('warehouseId', row.id).filter(({ usage }) => usage === 'internal').map(({ id }) => id));
  const locations = new Set(inside);
  known.set(reading, locations);
  return locations;
}

const numbers = (value: unknown): number[] => (Array.isArray(value) ? value : [value]).filter((item): item is number => typeof item === 'number');
