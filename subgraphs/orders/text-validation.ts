import { looksLikeCardNumber, mayHoldCardNumber } from './card-number.ts';

/** A field at fault. Messages never repeat the value: it may be what must not be written down. */
export interface Problem {
  readonly field: readonly string[];
  readonly message: string;
}

/** FREE_TEXT is what people write; an IDENTIFIER was issued by a system; a PHONE in international form is no card. */
export type TextKind = 'FREE_TEXT' | 'IDENTIFIER' | 'PHONE';

/** E.164 allows 15 digits; people add blanks, brackets, dots and dashes. */
const isPhone = (text: string): boolean => /^\+?[\d ()./-]{3,40}$/.test(text) && text.replace(/\D/g, '').length <= 15;

/** Trims; answers null for absent and empty text. Faults are added to `problems`, named by `path`. */
export function checkText(value: string | null | undefined, path: readonly string[], maxLength: number, kind: TextKind, problems: Problem[]): string | null {
  const text = value?.trim() ?? '';
  if (text === '') return null;
  const name = path.join('.');
  if (text.length > maxLength) problems.push({ field: path, message: `${name} has at most ${maxLength} characters` });
  // Line breaks and tabs belong to notes; other control characters (NUL above all) and halves of characters no store and no ERP takes.
  else if (/[^\P{Cc}\t\r\n]/u.test(text) || !text.isWellFormed()) problems.push({ field: path, message: `${name} holds control characters or half a character` });
  else if (holdsCard(text, kind)) problems.push({ field: path, message: `${name} may hold a payment card number; send a payment reference instead` });
  else if (kind === 'PHONE' && !isPhone(text)) problems.push({ field: path, message: `${name} is no phone number of at most 15 digits` });
  return text;
}

function holdsCard(text: string, kind: TextKind): boolean {
  if (kind === 'FREE_TEXT') return mayHoldCardNumber(text);
  return kind === 'PHONE' && text.startsWith('+') ? false : looksLikeCardNumber(text);
}
