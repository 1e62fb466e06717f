import { compare, decimal, isDecimal, isPositive, ZERO, type Decimal } from '../../../domain/decimal.ts';
import { Failure } from '../../../domain/failure.ts';
import type { Config } from '../../../platform/config.ts';

/** How far a price may move without somebody's approval, in percent of what it was; above zero. */
export interface GuardThreshold {
  readonly up: Decimal;
  readonly down: Decimal;
}

export interface GuardSettings {
  /** Connector the prices come from; part of what is parked. */
  readonly source: string;
  /** Of a list's prices, of the base price for null. Null: nobody guards them. */
  readonly thresholdOf: (listCode: string | null) => GuardThreshold | null;
  /** How many SKUs of a catalogue of `skus` may move without approval. */
  readonly radiusOf: (skus: number) => number;
  /** Moves of this long count together. */
  readonly windowMs: number;
  readonly expiryMs: number;
  /** What is not guarded, in words for the log. */
  readonly unguarded: readonly string[];
}

/** Fewer may always move: a small shop is not asked for every shelf. */
const FEWEST_SKUS = 50;
const DEFAULT_PERCENT = '20' as Decimal;
const DEFAULT_ENTRY = 'default';

/**
 * Reads PRICE_GUARD and its relatives for one source. Of its entries the most particular decides: "erp:LIST", "erp:group" for the list
 * of that customer group, "erp", "default", then 20 percent.
 * @throws Failure MISCONFIGURED naming the entry and the remedy
 */
export function readGuardSettings(config: Pick<Config, 'PRICE_GUARD' | 'PRICE_GUARD_MAX_SKUS' | 'PRICE_GUARD_WINDOW_MS' | 'PRICE_GUARD_EXPIRY_MS'>, source: string, groupLists: ReadonlyMap<string, string>): GuardSettings {
  const entries = new Map(config.PRICE_GUARD.map(readEntry));
  const whole = first(entries.get(source), entries.get(DEFAULT_ENTRY)) ?? null;
  const particular = new Map<string, GuardThreshold | null>();
  const ofSource = [...entries].filter(([name]) => name.startsWith(`${source}:`)).map(([name, threshold]) => [name.slice(source.length + 1), threshold] as const);
  for (const [name, threshold] of ofSource) if (groupLists.has(name)) particular.set(groupLists.get(name)!, threshold);
  for (const [name, threshold] of ofSource) particular.set(name, threshold);
  const thresholdOf = (listCode: string | null): GuardThreshold | null => {
    const own = listCode === null ? undefined : particular.get(listCode);
    return own === undefined ? whole : own;
  };
  return {
    source, thresholdOf, radiusOf: readRadius(config.PRICE_GUARD_MAX_SKUS), windowMs: config.PRICE_GUARD_WINDOW_MS, expiryMs: config.PRICE_GUARD_EXPIRY_MS,
    unguarded: [
      ...(whole === null ? [`prices of ${source}${particular.size > 0 ? ' but for lists with an entry of their own' : ''}`] : []),
      ...[...particular].flatMap(([list, threshold]) => (threshold === null ? [`price list ${list}`] : [])),
    ],
  };
}

function first(...found: readonly (GuardThreshold | null | undefined)[]): GuardThreshold | null {
  const decided = found.find((threshold) => threshold !== undefined);
  return decided === undefined ? { up: DEFAULT_PERCENT, down: DEFAULT_PERCENT } : decided;
}

function readEntry(entry: string): readonly [string, GuardThreshold | null] {
  const at = entry.lastIndexOf('=');
  const [name, value] = [entry.slice(0, Math.max(at, 0)).trim(), entry.slice(at + 1).trim()];
  const [up = '', down = up, ...rest] = value.split('/').map((part) => part.trim());
  const off = value === 'off' || (isDecimal(value) && compare(value, ZERO) === 0);
  const usable = [up, down].every((percent) => isDecimal(percent) && isPositive(decimal(percent)));
  if (name === '' || rest.length > 0 || (!off && !usable)) {
    throw new Failure('MISCONFIGURED', `PRICE_GUARD: ${JSON.stringify(entry)} is not "source=percent", "source:list or group=percent up/percent down" or "source=off"`);
  }
  return [name, off ? null : { up: decimal(up), down: decimal(down) }];
}

function readRadius(text: string): GuardSettings['radiusOf'] {
  const figure = Number(text.replace('%', ''));
  return (skus) => Math.max(FEWEST_SKUS, text.endsWith('%') ? Math.floor((skus * figure) / 100) : figure);
}
