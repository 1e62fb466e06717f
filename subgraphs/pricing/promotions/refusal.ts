/** Why what a merchant asked for is not done: nothing was changed. */
export interface Refusal {
  readonly code: 'INVALID_INPUT' | 'NOT_FOUND' | 'CONFLICT' | 'FORBIDDEN';
  /** Path of the input field at fault. */
  readonly field: readonly string[];
  /** What is wrong and what to do. */
  readonly message: string;
}

export type Outcome<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly refusals: readonly Refusal[] };

export const refused = (...refusals: readonly Refusal[]): Outcome<never> => ({ ok: false, refusals });
export const invalid = (field: readonly string[], message: string): Refusal => ({ code: 'INVALID_INPUT', field, message });

/** PostgreSQL holds neither NUL nor half a character. */
export const isStorable = (text: string): boolean => !text.includes('\0') && text.isWellFormed();
