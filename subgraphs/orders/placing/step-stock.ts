import type { InventoryClient } from '../../../domain/clients.ts';
import { add, decimal, divide, isZero, multiply, round, ZERO, type Decimal } from '../../../domain/decimal.ts';
import type { AvailabilityCheck, BasketLine, CheckedLine, HeldLine, HoldLine, HoldRequest, RejectionReason, ShortLine } from '../../../domain/inventory.ts';
import { asFailure, Failure } from '../../../domain/failure.ts';
import type { Sku } from '../../../domain/ids.ts';
import { userError, UserErrorCode, type GraphUserError } from '../../graph/user-error.ts';
import type { Placement, PlacementLine } from './placement.ts';
import type { OrderWarning } from '../records.ts';
import { Refusal } from './refusal.ts';

export interface CheckedStock {
  /** The placement's lines in the items' own units. */
  readonly lines: readonly PlacementLine[];
  /** By line: what of which article it is made of; null: it is no kit, as far as inventory told. */
  readonly components: readonly (ReadonlyMap<Sku, Decimal> | null)[];
  readonly warnings: readonly OrderWarning[];
  /** Lines the channel sells even without stock; a hold on them may be short. */
  readonly onBackorder: ReadonlySet<Sku>;
}

/** Where a SKU first stands in the order: the field a refusal names. */
const pathOf = (placement: Placement, sku: Sku, name: string): string[] => [
  'lines', String(Math.max(0, placement.lines.findIndex((line) => line.sku === sku))), name,
];

/** Asks for the whole basket live. @throws Refusal naming each line that cannot be promised, or not verified. */
export async function checkStock(inventory: InventoryClient, placement: Placement, check: AvailabilityCheck): Promise<CheckedStock> {
  const lines = await inventory.checkAvailability(check);
  const problems = lines.flatMap((line) => problemOf(line, placement) ?? []);
  const missing = check.lines.filter((asked) => !lines.some((line) => line.sku === asked.sku));
  const silent = missing.map(({ sku }) => userError(UserErrorCode.UNVERIFIED, pathOf(placement, sku, 'quantity'), `the stock of ${sku} could not be verified; try again`, true));
  if (problems.length + silent.length > 0) throw new Refusal([...problems, ...silent]);
  const unverified = lines.flatMap(({ sku, outcome }) => (outcome.kind === 'UNVERIFIED' ? [{ sku, policy: outcome.policy }] : []));
  const own = inOwnUnits(placement, check.lines, lines);
  return {
    lines: own,
    components: own.map((line) => componentsOf(line, lines.filter(({ sku }) => sku === line.sku))),
    warnings: unverified.map(({ sku, policy }) => ({
      code: 'STOCK_UNVERIFIED', field: pathOf(placement, sku, 'quantity'),
      message: `the ERP did not confirm the stock of ${sku} in time; accepted by the channel's policy ${policy}`,
    })),
    onBackorder: new Set(unverified.filter(({ policy }) => policy === 'BACKORDER').map(({ sku }) => sku)),
  };
}

/** Inventory answers in the item's own unit, line by line: so many of it are one of the unit that was asked in. */
function inOwnUnits(placement: Placement, asked: readonly BasketLine[], answered: readonly CheckedLine[]): readonly PlacementLine[] {
  return placement.lines.map(({ unit, ...line }) => {
    const index = asked.findIndex((candidate) => candidate.sku === line.sku && candidate.unit === unit);
    if (unit === undefined) return line;
    return { ...line, quantity: decimal(divide(multiply(line.quantity, answered[index]!.requested), asked[index]!.quantity)) };
  });
}

/** The line's part of what its kit draws on, to the third digit. */
function componentsOf({ sku, quantity }: PlacementLine, answered: readonly CheckedLine[]): ReadonlyMap<Sku, Decimal> | null {
  const parts = new Map<Sku, Decimal>();
  const [line] = answered;
  if (line?.outcome.kind !== 'CONFIRMED') return null;
  for (const source of line.outcome.sources) {
    if (source.sku === sku) continue;
    const part = round(divide(multiply(source.quantity, quantity), line.requested), 3, 'DOWN');
    parts.set(source.sku, add(parts.get(source.sku) ?? ZERO, part));
  }
  return parts.size === 0 ? null : parts;
}

function problemOf({ sku, requested, outcome }: CheckedLine, placement: Placement): GraphUserError | null {
  const quantity = pathOf(placement, sku, 'quantity');
  if (outcome.kind === 'CONFIRMED' || (outcome.kind === 'UNVERIFIED' && outcome.accepted)) return null;
  if (outcome.kind === 'UNVERIFIED') return userError(UserErrorCode.UNVERIFIED, quantity, `the stock of ${sku} could not be verified; try again`, true);
  if (outcome.kind === 'PARTIAL') {
    return userError(UserErrorCode.OUT_OF_STOCK, quantity, `only ${outcome.confirmed} of ${requested} ${sku} can be had`, true);
  }
  if (outcome.reason === 'UNKNOWN_SKU') return userError(UserErrorCode.NOT_FOUND, pathOf(placement, sku, 'sku'), `no product has the sku ${sku}`);
  const why = UNAVAILABLE[outcome.reason];
  if (why === undefined) return userError(UserErrorCode.INVALID_INPUT, pathOf(placement, sku, 'sku'), `${sku} is not for sale`);
  const when = outcome.earliest === null ? '' : `; expected again on ${outcome.earliest}`;
  return userError(UserErrorCode.OUT_OF_STOCK, quantity, `${sku} ${why}${when}`, true);
}

