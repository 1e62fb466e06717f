import type { Sql } from '../../platform/stores/sql.ts';
import { attributeLabel, categoryName, type Directory } from './directory.ts';
import { createBinder, filterConditions, readTagIds, searchTerms, type Dimension, type Listing, type TagIds } from './listing.ts';
import { listingSource } from './listing-page.ts';
import { pickText, sourceLocaleOf } from './locale.ts';
import type { Localized } from '../../domain/catalog.ts';

export interface FacetValueCount {
  readonly value: string;
  readonly label: string;
  readonly count: number;
}

export interface FacetCounts {
  readonly kind: Dimension['kind'];
  readonly code: string;
  readonly label: string;
  readonly values: readonly FacetValueCount[];
}

const ORDER: readonly Dimension['kind'][] = ['CATEGORY', 'BRAND', 'ATTRIBUTE'];

/** Values shown per facet, the most frequent ones. */
const MAX_VALUES = 100;

interface Count {
  readonly kind: Dimension['kind'];
  readonly code: string;
  readonly value: string;
  readonly label: Localized | null;
  readonly count: number;
}

/**
 * Counts by category, brand and filterable attribute. A facet's own filter does not narrow it (so that a second value
 * can be added), every other filter does: one query for the facets nothing is chosen in, one for each of the others.
 */
export async function readFacets(sql: Sql, listing: Listing, directory: Directory): Promise<FacetCounts[]> {
  const tagIds = await readTagIds(sql, listing.filter.attributes);
  const chosen = chosenDimensions(listing);
  const [open, ...own] = await Promise.all([
    shareCounts(sql, listing, tagIds, directory, null),
    ...chosen.map((dimension) => shareCounts(sql, listing, tagIds, directory, dimension)),
  ]);
  const isChosen = (count: Count): boolean => chosen.some((dimension) => isOf(dimension, count));
  return present([...open.filter((count) => !isChosen(count)), ...own.flat()], directory, listing.locale);
}

function chosenDimensions({ filter }: Listing): Dimension[] {
  const attributes = filter.attributes.map(({ code }): Dimension => ({ kind: 'ATTRIBUTE', code }));
  return [...(filter.categoryCodes ? [{ kind: 'CATEGORY' } as const] : []), ...(filter.brands ? [{ kind: 'BRAND' } as const] : []), ...attributes];
}

const isOf = (dimension: Dimension, { kind, code }: Count): boolean => dimension.kind === kind && (dimension.kind !== 'ATTRIBUTE' || dimension.code === code);

const wholeCatalogue = new WeakMap<Directory, Map<string, Promise<readonly Count[]>>>();

/**
 * Counts over the whole catalogue, the dearest and most asked for, are shared by all who hold the same directory: they
 * are as old as its labels at most.
 */
function shareCounts(sql: Sql, listing: Listing, tagIds: TagIds, directory: Directory, only: Dimension | null): Promise<readonly Count[]> {
  const read = (): Promise<readonly Count[]> => readCounts(sql, listing, tagIds, directory, only);
  if (listing.search?.trim() || filterConditions(listing, tagIds, createBinder(), only).length > 0) return read();
  const shared = wholeCatalogue.get(directory) ?? new Map<string, Promise<readonly Count[]>>();
  wholeCatalogue.set(directory, shared);
  const key = JSON.stringify(only);
  const counts = shared.get(key) ?? read();
  shared.set(key, counts);
  counts.catch(() => shared.delete(key));
  return counts;
}

/** Counts of every facet, or of one without its own filter. Integers are counted, their texts looked up afterwards. */
async function readCounts(sql: Sql, listing: Listing, tagIds: TagIds, { attributes }: Directory, only: Dimension | null): Promise<readonly Count[]> {
  const binder = createBinder();
  const terms = searchTerms(listing, binder);
  const conditions = filterConditions(listing, tagIds, binder, only);
  const { from, where } = listingSource(listing, terms, conditions, false, binder);
  const codes = [...attributes.values()].filter((attribute) => attribute.filterable && (only?.kind !== 'ATTRIBUTE' || attribute.code === only.code)).map(({ code }) => code);
  const wanted = (only ? [only.kind] : ORDER).map((kind) => BRANCHES[kind](() => binder.bind(codes)));
  return sql.query<Count>(
    `with matched as (select p.category_tree, p.brand, p.tags from ${from} where ${where}) ${[NO_COUNTS, ...wanted].join(' union all ')}`,
    binder.values,
  );
}

/** Names and types the columns of the union. */
const NO_COUNTS = 'select null::text as kind, null::text as code, null::text as value, null::json as label, null::integer as count where false';

const BRANCHES: Readonly<Record<Dimension['kind'], (bindCodes: () => string) => string>> = {
  CATEGORY: () => `select 'CATEGORY', '', c, null, count(*)::integer from matched, unnest(category_tree) c group by c`,
  BRAND: () => `select 'BRAND', '', brand, null, count(*)::integer from matched where brand is not null group by brand`,
  ATTRIBUTE: (bindCodes) => `select 'ATTRIBUTE', t.code, t.value, t.label, n.count
    from (select id, count(*)::integer as count from matched, unnest(tags) id group by id) n join catalog.tag t using (id) where t.code = any(${bindCodes()})`,
};

function present(counts: readonly Count[], directory: Directory, locale: string): FacetCounts[] {
  const groups = Map.groupBy(counts, ({ kind, code }) => `${kind}:${code}`);
  const facets = [...groups.values()].map((group): FacetCounts => {
    const { kind, code } = group[0]!;
    const values = group.map((count) => ({ value: count.value, label: labelOf(count, directory, locale), count: count.count }));
    values.sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1));
    return { kind, code: code || kind.toLowerCase(), label: kind === 'ATTRIBUTE' ? attributeLabel(directory, code, locale) : FIXED_LABELS[kind], values: values.slice(0, MAX_VALUES) };
  });
  return facets.sort((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind) || (a.label < b.label ? -1 : 1));
}

const FIXED_LABELS = { CATEGORY: 'Category', BRAND: 'Brand' } as const;

function labelOf({ kind, value, label }: Count, { categories }: Directory, locale: string): string {
  if (kind === 'BRAND') return value;
  if (kind === 'ATTRIBUTE') return (label && pickText(label, locale, sourceLocaleOf(label))) ?? value;
  const category = categories.get(value);
  return category ? categoryName(category, locale) : value;
}
