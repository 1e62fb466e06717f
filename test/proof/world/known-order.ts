/** Rows PostgreSQL may answer in any order, and arrays it may aggregate in any, are answered in the same order each time. */
export function inKnownOrder(text: string, rows: unknown[]): unknown[] {
  let order = orders.get(text);
  if (!order) orders.set(text, (order = { rows: ORDERED.test(text), arrays: aggregatesOf(text).every((aggregate) => aggregate.includes('order by')) }));
  // Of a text with several statements there are none.
  if (!Array.isArray(rows) || (order.arrays && (order.rows || rows.length < 2))) return rows;
  const known = order.arrays ? rows : rows.map(sortArrays);
  return order.rows ? known : sorted(known);
}

/** Whether the text says an order: of the rows, of the arrays in them. */
const orders = new Map<string, { readonly rows: boolean; readonly arrays: boolean }>();
const ORDERED = /\border by\b[^)]*$/;

function aggregatesOf(text: string): string[] {
  return [...text.matchAll(/_agg\(/g)].map(({ index }) => {
    let depth = 0;
    let end = index;
    do {
      if (text[end] === '(') depth += 1;
      if (text[end] === ')') depth -= 1;
      end += 1;
    } while (end < text.length && (depth > 0 || !text.slice(index, end).includes('(')));
    return text.slice(index, end);
  });
}

const sorted = (items: readonly unknown[]): unknown[] =>
  items.map((item) => [JSON.stringify(item), item] as const).sort(([a], [b]) => (a < b ? -1 : 1)).map(([, item]) => item);

function sortArrays(value: unknown): unknown {
  if (Array.isArray(value)) return sorted(value.map(sortArrays));
  if (value === null || typeof value !== 'object' || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, sortArrays(item)]));
}
