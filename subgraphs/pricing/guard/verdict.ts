import { isNegative } from '../../../domain/decimal.ts';
import type { Sku } from '../../../domain/ids.ts';
import type { ListPrice } from '../../../domain/pricing.ts';
import type { IncomingChange } from './incoming-change.ts';
import type { Judged } from './judge.ts';
import { isLarger, magnitude, type Move } from './move.ts';
import { basesOf, listsOf, namedSkus, touches, turnsList, type ListLink } from './reach.ts';

export type ParkReason = 'THRESHOLD' | 'BLAST_RADIUS';

/** A change that is not served until somebody approves it, and what it would do. */
export interface Parking {
  readonly change: IncomingChange;
  readonly reason: ParkReason;
  /** How many SKUs it concerns. */
  readonly skuCount: number;
  /** Its moves, the largest first. */
  readonly moves: readonly Move[];
}

export interface VerdictContext {
  readonly links: readonly ListLink[];
  readonly baseListCode: string | null;
  /** The items as they are and as they are to be, of every SKU that was looked at. */
  readonly itemsOf: (sku: Sku) => readonly Pick<ListPrice, 'sku' | 'groupCode' | 'categoryCodes'>[];
  /** SKUs a change that covers many covers. */
  readonly coveredBy: (change: IncomingChange) => readonly Sku[];
  /** Have moved without approval a while ago. */
  readonly movedBefore: ReadonlySet<Sku>;
  /** So many may. */
  readonly radius: number;
}

export interface Verdict {
  readonly parked: readonly Parking[];
  /** SKUs whose price moves without approval, if nothing is parked. */
  readonly moved: ReadonlySet<Sku>;
}

/** Which of the changes are too much, seen together: first those that move a price too far, then all that move any where too many move. */
export function decide(changes: readonly IncomingChange[], judged: Judged, context: VerdictContext): Verdict {
  const causes = movesByCause(changes, judged.moves, context);
  const far = changes.filter((change) => causes.get(change)!.some(({ isBeyond }) => isBeyond));
  if (far.length > 0) return { parked: far.map((change) => parkingOf(change, 'THRESHOLD', causes, context)), moved: new Set() };
  const counted = changes.filter((change) => countsFor(change, causes.get(change)!, judged));
  const moved = new Set(counted.flatMap((change) => [...(isWide(change) ? context.coveredBy(change) : []), ...causes.get(change)!.map(({ sku }) => sku)]));
  const isTooMany = moved.size > 0 && new Set([...moved, ...context.movedBefore]).size > context.radius;
  return { parked: isTooMany ? counted.map((change) => parkingOf(change, 'BLAST_RADIUS', causes, context)) : [], moved };
}

const isWide = (change: IncomingChange): boolean => namedSkus(change) === null;

/** Rates move every converted price, every day: they are held against the threshold only. */
function countsFor(change: IncomingChange, moves: readonly Move[], { pricedLists }: Judged): boolean {
  if (change.kind === 'currency_rate') return false;
  if (moves.length > 0) return true;
  // What a sample shows nothing of may still move others: a rule that is new counts for all it covers.
  const mayMove = turnsList(change) || (change.kind === 'price_rule' && change.before === null && isWide(change));
  return mayMove && listsOf(change).some((code) => pricedLists.has(code));
}

/** A move is the doing of every change that has a say in that price on that list, or on one it is computed from. */
function movesByCause(changes: readonly IncomingChange[], moves: readonly Move[], { links, baseListCode, itemsOf }: VerdictContext): ReadonlyMap<IncomingChange, readonly Move[]> {
  const causes = new Map(changes.map((change): [IncomingChange, Move[]] => [change, []]));
  const named = new Map<Sku, IncomingChange[]>();
  for (const change of changes) for (const sku of namedSkus(change) ?? []) named.set(sku, [...(named.get(sku) ?? []), change]);
  const wide = changes.filter(isWide);
  const chains = new Map<string | null, ReadonlySet<string>>();
  const chainOf = (code: string | null): ReadonlySet<string> => {
    const known = chains.get(code);
    if (known) return known;
    const chain = new Set([code, baseListCode].flatMap((from) => (from === null ? [] : basesOf(links, from))));
    chains.set(code, chain);
    return chain;
  };
  for (const move of moves) {
    const chain = chainOf(move.listCode);
    const concerns = (change: IncomingChange): boolean => listsOf(change).length === 0 || listsOf(change).some((code) => chain.has(code));
    for (const change of named.get(move.sku) ?? []) if (concerns(change)) causes.get(change)!.push(move);
    for (const change of wide) if (concerns(change) && touches(change, itemsOf(move.sku))) causes.get(change)!.push(move);
  }
  return causes;
}

function parkingOf(change: IncomingChange, reason: ParkReason, causes: ReadonlyMap<IncomingChange, readonly Move[]>, { coveredBy }: VerdictContext): Parking {
  const moves = [...causes.get(change)!].sort((a, b) => (isLarger(a, b) ? -1 : isLarger(b, a) ? 1 : a.sku < b.sku ? -1 : 1));
  const skuCount = isWide(change) ? coveredBy(change).length : new Set(moves.map(({ sku }) => sku)).size;
  return { change, reason, skuCount, moves };
}

export type Direction = 'UP' | 'DOWN' | 'BOTH';

/** Which way prices go; null: it cannot be said of any. */
export function directionOf(moves: readonly Move[]): Direction | null {
  const [down, up] = [true, false].map((falls) => moves.some(({ percent }) => percent !== null && isNegative(percent) === falls));
  return down ? (up ? 'BOTH' : 'DOWN') : up ? 'UP' : null;
}

/** Null: nothing to compare. */
export const largestPercent = (moves: readonly Move[]): Move['percent'] => {
  const percents = moves.flatMap(({ percent }) => (percent === null ? [] : [magnitude(percent)]));
  return percents.length === 0 ? null : percents.reduce((a, b) => (Number(a) >= Number(b) ? a : b));
};
