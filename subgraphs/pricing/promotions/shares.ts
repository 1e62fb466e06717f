import { decimal, scaleOf, type Decimal } from '../../../domain/decimal.ts';

/** Something a share is in proportion to, and what tells it from its equals. */
export interface Claim {
  readonly weight: Decimal;
  /** Of equal claims the one with the lower name gets the penny. */
  readonly name: string;
}

/**
 * Shares `amount` in proportion to weights, in units of `digits` fraction digits, by largest remainder: each gets its part cut to whole units, what
 * is left goes unit by unit to those who lost most by the cut; of equals to the larger weight, then the lower name, then the earlier. The shares sum to
 * `amount` exactly and none exceeds its weight.
 * @throws RangeError when an amount or weight has more digits, is negative, or more is to be shared than the weights come to
 */
export function shareOut(amount: Decimal, claims: readonly Claim[], digits: number): readonly Decimal[] {
  const weights = claims.map(({ weight }) => unitsOf(weight, digits));
  const [whole, all] = [unitsOf(amount, digits), weights.reduce((total, weight) => total + weight, 0n)];
  if (whole > all) throw new RangeError(`cannot share ${amount} among claims of less`);
  if (whole === 0n) return claims.map(() => decimal(0));
  const shares = weights.map((weight) => (whole * weight) / all);
  const left = whole - shares.reduce((total, share) => total + share, 0n);
  const losses = weights.map((weight, index) => ({ index, weight, loss: (whole * weight) % all, name: claims[index]!.name }));
  losses.sort((a, b) => descending(a.loss, b.loss) || descending(a.weight, b.weight) || Buffer.compare(Buffer.from(a.name), Buffer.from(b.name)) || a.index - b.index);
  for (const { index } of losses.slice(0, Number(left))) shares[index]! += 1n;
  return shares.map((share) => decimalOf(share, digits));
}

const descending = (a: bigint, b: bigint): number => (a > b ? -1 : a < b ? 1 : 0);

function unitsOf(value: Decimal, digits: number): bigint {
  if (value.startsWith('-') || scaleOf(value) > digits) throw new RangeError(`not a whole number of units of ${digits} digits: ${value}`);
  const [whole = '0', fraction = ''] = value.split('.');
  return BigInt(whole + fraction.padEnd(digits, '0'));
}

function decimalOf(units: bigint, digits: number): Decimal {
  const text = units.toString().padStart(digits + 1, '0');
  return decimal(digits === 0 ? text : `${text.slice(0, -digits)}.${text.slice(-digits)}`);
}
