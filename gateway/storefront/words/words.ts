import { english, type Words } from './english.ts';
import { french } from './french.ts';
import { german } from './german.ts';

const LANGUAGES: Readonly<Record<string, Words>> = { en: english, de: german, fr: french };

/** The shop's own words in the language of a locale; English where it has not learnt it. */
export const wordsOf = (languageTag: string): Words => LANGUAGES[languageTag.split('-')[0] ?? ''] ?? english;

/** "de-DE" as its speakers say it: "Deutsch". The region is left out, a script of its own is not. */
export function nameLanguage(languageTag: string): string {
  const { language, script } = new Intl.Locale(languageTag);
  return new Intl.DisplayNames(languageTag, { type: 'language' }).of(script === undefined ? language : `${language}-${script}`) ?? languageTag;
}

/** "zh_Hant_TW" as BCP 47; a locale Intl does not know is shown in English notation. */
export function languageTagOf(locale: string | null): string {
  const tag = (locale ?? 'en-US').replaceAll('_', '-');
  try {
    return Intl.getCanonicalLocales(tag)[0] ?? 'en-US';
  } catch {
    return 'en-US';
  }
}
