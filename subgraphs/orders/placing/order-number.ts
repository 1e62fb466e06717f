import { randomBytes } from 'node:crypto';

/** Crockford's base 32: no I, L, O, U, so that a number survives being read over the phone. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

const PATTERN = /^SO-[0-9A-HJKMNP-TV-Z]{12}$/;

/**
 * A new order number, e.g. "SO-7K2M9QX4T0ZB": 60 random bits, so that knowing one tells nothing of the others. It is the
 * order's reference in the ERP, hence letters, digits and dash only.
 */
export function newOrderNumber(random: (bytes: number) => Uint8Array = randomBytes): string {
  return `SO-${randomLetters(random)}`;
}

/** 60 random bits in letters people can read to each other. */
export const randomLetters = (random: (bytes: number) => Uint8Array = randomBytes): string => Array.from(random(12), (byte) => ALPHABET[byte & 31]!).join('');

export const isOrderNumber = (text: string): boolean => PATTERN.test(text);
