import type { Row } from '../../engine/table.ts';
import { compile, parseDomain, type Condition } from './domain.ts';
import { valueError } from './errors.ts';
import type { Call, FieldValue, Model } from './field.ts';

export interface SearchOptions {
  readonly domain: unknown;
  readonly order?: string | undefined;
  readonly offset?: number | undefined;
  readonly limit?: number | undefined;
}

/** The rows a search finds, sorted and cut to the page. */
export function search(call: Call, model: Model, { domain, order, offset = 0, limit }: SearchOptions): Row[] {
  const rows = find(call, model, domain);
  const keys = parseOrder(model, order ?? model.order);
  const isById = keys.length === 1 && keys[0]!.name === 'id' && !keys[0]!.descending;
  const sorted = isById ? rows.sort((a, b) => a.id - b.id) : sort(call, model, rows, keys);
  return sorted.slice(offset, limit === undefined ? undefined : offset + limit);
}

/** All rows that match, in no promised order. */
export function find(call: Call, model: Model, domain: unknown): Row[] {
  const condition = withActive(call, model, parseDomain(domain));
  const test = compile(call, model, condition);
  const candidates = byIndex(model, condition) ?? model.table.all();
  const found: Row[] = [];
  for (const row of candidates) if ((model.includes?.(row) ?? true) && test(row)) found.push(row);
  return found;
}

/** Archived records are left out unless the domain asks about `active` or the context turns that off. */
function withActive(call: Call, model: Model, condition: Condition): Condition {
  if (model.fields['active'] === undefined || call.context['active_test'] === false || asksFor(condition, 'active')) return condition;
  return { kind: 'all', of: [{ kind: 'leaf', path: 'active', operator: '=', value: true }, condition] };
}

function asksFor(condition: Condition, path: string): boolean {
  if (condition.kind === 'leaf') return condition.path === path;
  return condition.kind === 'not' ? asksFor(condition.of, path) : condition.of.some((part) => asksFor(part, path));
}

/** Rows from an index, where some conjunct says `=` or `in` about an indexed column; the rest is tested on those only. */
function byIndex(model: Model, condition: Condition): Row[] | null {
  if (condition.kind === 'all') {
    const narrowed = condition.of.map((part) => byIndex(model, part)).filter((rows) => rows !== null);
    return narrowed.sort((a, b) => a.length - b.length)[0] ?? null;
  }
  if (condition.kind !== 'leaf' || (condition.operator !== '=' && condition.operator !== 'in')) return null;
  const column = model.fields[condition.path]?.column;
  const values = (Array.isArray(condition.value) ? condition.value : [condition.value]) as unknown[];
  // Empty and text on a relation mean something else than the column's value.
  if (column === undefined || values.some((value) => typeof value === 'boolean' || value === null || (model.fields[condition.path]?.relation !== undefined && typeof value === 'string'))) return null;
  const unique = [...new Set(values)];
  if (column === 'id') return unique.map((id) => model.table.get(id as number)).filter((row) => row !== undefined);
  if (!model.table.isIndexed(column)) return null;
  return unique.flatMap((value) => model.table.where(column as keyof Row & string, value as never));
}

interface OrderKey {
  readonly name: string;
  readonly descending: boolean;
}

function parseOrder(model: Model, order: string): OrderKey[] {
  return order.split(',').map((part) => {
    const [name = '', direction = 'asc'] = part.trim().split(/\s+/);
    if (model.fields[name] === undefined) throw valueError(`Invalid field '${name}' on model '${model.name}'`);
    return { name, descending: direction.toLowerCase() === 'desc' };
  });
}

function sort(call: Call, model: Model, rows: readonly Row[], keys: readonly OrderKey[]): Row[] {
  const read = keys.map(({ name }) => model.fields[name]!);
  const decorated = rows.map((row) => ({ row, values: read.map((field) => sortable(field.type, field.read(row, call))) }));
  decorated.sort((a, b) => {
    for (const [index, { descending }] of keys.entries()) {
      const result = compareSortable(a.values[index]!, b.values[index]!);
      if (result !== 0) return descending ? -result : result;
    }
    return a.row.id - b.row.id;
  });
  return decorated.map(({ row }) => row);
}

type Sortable = string | number | null;

function sortable(type: string, value: FieldValue): Sortable {
  if (type === 'float' || type === 'monetary') return Number(value);
  if (type === 'datetime' && typeof value === 'number') return Math.floor(value / 1000);
  return typeof value === 'boolean' ? Number(value) : (value as Sortable);
}

/** PostgreSQL's order: empty last (first when descending). */
function compareSortable(a: Sortable, b: Sortable): number {
  if (a === b) return 0;
  if (a === null) return 1;
  if (b === null) return -1;
  return a < b ? -1 : 1;
}
