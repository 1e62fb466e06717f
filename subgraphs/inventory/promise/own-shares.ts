import { FIXED_ONE, larger } from './fixed-point.ts';

/* What belongs to each channel of a base, in fixed point, cut down to whole `unit`s; the rest belongs to nobody. Pure. */

const HUNDRED = 100n * FIXED_ONE;

/** What a channel may claim: a fixed quantity or a percentage (the other is zero), and what was moved to (+) or from (-) it. */
export interface Claim {
  readonly fixed: bigint;
  readonly percent: bigint;
  readonly moved: bigint;
}

/** Before and after moves. */
export interface OwnShares {
  readonly shares: readonly bigint[];
  readonly own: readonly bigint[];
}

/**
 * Fixed quantities come first (each in proportion where the base is too small for all of them), percentages divide what
 * they leave. What was moved to a channel shrinks before anybody's share does. The sum is never above the base.
 */
export function ownShares(claims: readonly Claim[], base: bigint, unit: bigint): OwnShares {
  const granted = fit(claims.map((claim) => claim.fixed), base, unit);
  const left = base - total(granted);
  const shares = claims.map(({ percent }, index) => granted[index]! + cut((left * percent) / HUNDRED, unit));
  const kept = claims.map(({ moved }, index) => larger(0n, shares[index]! + (moved < 0n ? moved : 0n)));
  const gained = fit(claims.map(({ moved }) => larger(0n, moved)), base - total(kept), unit);
  return { shares, own: kept.map((quantity, index) => quantity + gained[index]!) };
}

/** All of what is wanted, or of each as much in proportion as fits into the room. */
function fit(wanted: readonly bigint[], room: bigint, unit: bigint): readonly bigint[] {
  const sum = total(wanted);
  return sum <= room ? wanted.map((quantity) => cut(quantity, unit)) : wanted.map((quantity) => cut((quantity * room) / sum, unit));
}

/**
 * Where the unused shares ask for more than is left (the base fell after the pool was sold), all shares shrink by one
 * factor, the largest that fits: a channel that has used up its shrunken share gets nothing of the others'. As any sale
 * within a limit takes the same from both sides of the comparison, the factor stays what it is while channels sell.
 */
export function shrinkToFit(own: readonly bigint[], used: readonly bigint[], available: bigint, unit: bigint): readonly bigint[] {
  const fits = (shares: readonly bigint[]): boolean => shares.reduce((sum, share, index) => sum + larger(0n, share - used[index]!), 0n) <= available;
  if (fits(own)) return own;
  // Two factors at which some share loses a unit lie further apart than 1 / (largest share in units)^2.
  const bits = 2n * BigInt((own.reduce(larger, 0n) / unit).toString(2).length) + 1n;
  const shrunk = (factor: bigint): bigint[] => own.map((share) => cut((share * factor) >> bits, unit));
  let fitting = 0n;
  let tooMuch = 1n << bits;
  while (tooMuch - fitting > 1n) {
    const middle = (fitting + tooMuch) >> 1n;
    if (fits(shrunk(middle))) fitting = middle;
    else tooMuch = middle;
  }
  return shrunk(fitting);
}

const cut = (quantity: bigint, unit: bigint): bigint => quantity - (quantity % unit);
const total = (quantities: readonly bigint[]): bigint => quantities.reduce((sum, quantity) => sum + quantity, 0n);
