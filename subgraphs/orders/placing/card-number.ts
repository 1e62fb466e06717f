/**
 * Finds what may be a payment card number (ISO/IEC 7812: 13 to 19 digits, last one a Luhn check digit), so that input
 * carrying one is refused before it is stored, hashed or logged.
 */

/** True when the digits end in their own Luhn check digit. */
export function passesLuhn(digits: string): boolean {
  let total = 0;
  for (let index = 0; index < digits.length; index += 1) {
    const digit = digits.charCodeAt(digits.length - 1 - index) - 48;
    const weighted = index % 2 === 1 ? digit * 2 : digit;
    total += weighted > 9 ? weighted - 9 : weighted;
  }
  return total % 10 === 0;
}

/** Digits in groups, as people copy them from a card: one space, dot, dash or no-break space between two groups. */
const GROUPED_DIGITS = /\d+(?:[ .\-\u00a0\u2010-\u2015\u2212]\d+)*/gu;

/** Leading digits of the networks: Visa, Mastercard, American Express, Diners, Discover, JCB, UnionPay, Maestro. */
const NETWORK = /^(?:4|5[0-9]|2(?:22[1-9]|2[3-9]|[3-6]|7[01]|720)|3[4-9]|6)/;

/** Every run of whole groups that has the length of a card number. */
function* candidates(text: string): Generator<string> {
  // Full-width and other compatibility digits are folded first.
  for (const [run] of text.normalize('NFKC').matchAll(GROUPED_DIGITS)) {
    const groups = run.split(/\D/u);
    for (let from = 0; from < groups.length; from += 1) {
      let digits = '';
      for (let to = from; to < groups.length && digits.length < 19; to += 1) {
        digits += groups[to]!;
        if (digits.length >= 13 && digits.length <= 19) yield digits;
      }
    }
  }
}

/** For free text (notes, names, addresses): any 13 to 19 digits that pass Luhn. */
export function mayHoldCardNumber(text: string): boolean {
  for (const digits of candidates(text)) if (passesLuhn(digits)) return true;
  return false;
}

/**
 * For identifiers other systems issue (order numbers of marketplaces, payment references). One in ten passes Luhn by
 * chance, so these are refused only when they also begin as a card network's numbers do and have a length cards have today.
 */
export function looksLikeCardNumber(identifier: string): boolean {
  for (const digits of candidates(identifier)) {
    const whole = digits.length === identifier.normalize('NFKC').replace(/\D/gu, '').length;
    if (whole && digits.length >= 15 && digits.length <= 16 && NETWORK.test(digits) && passesLuhn(digits)) return true;
  }
  return false;
}
