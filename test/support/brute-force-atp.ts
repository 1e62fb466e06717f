/**
 * Available-to-promise straight from its definition, day by day, sharing neither code nor arithmetic with what it judges:
 * whole numbers of 10^-12 units, days counted by their own calendar, every minimum searched anew.
 *
 *   proj(t) = sellable on hand - allocated - undated holds + receipts due <= t - issues due <= t - dated holds due <= t
 *   ATP(t)  = max(0, min over u in [t..H] of proj(u) - safety stock)
 */

interface OnDay {
  /** "2026-11-21" */
  readonly date: string;
  /** Decimal text. */
  readonly quantity: string;
}

export interface OracleSupply {
  readonly quantityBasis: 'ON_HAND' | 'SELLABLE';
  readonly onHand: string;
  readonly allocated: string;
  readonly unsellable: string;
  readonly held: string;
  readonly receipts: readonly OnDay[];
  readonly issues: readonly OnDay[];
  readonly datedHolds: readonly OnDay[];
}

export interface OraclePolicy {
  readonly horizonDays: number;
  readonly safetyStock: string;
  readonly overdueReceipts: { readonly kind: 'DROP' } | { readonly kind: 'PUSH'; readonly days: number };
}

const DIGITS = 12;
const DAY_MS = 86_400_000;

/** Decimal text in units of 10^-12. */
export function scaled(text: string): bigint {
  const [, sign = '', whole = '', fraction = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text) ?? [];
  if (whole === '' || fraction.length > DIGITS) throw new RangeError(`not a decimal: ${text}`);
  const magnitude = BigInt(whole + fraction.padEnd(DIGITS, '0'));
  return sign === '-' ? -magnitude : magnitude;
}

/** Days since 1970-01-01. */
function dayNumber(date: string): number {
  const [year, month, day] = date.split('-').map(Number) as [number, number, number];
  return Date.UTC(year, month - 1, day) / DAY_MS;
}

/** proj(t) for each day from today through the horizon. */
export function projectBruteForce(supply: OracleSupply, today: string, { horizonDays, overdueReceipts }: Omit<OraclePolicy, 'safetyStock'>): bigint[] {
  const now = dayNumber(today);
  const physical = scaled(supply.onHand) - scaled(supply.unsellable);
  let start = physical < 0n ? 0n : physical;
  if (supply.quantityBasis === 'ON_HAND') start -= scaled(supply.allocated);
  start -= scaled(supply.held);
  // Nobody knows when an overdue receipt comes: never, or so many days from today.
  const arrival = (due: number): number => {
    if (due >= now) return due;
    return overdueReceipts.kind === 'DROP' ? Number.POSITIVE_INFINITY : now + overdueReceipts.days;
  };
  const movements = [
    ...supply.receipts.map(({ date, quantity }) => [arrival(dayNumber(date)), scaled(quantity)] as const),
    ...[...supply.issues, ...supply.datedHolds].map(({ date, quantity }) => [dayNumber(date), -scaled(quantity)] as const),
  ];
  return Array.from({ length: horizonDays + 1 }, (_, offset) => {
    let projected = start;
    for (const [day, quantity] of movements) if (day <= now + offset) projected += quantity;
    return projected;
  });
}

/** ATP(t) for each day of a projection, in the projection's units. */
export function atpBruteForce(projected: readonly bigint[], safetyStock: bigint): bigint[] {
  return projected.map((_, day) => {
    let lowest = projected[day]!;
    for (let later = day; later < projected.length; later += 1) if (projected[later]! < lowest) lowest = projected[later]!;
    const left = lowest - safetyStock;
    return left < 0n ? 0n : left;
  });
}

/**
 * By how much our own holds exceed what a location has, on a day or later: promised, so served from the SKU's other
 * locations, which have less by it. What the ERP promised beyond its goods is not ours to move.
 */
export function overheldBruteForce(supply: OracleSupply, projected: readonly bigint[], today: string): bigint[] {
  const now = dayNumber(today);
  const beyond = projected.map((level, offset) => {
    let ours = scaled(supply.held);
    for (const { date, quantity } of supply.datedHolds) if (dayNumber(date) <= now + offset) ours += scaled(quantity);
    const missing = level < 0n ? -level : 0n;
    return missing < ours ? missing : ours;
  });
  return beyond.map((_, day) => beyond.slice(day).reduce((most, value) => (value > most ? value : most), 0n));
}
