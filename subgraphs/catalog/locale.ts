import type { Localized } from '../../domain/catalog.ts';
import type { Locale } from '../../domain/ids.ts';

/** Key of a text that is the same in every locale. */
export const ANY_LOCALE = '*';

/** "en-us" and "EN_us" are "en_US"; script and longer subtags keep their order. */
export function normaliseLocale(locale: string): Locale {
  const [language = '', ...rest] = locale.trim().split(/[-_]/);
  const subtags = rest.map((tag) => (tag.length === 4 ? `${tag[0]!.toUpperCase()}${tag.slice(1).toLowerCase()}` : tag.toUpperCase()));
  return [language.toLowerCase(), ...subtags].join('_');
}

const languageOf = (locale: Locale): string => locale.split('_', 1)[0]!;

/** The wanted locale among those present, else another of the same language, else null. */
export function matchLocale(wanted: Locale, present: Iterable<Locale>): Locale | null {
  let sameLanguage: Locale | null = null;
  for (const locale of present) {
    if (locale === wanted) return locale;
    if (sameLanguage === null && languageOf(locale) === languageOf(wanted)) sameLanguage = locale;
  }
  return sameLanguage;
}

/** First locale a source writes: its default (see domain/catalog.ts). */
export const sourceLocaleOf = (text: Localized): Locale => Object.keys(text)[0] ?? ANY_LOCALE;

/**
 * The text in the wanted locale, else in its language, else in the source's default, else in any. Empty text counts as
 * missing. Null when there is none at all.
 */
export function pickText(text: Localized, wanted: Locale | null, sourceLocale: Locale): string | null {
  const exact = wanted === null ? undefined : text[wanted];
  if (exact) return exact;
  const present = Object.keys(text).filter((locale) => text[locale]);
  const near = wanted === null ? null : matchLocale(wanted, present);
  return text[near ?? sourceLocale] || text[ANY_LOCALE] || (present[0] === undefined ? null : text[present[0]]!);
}

/** PostgreSQL's text search configurations by language; the rest is indexed unstemmed. */
const CONFIGURATIONS: Readonly<Record<string, string>> = {
  ar: 'arabic', hy: 'armenian', eu: 'basque', ca: 'catalan', da: 'danish', nl: 'dutch', en: 'english', fi: 'finnish', fr: 'french',
  de: 'german', el: 'greek', hi: 'hindi', hu: 'hungarian', id: 'indonesian', ga: 'irish', it: 'italian', lt: 'lithuanian', ne: 'nepali',
  no: 'norwegian', nb: 'norwegian', nn: 'norwegian', pt: 'portuguese', ro: 'romanian', ru: 'russian', sr: 'serbian', es: 'spanish',
  sv: 'swedish', ta: 'tamil', tr: 'turkish', yi: 'yiddish',
};

export const searchConfigurationOf = (locale: Locale): string => CONFIGURATIONS[languageOf(locale)] ?? 'simple';
