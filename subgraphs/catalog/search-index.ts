import type { Localized } from '../../domain/catalog.ts';
import type { Locale } from '../../domain/ids.ts';
import type { Sql } from '../../platform/stores/sql.ts';
import { storableJson } from './fingerprint.ts';
import { ANY_LOCALE, pickText, searchConfigurationOf } from './locale.ts';
import type { PublishedProduct } from './projection.ts';
import { codeWordsOf, sortKeyOf, wordsOf } from './words.ts';

/** Lexeme every document of a locale carries, so that one index serves all locales. No word of ours begins with "@". */
export const localeLexeme = (locale: Locale): string => `@${locale}`;

const MAX_BODY_WORDS = 3_000;
const MAX_TRAIT_WORDS = 200;

/** Rewrites the search rows of these products, in every known locale and in the source's own ("*"). Answers whether a locale is new. */
export async function indexProducts(tx: Sql, products: readonly PublishedProduct[]): Promise<boolean> {
  if (products.length === 0) return false;
  const { known, isNew } = await registerLocales(tx, products);
  const locales = [ANY_LOCALE, ...known];
  const categories = await readCategoryNames(tx, products);
  const rows = products.flatMap((product) => searchRows(product, locales, categories));
  await tx.run(
    `insert into catalog.search (product_code, locale, name_key, document)
     select code, locale, key, array_to_tsvector(array[marker])
       || setweight(to_tsvector('simple', title), 'A') || setweight(to_tsvector(config::regconfig, title), 'A')
       || setweight(to_tsvector('simple', codes), 'B') || setweight(to_tsvector(config::regconfig, traits), 'C')
       || setweight(to_tsvector(config::regconfig, body), 'D')
     from jsonb_to_recordset($1::jsonb) as r(code text, locale text, marker text, config text, key text, title text, codes text, traits text, body text)
     on conflict (product_code, locale) do update set name_key = excluded.name_key, document = excluded.document
       where (search.name_key, search.document) is distinct from (excluded.name_key, excluded.document)`,
    [storableJson(rows)],
  );
  return isNew;
}

/** Names of the categories these products are in. */
async function readCategoryNames(tx: Sql, products: readonly PublishedProduct[]): Promise<ReadonlyMap<string, Localized>> {
  const codes = [...new Set(products.flatMap((product) => product.categoryCodes))];
  const rows = await tx.query<{ code: string; name: Localized }>('select code, name from catalog.category where code = any($1::text[])', [codes]);
  return new Map(rows.map(({ code, name }) => [code, name]));
}

function searchRows(product: PublishedProduct, locales: readonly Locale[], categories: ReadonlyMap<string, Localized>): object[] {
  const { code, name, description, brand, sourceLocale, variants } = product;
  const codes = new Set([brand ?? '', ...variants.flatMap(({ sku, gtin }) => [sku, gtin ?? ''])].flatMap(codeWordsOf));
  return locales.map((locale) => {
    const wanted = locale === ANY_LOCALE ? null : locale;
    const title = pickText(name, wanted, sourceLocale) ?? code;
    const variantTexts = variants.flatMap((variant) => [
      pickText(variant.name, wanted, variant.sourceLocale) ?? '',
      ...variant.options.map((option) => pickText(option.text, wanted, sourceLocale) ?? ''),
    ]);
    // What a shopper calls it beside its name: the kind of thing it is and what it is made of.
    const traits = [...product.categoryCodes.map((category) => categories.get(category) ?? {}), ...product.attributes.map(({ text }) => text)];
    return {
      code,
      locale,
      marker: localeLexeme(locale),
      config: searchConfigurationOf(locale),
      key: sortKeyOf(title),
      title: wordsOf(title).join(' '),
      codes: [...new Set([...codes, ...variantTexts.flatMap(wordsOf)])].join(' '),
      traits: [...new Set(traits.flatMap((text) => wordsOf(pickText(text, wanted, sourceLocale) ?? '')))].slice(0, MAX_TRAIT_WORDS).join(' '),
      body: wordsOf(pickText(description, wanted, sourceLocale) ?? '').slice(0, MAX_BODY_WORDS).join(' '),
    };
  });
}

/** Locales in the order they were first met; products already there get a row in a new one from their own language. */
async function registerLocales(tx: Sql, products: readonly PublishedProduct[]): Promise<{ readonly known: readonly Locale[]; readonly isNew: boolean }> {
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
  return { known: rows.map((row) => row.locale), isNew: fresh.length > 0 };
}
