import { createHash } from 'node:crypto';
import { decimal } from '../../../domain/decimal.ts';
import { instant } from '../../../domain/time.ts';
import type { MirrorTable } from '../../frame/mirror-table.ts';
import type { CurrencyRateRow } from '../book/rate-tables.ts';
import type { ListPriceRow, PriceListRow, PriceRuleRow } from '../book/tables.ts';

interface RowOfKind {
  readonly list_price: ListPriceRow;
  readonly price_list: PriceListRow;
  readonly price_rule: PriceRuleRow;
  readonly currency_rate: CurrencyRateRow;
}

/** What is guarded, by the name of its table. */
export type RecordKind = keyof RowOfKind;

export type ChangeOf<Kind extends RecordKind> = {
  readonly kind: Kind;
  readonly key: string;
  /** As it is served; null: a new row. */
  readonly before: RowOfKind[Kind] | null;
  /** As the source says it; null: it is no longer listed. */
  readonly after: RowOfKind[Kind] | null;
  /** Equal for equal `after`. */
  readonly fingerprint: string;
};

/** A row the source says otherwise than it is served. */
export type IncomingChange = { readonly [Kind in RecordKind]: ChangeOf<Kind> }[RecordKind];

const KINDS: readonly string[] = ['list_price', 'price_list', 'price_rule', 'currency_rate'] satisfies RecordKind[];

export const isGuardedKind = (name: string): name is RecordKind => KINDS.includes(name);

/** Of a removal. */
export const REMOVED = 'removed';

/** Equal for rows that say the same, however their numbers and instants are written. */
export function fingerprintOf({ columns }: MirrorTable, row: object): string {
  const values = row as Readonly<Record<string, unknown>>;
  const canonical = Object.keys(columns).sort().map((name) => [name, canonicalValue(columns[name]!, values[name] ?? null)]);
  return createHash('sha256').update(JSON.stringify(canonical)).digest('hex');
}

function canonicalValue(type: string, value: unknown): unknown {
  if (value === null) return null;
  if (type === 'numeric') return decimal(value as string);
  if (type === 'timestamptz') return instant(value as string);
  return type === 'jsonb' ? sorted(value) : value;
}

/** PostgreSQL keeps a document's keys in an order of its own. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, inner]) => [key, sorted(inner)]));
}
