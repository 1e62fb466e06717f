import type { LocationCode, Sku } from '../../../domain/ids.ts';
import { larger, smaller } from './fixed-point.ts';
import type { SourcingStrategy } from './policy.ts';

/** What one line needs: of a kit, of each component. */
export interface Need {
  readonly sku: Sku;
  readonly quantity: bigint;
}

export interface Draw extends Need {
  readonly locationCode: LocationCode;
}

export interface SourcingQuestion {
  readonly lines: readonly (readonly Need[])[];
  /** In the order in which they are preferred. */
  readonly locations: readonly LocationCode[];
  /** What a location can give of a SKU, before any of these lines. */
  readonly capacity: (sku: Sku, locationCode: LocationCode) => bigint;
  readonly strategy: SourcingStrategy;
  /** Each line from one location. */
  readonly wholeLines: boolean;
}

/** Up to so many locations the fewest are found by looking at every choice; beyond, one after the other by what they complete. */
export const EXACT_LOCATIONS = 10;

/**
 * Where a basket comes from: what each line draws, in order. Null where the locations together do not suffice.
 * FEWEST_SHIPMENTS: no smaller set of locations can give the whole basket (exact up to EXACT_LOCATIONS that have any of
 * it); of sets as small the one preferred first. Within the set a line comes from one location where one covers it.
 */
export function sourceBasket(question: SourcingQuestion): readonly (readonly Draw[])[] | null {
  const { lines, locations, strategy } = question;
  const [only] = lines;
  if (lines.length === 1 && only!.length === 1) return sourceOne(question, only![0]!);
  const useful = locations.filter((code) => lines.some((needs) => needs.some(({ sku }) => question.capacity(sku, code) > 0n)));
  if (strategy !== 'FEWEST_SHIPMENTS') return drawFrom(question, useful);
  return useful.length <= EXACT_LOCATIONS ? searchFewest(question, useful) : gatherFewest(question, useful);
}

/** One line of one SKU: nothing to weigh against. Enough from the largest is the fewest there can be; preference decides between equals. */
function sourceOne({ locations, capacity, strategy, wholeLines }: SourcingQuestion, need: Need): readonly (readonly Draw[])[] | null {
  const { sku, quantity } = need;
  if (wholeLines || strategy === 'FEWEST_SHIPMENTS') {
    const whole = locations.find((code) => capacity(sku, code) >= quantity);
    if (whole !== undefined) return [[{ sku, quantity, locationCode: whole }]];
    if (wholeLines) return null;
  }
  const able = locations.flatMap((locationCode) => {
    const most = capacity(sku, locationCode);
    return most > 0n ? [{ locationCode, most }] : [];
  });
  const chosen = strategy === 'FEWEST_SHIPMENTS' ? fewestFor(able, quantity) : able;
  const draws: Draw[] = [];
  let missing = quantity;
  for (const { locationCode, most } of chosen) {
    if (missing === 0n) break;
    const taken = smaller(most, missing);
    draws.push({ sku, quantity: taken, locationCode });
    missing -= taken;
  }
  return missing > 0n ? null : [draws];
}

interface Able {
  readonly locationCode: LocationCode;
  readonly most: bigint;
}

/** As few as suffice, the preferred ones first: one is kept whenever the largest of the rest still make up what it leaves. */
function fewestFor(able: readonly Able[], quantity: bigint): readonly Able[] {
  const descending = able.toSorted((a, b) => (a.most === b.most ? 0 : a.most > b.most ? -1 : 1));
  let covered = 0n;
  const count = descending.findIndex(({ most }) => (covered += most) >= quantity) + 1;
  const chosen: Able[] = [];
  let missing = quantity;
  for (const [index, candidate] of able.entries()) {
    const rest = able.slice(index + 1).toSorted((a, b) => (a.most > b.most ? -1 : 1)).slice(0, count - chosen.length - 1);
    if (chosen.length === count || rest.reduce((total, { most }) => total + most, candidate.most) < missing) continue;
    chosen.push(candidate);
    missing -= candidate.most;
  }
  return chosen;
}

/** Every set of locations, small ones first and in order of preference, until one suffices. */
function searchFewest(question: SourcingQuestion, locations: readonly LocationCode[]): readonly (readonly Draw[])[] | null {
  const demand = totalDemand(question.lines);
  const suffice = (chosen: readonly LocationCode[]): boolean =>
    demand.every(([sku, quantity]) => chosen.reduce((total, code) => total + question.capacity(sku, code), 0n) >= quantity);
  for (let size = 1; size <= locations.length; size += 1) {
    for (const chosen of combinations(locations, size)) {
      const draws = suffice(chosen) ? drawFrom(question, chosen) : null;
      if (draws) return draws;
    }
  }
  return question.lines.length === 0 ? [] : null;
}

function totalDemand(lines: SourcingQuestion['lines']): readonly (readonly [Sku, bigint])[] {
  const totals = new Map<Sku, bigint>();
  for (const { sku, quantity } of lines.flat()) totals.set(sku, (totals.get(sku) ?? 0n) + quantity);
  return [...totals];
}

