import type { Sku } from '../../../domain/ids.ts';
import type { RejectionReason } from '../../../domain/inventory.ts';
import type { CalendarDate } from '../../../domain/time.ts';
import { fromFixedPoint, toFixedPoint } from './fixed-point.ts';
import { judgeLine, servedLocations, type Judgement } from './judgement.ts';
import type { BasketQuestion, DemandLine } from './plan.ts';
import { needsOf, recipeOf, type Recipe } from './recipe.ts';
import type { Serving } from './serving.ts';
import { stockAt, takeAt, type SkuSupply } from './sku-supply.ts';
import { sourceBasket, type Draw } from './sourcing.ts';

/* One basket: its lines after one another against the same stock, then where all of them come from. */

/** A line that was judged, and where what it takes comes from. */
export interface JudgedLine {
  readonly line: DemandLine;
  readonly judgement: Judgement;
  readonly recipe: Recipe | null;
  readonly draws: readonly Draw[];
}

export interface Basket {
  readonly recipes: readonly (Recipe | RejectionReason)[];
  /** Judges every line after the ones before it; leaves the supply as it was. */
  judge(serving: Serving): readonly JudgedLine[];
}

export function createBasket(supplyOf: (sku: Sku) => SkuSupply | null, today: CalendarDate, { lines, on }: BasketQuestion): Basket {
  const recipes = lines.map(({ sku }) => recipeOf(sku, supplyOf));
  const shift = ({ judgement, draws }: JudgedLine, sign: 1n | -1n): void => {
    if (judgement.kind === 'REJECTED') return;
    for (const { sku, locationCode, quantity } of draws) {
      const known = supplyOf(sku)!;
      known.pending += takeAt(known, locationCode, sign * quantity, judgement.dueOn);
    }
  };
  const judgeNext = (line: DemandLine, recipe: Recipe | RejectionReason, serving: Serving): JudgedLine => {
    if (typeof recipe === 'string') return { line, recipe: null, judgement: { kind: 'REJECTED', reason: recipe, earliest: null, alternatives: [] }, draws: [] };
    const judgement = judgeLine({ recipe, requested: toFixedPoint(line.quantity), serving, on, today });
    return { line, recipe, judgement, draws: drawLine(recipe, judgement, serving, supplyOf) };
  };
  const judge = (serving: Serving): readonly JudgedLine[] => {
    const judged: JudgedLine[] = [];
    for (const [index, line] of lines.entries()) {
      const next = judgeNext(line, recipes[index]!, serving);
      // Nobody comes after the last.
      if (index < lines.length - 1) shift(next, 1n);
      judged.push(next);
    }
    for (const line of judged.slice(0, -1)) shift(line, -1n);
    return serving.strategy === 'FEWEST_SHIPMENTS' && lines.length > 1 ? sourceTogether(judged, { serving, on, supplyOf, shift }) : judged;
  };
  return { recipes, judge };
}

/** Where one line by itself comes from. What a preorder promises beyond the stock is booked at the first location. */
function drawLine(recipe: Recipe, judgement: Judgement, serving: Serving, supplyOf: (sku: Sku) => SkuSupply | null): readonly Draw[] {
  if (judgement.kind === 'REJECTED' || judgement.taken === 0n) return [];
  const locations = servedLocations(recipe, serving);
  const needs = needsOf(recipe, judgement.taken);
  const capacity = (sku: Sku, code: string): bigint => stockAt(supplyOf(sku)!, code, judgement.dueOn);
  const sourced = sourceBasket({ lines: [needs], locations, capacity, strategy: serving.strategy, wholeLines: serving.splitting !== 'LINES' });
  return sourced ? sourced[0]! : needs.map((need) => ({ ...need, locationCode: locations[0]! }));
}

interface Together {
  readonly serving: Serving;
  readonly on: CalendarDate | null;
  readonly supplyOf: (sku: Sku) => SkuSupply | null;
  readonly shift: (line: JudgedLine, sign: 1n | -1n) => void;
}

