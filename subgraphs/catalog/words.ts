/**
 * Splits text into the words that are indexed and searched. Both sides go through here, because PostgreSQL's own parser
 * reads "BK-M82S-38" as a compound with a negative number.
 */

const LATIN_MARKS = /[\u0300-\u036f]/g;
const WORD = /[\p{L}\p{M}\p{N}]+/gu;
/** Scripts written without spaces: a dictionary (ICU) finds the words. */
const UNSPACED = /[\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u;
const TAG = /<[^>]*>/g;

const segmenter = new Intl.Segmenter('und', { granularity: 'word' });

/** Lower case without the accents of Latin, Greek and Cyrillic letters: "Vélo" and "velo" are one word. */
export const fold = (text: string): string => text.normalize('NFKD').replace(LATIN_MARKS, '').normalize('NFC').toLowerCase();

/** Folded words in order, letters and digits only. Markup is skipped. */
export function wordsOf(text: string): string[] {
  const words = fold(text.includes('<') ? text.replace(TAG, ' ') : text).match(WORD) ?? [];
  return UNSPACED.test(text) ? words.flatMap(segment) : words;
}

function segment(word: string): string[] {
  if (!UNSPACED.test(word)) return [word];
  return [...segmenter.segment(word)].filter((part) => part.isWordLike).map((part) => part.segment);
}

/** Words of a SKU or GTIN: its parts and the whole without punctuation, so that "bkm82" finds "BK-M82S-38". */
export function codeWordsOf(code: string): string[] {
  const parts = wordsOf(code);
  return parts.length > 1 ? [...parts, parts.join('')] : parts;
}

const MAX_WORDS = 12;

/**
 * Text of a tsquery: every word must occur, the last one may be a beginning. Null when the text has no words. Words are
 * letters and digits only, so there is nothing to escape.
 */
export function prefixQueryOf(text: string): string | null {
  const words = wordsOf(text).slice(0, MAX_WORDS);
  return words.length === 0 ? null : `${words.map((word) => `'${word}'`).join(' & ')}:*`;
}

const MAX_KEY_LENGTH = 120;

/** What a name sorts by, compared as bytes: accents and case do not separate neighbours. */
export const sortKeyOf = (name: string): string => fold(name).trim().slice(0, MAX_KEY_LENGTH);
