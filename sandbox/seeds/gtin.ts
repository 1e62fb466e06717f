/**
 * A GTIN-13 of the range 200..., which GS1 leaves to every shop for its own use: valid check digit, nobody's product.
 * `serial` 0..999,999,999.
 */
export function shopGtin(serial: number): string {
  const body = `200${String(serial).padStart(9, '0')}`;
  return body + checkDigit(body);
}

/** GS1 modulo 10: weights 3 and 1 from the right. */
export function checkDigit(body: string): string {
  const sum = [...body].reverse().reduce((total, digit, index) => total + Number(digit) * (index % 2 === 0 ? 3 : 1), 0);
  return String((10 - (sum % 10)) % 10);
}