/** Sources anew, over the whole basket, the lines wanted for one and the same day; those promised for another stay where they are. */
function sourceTogether(judged: readonly JudgedLine[], { serving, on, supplyOf, shift }: Together): readonly JudgedLine[] {
  if (new Set(judged.flatMap(({ draws }) => draws.map((draw) => draw.locationCode))).size < 2) return judged;
  const isCommon = ({ judgement, draws }: JudgedLine): boolean => judgement.kind !== 'REJECTED' && judgement.dueOn === on && draws.length > 0;
  const common = judged.filter(isCommon);
  const others = judged.filter((line) => !isCommon(line));
  for (const line of others) shift(line, 1n);
  const known = new Map<string, bigint>();
  const capacity = (sku: Sku, code: string): bigint => {
    const key = `${code}\n${sku}`;
    const quantity = known.get(key) ?? stockAt(supplyOf(sku)!, code, on);
    known.set(key, quantity);
    return quantity;
  };
  const locations = inOrder(common, serving);
  const lines = common.map(({ recipe, judgement }) => needsOf(recipe!, judgement.kind === 'REJECTED' ? 0n : judgement.taken));
  const sourced = sourceBasket({ lines, locations, capacity, strategy: serving.strategy, wholeLines: serving.splitting !== 'LINES' });
  for (const line of others) shift(line, -1n);
  return sourced === null ? judged : judged.map((line) => (isCommon(line) ? { ...line, draws: sourced[common.indexOf(line)]! } : line));
}

/** Locations that serve any of the lines, in the order in which they are preferred. */
function inOrder(lines: readonly Pick<JudgedLine, 'recipe'>[], serving: Serving): readonly string[] {
  const rank = new Map<string, number>();
  for (const { recipe } of lines) {
    for (const { supply } of recipe?.parts ?? []) {
      for (const [index, { locationCode }] of supply.position.locations.entries()) rank.set(locationCode, Math.max(rank.get(locationCode) ?? 0, index));
    }
  }
  const known = [...new Set(lines.flatMap(({ recipe }) => (recipe ? servedLocations(recipe, serving) : [])))];
  if (serving.locations !== null && serving.strategy !== 'PRIORITY') return serving.locations.filter((code) => known.includes(code));
  return known.toSorted((a, b) => rank.get(a)! - rank.get(b)!);
}

/** The whole basket from the one location that has the most lines whole, then the most of any. A line the others would have together is told why it is refused. */
export function judgeInOnePlace(basket: Basket, serving: Serving): readonly JudgedLine[] {
  const apart = basket.judge({ ...serving, splitting: 'LINES' });
  const places = inOrder(apart, { ...serving, splitting: 'LINES' });
  let best: readonly JudgedLine[] | null = null;
  for (const code of places) {
    const judged = basket.judge({ ...serving, locations: [code], splitting: 'LINES' });
    if (best === null || hasMore(judged, best)) best = judged;
  }
  return best === null ? apart : best.map((line, index) => refuseSplit(line, apart[index]!));
}

function hasMore(lines: readonly JudgedLine[], than: readonly JudgedLine[]): boolean {
  const wholeOf = (judged: readonly JudgedLine[]): number => judged.filter(({ judgement }) => judgement.kind === 'CONFIRMED').length;
  const takenOf = (judged: readonly JudgedLine[]): bigint => judged.reduce((sum, { judgement }) => sum + (judgement.kind === 'REJECTED' ? 0n : judgement.taken), 0n);
  return wholeOf(lines) > wholeOf(than) || (wholeOf(lines) === wholeOf(than) && takenOf(lines) > takenOf(than));
}

function refuseSplit(here: JudgedLine, apart: JudgedLine): JudgedLine {
  if (here.judgement.kind === 'CONFIRMED' || apart.judgement.kind === 'REJECTED') return here.judgement.kind === 'REJECTED' ? apart : here;
  if (here.judgement.kind === 'PARTIAL' && apart.judgement.kind === 'PARTIAL') return here;
  const had = here.judgement.kind === 'PARTIAL' ? here.judgement.taken : 0n;
  const [first] = apart.judgement.kind === 'PARTIAL' ? apart.judgement.schedule : [];
  const date = apart.judgement.kind === 'CONFIRMED' ? apart.judgement.date : first?.date;
  const alternatives = had > 0n && date !== undefined ? [{ date, quantity: fromFixedPoint(had), locationCode: null }] : [];
  return { ...here, draws: [], judgement: { kind: 'REJECTED', reason: 'SPLIT_NOT_ALLOWED', earliest: null, alternatives } };
}
