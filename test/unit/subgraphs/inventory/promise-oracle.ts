import fc from 'fast-check';
import { decimal, ZERO, type Decimal } from '../../../../domain/decimal.ts';
import type { HoldLine } from '../../../../domain/inventory.ts';
import { addDays, calendarDate, daysBetween, type CalendarDate } from '../../../../domain/time.ts';
import type { Supply } from '../../../../subgraphs/inventory/promise/plan.ts';
import type { LocationPosition, StockPosition } from '../../../../subgraphs/inventory/promise/position.ts';

/* Worlds to promise from, and what may be promised, by definition: arrays of days, plain numbers, nothing shared with the engine. */

export const TODAY = calendarDate('2026-03-01');
export const HORIZON = 12;
export const day = (offset: number): CalendarDate => addDays(TODAY, offset);
export const q = (value: number): Decimal => decimal(value);

export interface Place {
  readonly onHand: number;
  readonly allocated: number;
  readonly held: number;
  /** Pairs of day and quantity. */
  readonly receipts: readonly (readonly [number, number])[];
  readonly issues: readonly (readonly [number, number])[];
  /** Our own holds of a later day. */
  readonly dated: readonly (readonly [number, number])[];
}

/** SKU, then location. */
export type World = Readonly<Record<string, Readonly<Record<string, Place>>>>;
export type Kits = Readonly<Record<string, Readonly<Record<string, number>>>>;

const movements = fc.array(fc.tuple(fc.integer({ min: -3, max: HORIZON + 3 }), fc.integer({ min: 1, max: 9 })), { maxLength: 3 });
const places: fc.Arbitrary<Place> = fc.record({
  onHand: fc.integer({ min: -3, max: 20 }), allocated: fc.integer({ min: 0, max: 5 }), held: fc.integer({ min: 0, max: 5 }), receipts: movements, issues: movements, dated: movements,
});

export const worlds = (skus: readonly string[], locations: readonly string[]): fc.Arbitrary<World> =>
  fc.record(Object.fromEntries(skus.map((sku) => [sku, fc.record(Object.fromEntries(locations.map((code) => [code, places])))])));

export function supplyOf(world: World, kits: Kits = {}, digits = 0): Supply {
  const item = { quantityDigits: digits, sellable: true, active: true, unitCode: 'PCE', units: [] };
  const goods = Object.entries(world).map(([sku, byLocation]): [string, StockPosition] => [
    sku, { sku, item, components: [], locations: Object.entries(byLocation).map(([code, place]) => locationOf(code, place)) },
  ]);
  const made = Object.entries(kits).map(([sku, components]): [string, StockPosition] => [
    sku, { sku, item, locations: [], components: Object.entries(components).map(([component, quantity]) => ({ sku: component, quantity: q(quantity) })) },
  ]);
  return { positions: new Map([...goods, ...made]), allocations: new Map() };
}

const locationOf = (code: string, { onHand, allocated, held, receipts, issues, dated }: Place): LocationPosition => ({
  locationCode: code, locationName: code, asOf: null, held: q(held),
  level: { quantityBasis: 'ON_HAND', onHand: q(onHand), allocated: q(allocated), unsellable: ZERO },
  receipts: receipts.map(([on, quantity]) => ({ date: day(on), quantity: q(quantity) })),
  issues: [...issues, ...dated].map(([on, quantity]) => ({ date: day(on), quantity: q(quantity) })),
  heldDated: dated.map(([on, quantity]) => ({ date: day(on), quantity: q(quantity) })),
});

/** The world after these takings, from scratch: what was taken is held, from now or from its day on. */
export function afterTakes(world: World, takes: readonly HoldLine[]): World {
  const copy = structuredClone(world) as Record<string, Record<string, { -readonly [K in keyof Place]: Place[K] }>>;
  for (const { sku, locationCode, quantity, dueOn } of takes) {
    const place = copy[sku]![locationCode]!;
    if (dueOn === null) place.held += Number(quantity);
    else place.dated = [...place.dated, [daysBetween(TODAY, dueOn), Number(quantity)]];
  }
  return copy;
}

const sum = (movements: Place['issues'], from: number, until: number): number =>
  movements.filter(([due]) => due >= from && due <= until).reduce((total, [, quantity]) => total + quantity, 0);

const projected = ({ onHand, allocated, held, receipts, issues, dated }: Place, day: number): number =>
  Math.max(0, onHand) - allocated - held + sum(receipts, 0, day) - sum(issues, -99, day) - sum(dated, -99, day);

/** What one place may promise for a day (null: now, of what is there), by definition. */
export function mayPromise(place: Place, on: number | null): number {
  const days = Array.from({ length: HORIZON + 1 }, (_, day) => projected(place, day)).slice(on ?? 0);
  const later = Math.min(...days);
  return Math.max(0, on === null ? Math.min(later, projected(place, 0) - sum(place.receipts, 0, 0)) : later);
}

/** What our own holds exceed a place by on its worst day from that one on: they will be served from another. */
function overheld(place: Place, on: number): number {
  const days = Array.from({ length: HORIZON + 1 - on }, (_, index) => on + index);
  return Math.max(0, ...days.map((day) => Math.min(place.held + sum(place.dated, -99, day), -projected(place, day))));
}

function mayPromiseOf(world: World, sku: string, on: number | null, codes?: readonly string[]): number {
  const all = Object.entries(world[sku] ?? {});
  const total = all.reduce((sum, [, place]) => sum + mayPromise(place, on) - overheld(place, on ?? 0), 0);
  const served = all.filter(([code]) => !codes || codes.includes(code)).reduce((sum, [, place]) => sum + mayPromise(place, on), 0);
  return Math.max(0, Math.min(served, total));
}

/** Of a kit: as many as every component lasts for. */
export const mayPromiseUnits = (world: World, kits: Kits, sku: string, on: number | null, codes?: readonly string[]): number =>
  kits[sku] ? Math.min(...Object.entries(kits[sku]).map(([component, per]) => Math.floor(mayPromiseOf(world, component, on, codes) / per))) : mayPromiseOf(world, sku, on, codes);
