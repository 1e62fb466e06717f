import type { Locale } from '../../domain/ids.ts';
import type { Sql } from '../../platform/stores/sql.ts';
import type { GraphContext, RequestScope } from '../frame/module.ts';
import type { Directory, ReadDirectory } from './directory.ts';
import { createLoaders, type CatalogLoaders, type CatalogReads } from './loaders.ts';
import { normaliseLocale } from './locale.ts';

/** What the catalogue's resolvers are handed. */
export interface CatalogContext extends GraphContext {
  readonly sql: Sql;
  readonly loaders: CatalogLoaders;
  readonly directory: () => Promise<Directory>;
  /** The caller's locale; null = each source's default. */
  readonly locale: Locale | null;
}

export function createCatalogContext(scope: RequestScope, sql: Sql, reads: CatalogReads, directory: ReadDirectory): CatalogContext {
  const { locale } = scope.shopping;
  return { scope, sql, directory, loaders: createLoaders(sql, reads), locale: locale === null ? null : normaliseLocale(locale) };
}

/** The field's own `locale` argument, else the caller's. */
export const wantedLocale = (argument: string | null | undefined, { locale }: CatalogContext): Locale | null =>
  argument == null ? locale : normaliseLocale(argument);
