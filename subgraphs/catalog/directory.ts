import type { AttributeDefinition, CategoryContent } from '../../domain/catalog.ts';
import type { Locale } from '../../domain/ids.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Sql } from '../../platform/stores/sql.ts';
import { ANY_LOCALE, matchLocale, normaliseLocale, pickText, sourceLocaleOf } from './locale.ts';

/** What is small and asked for with every product: categories, attribute definitions and locales, whole. */
export interface Directory {
  readonly attributes: ReadonlyMap<string, AttributeDefinition>;
  readonly categories: ReadonlyMap<string, CategoryContent>;
  /** Children in their order, by parent; "" holds the roots. */
  readonly children: ReadonlyMap<string, readonly CategoryContent[]>;
  readonly locales: readonly Locale[];
}

export type ReadDirectory = () => Promise<Directory>;

export interface DirectoryOptions {
  readonly sql: Sql;
  readonly clock: Clock;
  /** How old labels and categories may be. */
  readonly maxAgeMs: number;
}

/** Reads the directory at most once per `maxAgeMs`; everybody who asks meanwhile shares the answer. */
export function createDirectory({ sql, clock, maxAgeMs }: DirectoryOptions): ReadDirectory {
  let readAt = Number.NEGATIVE_INFINITY;
  let current: Promise<Directory> | null = null;
  return () => {
    if (current && clock.monotonic() - readAt < maxAgeMs) return current;
    readAt = clock.monotonic();
    const reading = readDirectory(sql);
    current = reading;
    reading.catch(() => {
      if (current === reading) current = null;
    });
    return reading;
  };
}

async function readDirectory(sql: Sql): Promise<Directory> {
  const [attributes, categories, locales] = await Promise.all([
    sql.query<AttributeDefinition>('select code, label, kind, filterable from catalog.attribute order by code'),
    sql.query<CategoryContent>('select code, parent_code as "parentCode", name, position from catalog.category order by position, code'),
    sql.query<{ locale: string }>('select locale from catalog.locale order by position'),
  ]);
  const known = new Map(categories.map((category) => [category.code, category]));
  return {
    attributes: new Map(attributes.map((attribute) => [attribute.code, attribute])),
    categories: known,
    children: Map.groupBy(categories, ({ parentCode }) => (parentCode !== null && known.has(parentCode) ? parentCode : '')),
    locales: locales.map(({ locale }) => locale),
  };
}

/** The locale listings are searched and sorted in: the wanted one, its language, the first the sources speak, or "*". */
export const listingLocale = ({ locales }: Directory, wanted: string | null): Locale =>
  (wanted === null ? null : matchLocale(normaliseLocale(wanted), locales)) ?? locales[0] ?? ANY_LOCALE;

export function attributeLabel({ attributes }: Directory, code: string, locale: Locale | null): string {
  const label = attributes.get(code)?.label;
  return (label && pickText(label, locale, sourceLocaleOf(label))) ?? code;
}

export const categoryName = ({ code, name }: CategoryContent, locale: Locale | null): string => pickText(name, locale, sourceLocaleOf(name)) ?? code;