/** There may be some another day, elsewhere or for others; any other reason is about the item itself. */
const UNAVAILABLE: Readonly<Partial<Record<RejectionReason, string>>> = {
  OUT_OF_STOCK: 'is out of stock', CHANNEL_EXHAUSTED: 'is sold out on this channel', SPLIT_NOT_ALLOWED: 'is not to be had from one place', NOT_SERVED: 'cannot be sent to this address',
};

export interface HeldStock {
  readonly holdId: string | null;
  readonly holdLines: readonly BasketLine[];
  /** What of it is reserved where. */
  readonly taken: readonly HoldLine[];
  readonly warnings: readonly OrderWarning[];
}

/**
 * Holds the basket, all or nothing, in place of the buyer's own hold. Lines short under BACKORDER are left out of the hold
 * and flagged. @throws Refusal naming the short lines.
 */
export async function holdStock(inventory: InventoryClient, placement: Placement, request: HoldRequest, onBackorder: ReadonlySet<Sku>): Promise<HeldStock> {
  const outcome = await inventory.placeHold(request);
  if (outcome.kind === 'HELD') return { holdId: outcome.hold.id, holdLines: request.lines, taken: outcome.hold.lines, warnings: outcome.hold.basket.flatMap((line) => soldForLater(line, request, placement) ?? []) };
  const refused = outcome.lines.filter((line) => UNAVAILABLE[line.reason] === undefined || !onBackorder.has(line.sku));
  if (refused.length > 0) throw new Refusal(refused.map((line) => shortError(line, placement)));
  if (outcome.lines.length === 0) throw new Failure('INTERNAL', 'inventory refused a hold without naming a line');
  const short = new Set(outcome.lines.map((line) => line.sku));
  const warnings = [...short].map((sku): OrderWarning => ({
    code: 'STOCK_BACKORDERED', field: pathOf(placement, sku, 'quantity'), message: `${sku} is not in stock and will be delivered later`,
  }));
  const holdLines = request.lines.filter((line) => !short.has(line.sku));
  if (holdLines.length === 0) return { holdId: null, holdLines, taken: [], warnings };
  const rest = { ...request, idempotencyKey: `${request.idempotencyKey}:in-stock`, lines: holdLines };
  const held = await holdStock(inventory, placement, rest, new Set());
  return { ...held, warnings: [...warnings, ...held.warnings] };
}

/** A line the policy sells although it cannot leave now, or not by the day asked for. */
function soldForLater({ sku, requested, backordered, promisedOn }: HeldLine, { requestedOn }: HoldRequest, placement: Placement): OrderWarning | null {
  if (isZero(backordered) && (promisedOn === null || requestedOn != null)) return null;
  const part = isZero(backordered) ? requested : backordered;
  const when = promisedOn === null ? 'later' : `from ${promisedOn} on`;
  return { code: 'STOCK_BACKORDERED', field: pathOf(placement, sku, 'quantity'), message: `${part} of ${requested} ${sku} will be delivered ${when}` };
}

/** Inventory's own refusals (a half piece, somebody else's hold) as this order's; anything else as it is. */
export function asRefusal(error: unknown, placement: Placement, basket: readonly BasketLine[]): unknown {
  const { code, field = [], message } = asFailure(error);
  if (code !== 'INVALID_INPUT' && code !== 'CONFLICT') return error;
  const [name, index, part] = field;
  const sku = name === 'lines' ? basket[Number(index)]?.sku : undefined;
  const path = sku !== undefined ? pathOf(placement, sku, part ?? 'sku') : name === 'replacesHoldId' ? ['holdId'] : field;
  return new Refusal([userError(code === 'CONFLICT' ? UserErrorCode.CONFLICT : UserErrorCode.INVALID_INPUT, path, message)]);
}

function shortError({ sku, requested, available, reason }: ShortLine, placement: Placement): GraphUserError {
  const quantity = pathOf(placement, sku, 'quantity');
  if (reason === 'OUT_OF_STOCK') return userError(UserErrorCode.OUT_OF_STOCK, quantity, `only ${available} of ${requested} ${sku} are left`, true);
  const why = UNAVAILABLE[reason];
  if (why !== undefined) return userError(UserErrorCode.OUT_OF_STOCK, quantity, `${sku} ${why}`, true);
  return userError(UserErrorCode.INVALID_INPUT, pathOf(placement, sku, 'sku'), `${sku} is not for sale`);
}
