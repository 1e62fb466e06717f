import type { UserErrorCode } from '../../graph/user-error.ts';
import { looksLikeCardNumber, mayHoldCardNumber } from './card-number.ts';

/** A field at fault. Messages never repeat the value: it may be what must not be written down. */
export interface Problem {
  readonly field: readonly string[];
  readonly message: string;
  /** INVALID_INPUT unless told. */
  readonly code?: keyof typeof UserErrorCode;
  /** The field may hold a payment card number: nothing of the request may be kept, not even as a hash. */
  readonly card?: true;
}

/** FREE_TEXT is what people write; an IDENTIFIER was issued by a system; a PHONE is a number, but not as long as a card's. */
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
  else if (holdsCard(text, kind)) problems.push(cardProblem(path));
  else if (kind === 'PHONE' && !isPhone(text)) problems.push({ field: path, message: `${name} is no phone number of at most 15 digits` });
  return text;
}

export const cardProblem = (path: readonly string[]): Problem => ({
  field: path, message: `${path.join('.')} may hold a payment card number; send a payment reference instead`, card: true,
});

/** No country has telephone numbers as long as today's card numbers. */
const holdsCard = (text: string, kind: TextKind): boolean => (kind === 'FREE_TEXT' ? mayHoldCardNumber(text) : looksLikeCardNumber(text));
