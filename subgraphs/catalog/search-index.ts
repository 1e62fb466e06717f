import type { Locale } from '../../domain/ids.ts';
import type { Sql } from '../../platform/stores/sql.ts';
import { storableJson } from './fingerprint.ts';
import { ANY_LOCALE, pickText, searchConfigurationOf } from './locale.ts';
import type { PublishedProduct } from './projection.ts';
import { codeWordsOf, sortKeyOf, wordsOf } from './words.ts';

/** Lexeme every document of a locale carries, so that one index serves all locales. No word of ours begins with "@". */
export const localeLexeme = (locale: Locale): string => `@${locale}`;

const MAX_BODY_WORDS = 3_000;

/** Rewrites the search rows of these products, in every known locale and in the source's own ("*"). */
export async function indexProducts(tx: Sql, products: readonly PublishedProduct[]): Promise<void> {
  if (products.length === 0) return;
  const locales = [ANY_LOCALE, ...(await registerLocales(tx, products))];
  const rows = products.flatMap((product) => searchRows(product, locales));
  await tx.run(
    `insert into catalog.search (product_code, locale, name_key, document)
     select code, locale, key, array_to_tsvector(array[marker])
       || setweight(to_tsvector('simple', title), 'A') || setweight(to_tsvector(config::regconfig, title), 'A')
       || setweight(to_tsvector('simple', codes), 'B') || setweight(to_tsvector(config::regconfig, body), 'D')
     from jsonb_to_recordset($1::jsonb) as r(code text, locale text, marker text, config text, key text, title text, codes text, body text)
     on conflict (product_code, locale) do update set name_key = excluded.name_key, document = excluded.document
       where (search.name_key, search.document) is distinct from (excluded.name_key, excluded.document)`,
    [storableJson(rows)],
  );
}

function searchRows(product: PublishedProduct, locales: readonly Locale[]): object[] {
  const { code, name, description, brand, sourceLocale, variants } = product;
  const codes = new Set([brand ?? '', ...variants.flatMap(({ sku, gtin }) => [sku, gtin ?? ''])].flatMap(codeWordsOf));
  return locales.map((locale) => {
    const wanted = locale === ANY_LOCALE ? null : locale;
    const title = pickText(name, wanted, sourceLocale) ?? code;
    const variantTexts = variants.flatMap((variant) => [
      pickText(variant.name, wanted, variant.sourceLocale) ?? '',
      ...variant.options.map((option) => pickText(option.text, wanted, sourceLocale) ?? ''),
    ]);
    return {
      code,
      locale,
      marker: localeLexeme(locale),
      config: searchConfigurationOf(locale),
      key: sortKeyOf(title),
      title: wordsOf(title).join(' '),
      codes: [...new Set([...codes, ...variantTexts.flatMap(wordsOf)])].join(' '),
      body: wordsOf(pickText(description, wanted, sourceLocale) ?? '').slice(0, MAX_BODY_WORDS).join(' '),
    };
  });
}

/** Locales in the order they were first met; products already there get a row in a new one from their own language. */
async function registerLocales(tx: Sql, products: readonly PublishedProduct[]): Promise<Locale[]> {
  const met = new Set(products.flatMap(({ name, description }) => [...Object.keys(name), ...Object.keys(description)]));
  met.delete(ANY_LOCALE);
  const fresh = await tx.query<{ locale: string }>(
    `insert into catalog.locale (locale) select l from unnest($1::text[]) with ordinality as m(l, n)
     where not exists (select from catalog.locale where locale = l) order by n returning locale`,
    [[...met]],
  );
  for (const { locale } of fresh) {
    await tx.run(
      `insert into catalog.search (product_code, locale, name_key, document)
       select product_code, $1::text, name_key, ts_delete(document, $2) || array_to_tsvector(array[$3::text]) from catalog.search where locale = '*'`,
      [locale, localeLexeme(ANY_LOCALE), localeLexeme(locale)],
    );
  }
  const rows = await tx.query<{ locale: string }>('select locale from catalog.locale order by position');
  return rows.map((row) => row.locale);
}
