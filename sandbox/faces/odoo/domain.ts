import type { Row } from '../../engine/table.ts';
import { valueError } from './errors.ts';
import type { Call, Field, Model } from './field.ts';
import { compareValues, likePattern } from './comparison.ts';

/** A search domain, parsed: leaves joined by and, or, not. */
export type Condition =
  | { readonly kind: 'all'; readonly of: readonly Condition[] }
  | { readonly kind: 'any'; readonly of: readonly Condition[] }
  | { readonly kind: 'not'; readonly of: Condition }
  | { readonly kind: 'leaf'; readonly path: string; readonly operator: string; readonly value: unknown };

const OPERATORS = new Set(['=', '!=', '<>', '<', '<=', '>', '>=', 'in', 'not in', 'like', 'not like', 'ilike', 'not ilike', '=like', '=ilike', 'child_of', 'parent_of', 'any', 'not any']);

/** Parses Odoo's prefix notation. Throws ValueError in Odoo's words. */
export function parseDomain(domain: unknown): Condition {
  if (!Array.isArray(domain)) throw valueError(`Domain() invalid item in domain: ${python(domain)}`);
  const stack: Condition[] = [];
  for (const item of [...(domain as unknown[])].reverse()) {
    if (item === '&' || item === '|') {
      const [left, right] = [stack.pop(), stack.pop()];
      if (left === undefined || right === undefined) throw valueError(`Domain() malformed domain ${python(domain)}`);
      stack.push({ kind: item === '&' ? 'all' : 'any', of: [left, right] });
    } else if (item === '!') {
      const of = stack.pop();
      if (of === undefined) throw valueError(`Domain() malformed domain ${python(domain)}`);
      stack.push({ kind: 'not', of });
    } else stack.push(parseLeaf(item));
  }
  return { kind: 'all', of: stack.reverse() };
}

function parseLeaf(item: unknown): Condition {
  if (!Array.isArray(item) || item.length !== 3) throw valueError(`Domain() invalid item in domain: ${python(item)}`);
  const [path, operator, value] = item as [unknown, unknown, unknown];
  // (1, '=', 1) and (0, '=', 1) are Odoo's constants.
  if (typeof path === 'number') return path === value ? { kind: 'all', of: [] } : { kind: 'any', of: [] };
  if (typeof path !== 'string') throw valueError(`Domain() invalid item in domain: ${python(item)}`);
  const lowered = typeof operator === 'string' ? operator.toLowerCase() : '';
  if (!OPERATORS.has(lowered)) throw valueError(`Invalid operator in condition (${[path, operator, value].map(python).join(', ')})`);
  return { kind: 'leaf', path, operator: lowered === '<>' ? '!=' : lowered, value };
}

/** A value as Python prints it, for error messages. */
function python(value: unknown): string {
  if (value === null || value === undefined) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'string') return value.includes("'") && !value.includes('"') ? `"${value}"` : `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
  if (Array.isArray(value)) return `[${value.map(python).join(', ')}]`;
  if (typeof value === 'object') return `{${Object.entries(value).map(([key, item]) => `${python(key)}: ${python(item)}`).join(', ')}}`;
  return String(value as number);
}

export type Predicate = (row: Row) => boolean;

/** Makes a test for rows of a model. Unknown fields are refused as Odoo refuses them. */
export function compile(call: Call, model: Model, condition: Condition): Predicate {
  if (condition.kind === 'not') {
    const inner = compile(call, model, condition.of);
    return (row) => !inner(row);
  }
  if (condition.kind === 'leaf') return compileLeaf(call, model, condition);
  const tests = condition.of.map((part) => compile(call, model, part));
  return condition.kind === 'all' ? (row) => tests.every((test) => test(row)) : (row) => tests.some((test) => test(row));
}

type Leaf = Extract<Condition, { kind: 'leaf' }>;

function compileLeaf(call: Call, model: Model, leaf: Leaf): Predicate {
  const [head, ...rest] = leaf.path.split('.');
  const field = model.fields[head!];
  if (field === undefined) throw valueError(`Invalid field ${model.name}.${head!} in condition (${[leaf.path, leaf.operator, leaf.value].map(python).join(', ')})`);
  if (rest.length > 0) return throughRelation(call, field, { ...leaf, path: rest.join('.') }, leaf);
  if (leaf.operator === 'any' || leaf.operator === 'not any') return throughAny(call, field, leaf);
  if (field.relation !== undefined && leaf.operator === 'child_of') return childOf(call, field, leaf.value);
  if (field.relation !== undefined && hasText(leaf)) return throughRelation(call, field, { ...leaf, path: 'display_name' }, leaf);
  const test = compareValues(field.type, leaf.operator, leaf.value);
  return (row) => test(field.read(row, call));
}

/** Relations compare by name when text is asked for: `['categ_id', '=', 'Tools']`. */
function hasText({ value, operator }: Leaf): boolean {
  return likePattern(operator) || typeof value === 'string' || (Array.isArray(value) && value.some((item) => typeof item === 'string'));
}

/** A negated condition through a relation is "no related record fits", so that empty relations match, as in Odoo. */
function throughRelation(call: Call, field: Field<Row>, inner: Leaf, outer: Leaf): Predicate {
  const related = field.relation === undefined ? undefined : call.models.get(field.relation);
  if (related === undefined) throw valueError(`Invalid field in condition (${[outer.path, outer.operator, outer.value].map(python).join(', ')})`);
  const negated = inner.operator === '!=' || inner.operator.startsWith('not ');
  const positive = negated ? { ...inner, operator: inner.operator === '!=' ? '=' : inner.operator.slice(4) } : inner;
  const test = compile(call, related, positive);
  return (row) => idsOf(field, row, call).some((id) => fits(related, id, test)) !== negated;
}

function throughAny(call: Call, field: Field<Row>, leaf: Leaf): Predicate {
  const related = call.models.get(field.relation ?? '');
  if (related === undefined) throw valueError(`Invalid operator in condition (${[leaf.path, leaf.operator, leaf.value].map(python).join(', ')})`);
  const test = compile(call, related, parseDomain(leaf.value));
  return (row) => idsOf(field, row, call).some((id) => fits(related, id, test)) === (leaf.operator === 'any');
}

function fits(related: Model, id: number, test: Predicate): boolean {
  const row = related.table.get(id);
  return row !== undefined && test(row);
}

function idsOf(field: Field<Row>, row: Row, call: Call): readonly number[] {
  const value = field.read(row, call);
  if (typeof value === 'number') return [value];
  return Array.isArray(value) ? (value as readonly number[]) : [];
}

/** The record itself or anything below it, by the related model's parent. */
function childOf(call: Call, field: Field<Row>, value: unknown): Predicate {
  const related = call.models.get(field.relation!)!;
  const parent = related.fields['parent_id'] ?? related.fields['location_id'];
  const wanted = new Set((Array.isArray(value) ? value : [value]) as number[]);
  const isBelow = (id: number | null): boolean => {
    for (let at = id; at !== null; ) {
      if (wanted.has(at)) return true;
      const row = related.table.get(at);
      at = row === undefined || parent === undefined ? null : (parent.read(row, call) as number | null);
    }
    return false;
  };
  return (row) => idsOf(field, row, call).some(isBelow);
}
