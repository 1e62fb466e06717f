import type { ListPrice, PriceTarget } from '../../../domain/pricing.ts';
import { covers } from '../resolve/rule-fit.ts';
import { priceRuleOf, type PriceRuleRow } from '../book/tables.ts';
import type { ChangeOf, IncomingChange } from './incoming-change.ts';

/** One list computes its prices from another. */
export interface ListLink {
  readonly list: string;
  readonly base: string;
}

/** The links there are, and those that are to come. */
export const linksWith = (links: readonly ListLink[], changes: readonly IncomingChange[]): readonly ListLink[] => [
  ...links,
  ...changes.flatMap((change) => {
    const base = change.kind === 'price_rule' ? (change.after?.base_list_code ?? null) : null;
    return base === null ? [] : [{ list: listOf(change)!, base }];
  }),
];

/** The list and all it is computed from, near ones first. */
export const basesOf = (links: readonly ListLink[], code: string): readonly string[] => walk(code, (at) => links.flatMap(({ list, base }) => (list === at ? [base] : [])));

/** All lists that are computed from this one, near ones first; itself not among them. */
export const dependantsOf = (links: readonly ListLink[], code: string): readonly string[] =>
  walk(code, (at) => links.flatMap(({ list, base }) => (base === at ? [list] : []))).slice(1);

function walk(from: string, next: (code: string) => readonly string[]): readonly string[] {
  const seen = new Set([from]);
  // A set is walked in the order it grows in.
  for (const code of seen) for (const reached of next(code)) seen.add(reached);
  return [...seen];
}

/** The list a rule or list change is about; null: it concerns every list. */
export function listOf(change: IncomingChange): string | null {
  if (change.kind === 'price_list') return change.key;
  return change.kind === 'price_rule' ? (change.after ?? change.before)!.price_list_code : null;
}

/** Every list a change is about: a rule may have moved from one to another. */
export function listsOf(change: IncomingChange): readonly string[] {
  if (change.kind === 'price_list') return [change.key];
  return change.kind === 'price_rule' ? [...new Set(rowsOf(change).map((row) => row.price_list_code))] : [];
}

const rowsOf = ({ before, after }: ChangeOf<'price_rule'>): readonly PriceRuleRow[] => [before, after].filter((row) => row !== null);

/** The SKUs a change names; null: it covers many, by group, category or all. */
export function namedSkus(change: IncomingChange): readonly string[] | null {
  if (change.kind === 'list_price') return [change.key];
  if (change.kind !== 'price_rule') return null;
  const rows = rowsOf(change);
  return rows.every((row) => row.target_kind === 'SKU') ? [...new Set(rows.map((row) => row.target_code))] : null;
}

/** What a change covers; a list and a rate cover all. */
export const targetsOf = (change: IncomingChange): readonly PriceTarget[] => (change.kind === 'price_rule' ? rowsOf(change).map((row) => priceRuleOf(row).target) : [{ kind: 'ALL' }]);

/** Whether a change has a say in the price of this item, as it was or as it is to be. */
export function touches(change: IncomingChange, items: readonly Pick<ListPrice, 'sku' | 'groupCode' | 'categoryCodes'>[]): boolean {
  if (change.kind === 'list_price') return items.some(({ sku }) => sku === change.key);
  return targetsOf(change).some((target) => items.some((item) => covers({ target }, item)));
}

/** Whether prices of lists go another way by it: what a list is called, for example, moves none. */
export function movesPrices(change: IncomingChange): boolean {
  if (change.kind !== 'price_list') return true;
  const { before, after } = change;
  if (before === null || after === null) return true;
  return (['currency_code', 'rounding_mode', 'rounding_digits', 'rounding_place', 'tax_included', 'active'] as const).some((column) => before[column] !== after[column]);
}

/** Whether all a list's prices are other ones by it, or none at all: that it serves at all, its money, its taxes. */
export function turnsList(change: IncomingChange): boolean {
  if (change.kind !== 'price_list') return false;
  const { before, after } = change;
  if (before === null) return false;
  return after === null || (['currency_code', 'tax_included', 'active'] as const).some((column) => before[column] !== after[column]);
}
