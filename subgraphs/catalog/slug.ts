import { fold } from './words.ts';

const SPELLED: Readonly<Record<string, string>> = { ß: 'ss', æ: 'ae', œ: 'oe', ø: 'o', ł: 'l', đ: 'd', þ: 'th', '&': ' and ' };
const MAX_LENGTH = 80;

/** "Mountain-200 Black, 38" becomes "mountain-200-black-38"; letters of other scripts stay. Empty when nothing is left. */
export function slugOf(text: string): string {
  const spelled = fold(text).replace(/[ßæœøłđþ&]/g, (letter) => SPELLED[letter]!);
  const slug = spelled.replace(/[^\p{L}\p{M}\p{N}]+/gu, '-').replace(/^-+|-+$/g, '');
  return [...slug].slice(0, MAX_LENGTH).join('').replace(/-+$/, '');
}

/** Handles to try in order: the name, the name with the code, then numbered. */
export function* handleCandidates(name: string, code: string): Generator<string> {
  const codeSlug = slugOf(code) || 'product';
  const base = slugOf(name) || codeSlug;
  yield base;
  const withCode = base === codeSlug ? base : `${base}-${codeSlug}`;
  if (withCode !== base) yield withCode;
  for (let number = 2; ; number += 1) yield `${withCode}-${number}`;
}