function* combinations(locations: readonly LocationCode[], size: number, from = 0): Generator<readonly LocationCode[]> {
  if (size === 0) return yield [];
  for (let index = from; index <= locations.length - size; index += 1) {
    for (const rest of combinations(locations, size - 1, index + 1)) yield [locations[index]!, ...rest];
  }
}

/** Adds the location that completes the most lines, of equals the one that brings most, until all are complete: rarely more than one too many. */
function gatherFewest(question: SourcingQuestion, locations: readonly LocationCode[]): readonly (readonly Draw[])[] | null {
  const { lines, capacity } = question;
  let missing = lines.map((needs) => needs.map((need) => need.quantity));
  const after = (code: LocationCode): bigint[][] =>
    missing.map((open, line) => open.map((quantity, need) => (quantity === 0n ? 0n : larger(0n, quantity - capacity(lines[line]![need]!.sku, code)))));
  const chosen = new Set<LocationCode>();
  while (chosen.size < locations.length) {
    const left = locations.filter((code) => !chosen.has(code)).map((code) => ({ code, missing: after(code) }));
    const best = left.map((candidate) => ({ ...candidate, ...progressOf(candidate.missing) })).reduce((a, b) => (b.open < a.open || (b.open === a.open && b.quantity < a.quantity) ? b : a));
    chosen.add(best.code);
    missing = best.missing;
    const draws = best.open === 0 ? drawFrom(question, locations.filter((code) => chosen.has(code))) : null;
    if (draws) return draws;
  }
  return drawFrom(question, locations);
}

/** How many lines still miss something, each by itself, and how much all of them do. */
function progressOf(missing: readonly (readonly bigint[])[]): { readonly open: number; readonly quantity: bigint } {
  let open = 0;
  let quantity = 0n;
  for (const needs of missing) {
    const lacking = needs.reduce((total, value) => total + value, 0n);
    if (lacking > 0n) open += 1;
    quantity += lacking;
  }
  return { open, quantity };
}

/** What is left at each location while lines are drawn one after the other. */
interface Remains {
  readonly of: (sku: Sku, code: LocationCode) => bigint;
  readonly draw: (sku: Sku, locationCode: LocationCode, quantity: bigint) => Draw;
}

function remainsOf(capacity: SourcingQuestion['capacity']): Remains {
  const left = new Map<string, bigint>();
  const of = (sku: Sku, code: LocationCode): bigint => left.get(`${code}\n${sku}`) ?? capacity(sku, code);
  return {
    of,
    draw: (sku, locationCode, quantity) => {
      left.set(`${locationCode}\n${sku}`, of(sku, locationCode) - quantity);
      return { sku, locationCode, quantity };
    },
  };
}

/** Draws every line from these locations, or answers null. */
function drawFrom({ lines, capacity, strategy, wholeLines }: SourcingQuestion, locations: readonly LocationCode[]): readonly (readonly Draw[])[] | null {
  const remains = remainsOf(capacity);
  if (wholeLines) return placeWhole(lines, locations, remains);
  const drawn: (readonly Draw[])[] = [];
  for (const needs of lines) {
    const whole = strategy === 'FEWEST_SHIPMENTS' ? locations.find((code) => covers(remains, needs, code)) : undefined;
    const draws = whole === undefined ? spread(needs, locations, remains) : needs.map(({ sku, quantity }) => remains.draw(sku, whole, quantity));
    if (!draws) return null;
    drawn.push(draws);
  }
  return drawn;
}

const covers = (remains: Remains, needs: readonly Need[], code: LocationCode): boolean => needs.every(({ sku, quantity }) => remains.of(sku, code) >= quantity);

/** How many placements are tried where lines are in each other's way; beyond, the basket counts as not to be had so. */
const MAX_PLACEMENTS = 5_000;

/** A location for every line, each whole: the first that fits, and another where that leaves a later line without. */
function placeWhole(lines: SourcingQuestion['lines'], locations: readonly LocationCode[], remains: Remains): readonly (readonly Draw[])[] | null {
  if (!lines.every((needs) => locations.some((code) => covers(remains, needs, code)))) return null;
  const placed: LocationCode[] = [];
  let tried = 0;
  const place = (index: number): boolean => {
    if (index === lines.length) return true;
    const needs = lines[index]!;
    for (const code of locations) {
      if ((tried += 1) > MAX_PLACEMENTS) return false;
      if (!covers(remains, needs, code)) continue;
      for (const { sku, quantity } of needs) remains.draw(sku, code, quantity);
      placed[index] = code;
      if (place(index + 1)) return true;
      for (const { sku, quantity } of needs) remains.draw(sku, code, -quantity);
    }
    return false;
  };
  return place(0) ? lines.map((needs, index) => needs.map((need) => ({ ...need, locationCode: placed[index]! }))) : null;
}

function spread(needs: readonly Need[], locations: readonly LocationCode[], remains: Remains): Draw[] | null {
  const draws: Draw[] = [];
  for (const { sku, quantity } of needs) {
    let missing = quantity;
    for (const code of locations) {
      const taken = smaller(remains.of(sku, code), missing);
      if (taken <= 0n) continue;
      draws.push(remains.draw(sku, code, taken));
      missing -= taken;
      if (missing === 0n) break;
    }
    if (missing > 0n) return null;
  }
  return draws;
}
