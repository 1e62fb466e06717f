import { randomUUID } from 'node:crypto';
import { sum, type Decimal } from '../../../domain/decimal.ts';
import { Failure, invalidInput } from '../../../domain/failure.ts';
import type { BasketLine, HoldLine, HoldOutcome, HoldRequest, RejectionReason, ShortLine } from '../../../domain/inventory.ts';
import { dayOf, instant, type CalendarDate } from '../../../domain/time.ts';
import type { Clock } from '../../../platform/clock.ts';
import type { Database, Sql } from '../../../platform/stores/sql.ts';
import { quantityToday } from '../promise/availability.ts';
import { checkFractions, checkHoldRequest } from '../promise/input-checks.ts';
import type { InventoryPolicy } from '../promise/policy.ts';
import { curvesByLocation, offersOn, totalCurve, type StockPosition } from '../promise/position.ts';
import { sourceQuantity } from '../promise/sourcing.ts';
import { claimRequest, digestRequest, insertHold, publicHold, readHold, recordOutcome, skusOf, type StoredHold } from './store-holds.ts';
import { announceDifferences } from '../announcements.ts';
import { closeLines, lockFigures } from './store-ledger.ts';
import { readPositions } from '../supply/store-positions.ts';

export interface HoldTools {
  readonly database: Database;
  readonly clock: Clock;
  readonly policy: InventoryPolicy;
}

/**
 * Reserves every line or none, in one transaction: key, lock in SKU order, check, write. Undated holds take from what
 * is there today; goods on their way cover none. The same key answers the same hold, in the state it has by now.
 * @throws Failure INVALID_INPUT naming the field; CONFLICT for a key used with another payload.
 */
export async function placeHold(tools: HoldTools, request: HoldRequest): Promise<HoldOutcome> {
  checkHoldRequest(request);
  checkFractions(request.lines, await readPositions(tools.database, request.lines.map((line) => line.sku)));
  const demand = addUpBySku(request.lines);
  const digest = digestRequest(request, demand);
  return tools.database.transaction(async (tx) => {
    const earlier = await claimRequest(tx, request, digest);
    if (earlier) return replay(earlier.digest === digest, earlier.outcome);
    const outcome = await decide(tools, tx, request, demand);
    await recordOutcome(tx, request, outcome);
    return outcome;
  });
}

function replay(samePayload: boolean, outcome: HoldOutcome): HoldOutcome {
  if (samePayload) return outcome;
  throw new Failure('CONFLICT', 'this idempotencyKey was used for another hold; use a new key', { field: ['idempotencyKey'] });
}

/** One entry per SKU, in SKU order. */
function addUpBySku(lines: readonly BasketLine[]): readonly BasketLine[] {
  const bySku = Map.groupBy(lines, (line) => line.sku);
  return [...bySku].map(([sku, same]) => ({ sku, quantity: sum(same.map((line) => line.quantity)) })).sort((a, b) => (a.sku < b.sku ? -1 : 1));
}

async function decide({ clock, policy }: HoldTools, tx: Sql, request: HoldRequest, demand: readonly BasketLine[]): Promise<HoldOutcome> {
  const wanted = demand.map((line) => line.sku);
  // Lines of a hold never change: they may be read before the lock, to know what to lock. Its state is read after.
  const replacedSkus = request.replacesHoldId === null ? [] : skusOf([await readOwnHold(tx, request, request.replacesHoldId)]);
  const touched = [...new Set([...wanted, ...replacedSkus])];
  const before = await lockFigures(tx, touched);
  const replaced = request.replacesHoldId === null ? null : await readReplaceable(tx, request, request.replacesHoldId);
  const positions = await readPositions(tx, wanted, replaced?.id ?? null);
  const lines = sourceLines(demand, positions, dayOf(instant(clock.now())), policy);
  if ('short' in lines) return { kind: 'SHORT', lines: lines.short };
  if (replaced) await giveWay(tx, replaced);
  const id = randomUUID();
  await insertHold(tx, id, request, lines.sourced);
  await announceDifferences(tx, before, touched, instant(clock.now()));
  return { kind: 'HELD', hold: publicHold((await readHold(tx, id))!) };
}

async function readOwnHold(tx: Sql, { owner }: HoldRequest, holdId: string): Promise<StoredHold> {
  const hold = await readHold(tx, holdId);
  if (hold?.owner !== owner) throw invalidInput(['replacesHoldId'], 'replacesHoldId is no hold of yours');
  return hold;
}

/** The hold to replace, or null when it has ended already. @throws Failure CONFLICT when an order has it. */
async function readReplaceable(tx: Sql, request: HoldRequest, holdId: string): Promise<StoredHold | null> {
  const hold = await readOwnHold(tx, request, holdId);
  if (hold.state === 'COMMITTED') throw new Failure('CONFLICT', 'the hold to replace belongs to an order by now', { field: ['replacesHoldId'] });
  return hold.state === 'HELD' ? hold : null;
}

async function giveWay(tx: Sql, { id }: StoredHold): Promise<void> {
  // No look at the expiry: the rows are locked, and a hold that ran out just now ends either way.
  await tx.run(`update inventory.hold set state = 'RELEASED' where id = $1 and state = 'HELD'`, [id]);
  await closeLines(tx, [{ holdId: id, sku: null }], 'RELEASED');
}

type Sourced = { readonly sourced: readonly HoldLine[] } | { readonly short: readonly ShortLine[] };

/** Finds the locations of every line, or says for every line that is short why. Pure. */
function sourceLines(demand: readonly BasketLine[], positions: readonly StockPosition[], today: CalendarDate, policy: InventoryPolicy): Sourced {
  const sourced: HoldLine[] = [];
  const short: ShortLine[] = [];
  for (const [index, { sku, quantity }] of demand.entries()) {
    const position = positions[index]!;
    // What is on its way covers no undated hold.
    const onHand = { ...position, locations: position.locations.map((location) => ({ ...location, receipts: [] })) };
    const curves = curvesByLocation(onHand, today, policy.atp);
    const sources = sourceQuantity(offersOn(curves, today), quantity);
    if (sources) sourced.push(...sources.map((source) => ({ sku, ...source, dueOn: null })));
    else short.push({ sku, requested: quantity, available: availableToday(curves, today, policy), reason: rejectionOf(position) });
  }
  return short.length > 0 ? { short } : { sourced };
}

const availableToday = (curves: Parameters<typeof totalCurve>[0], today: CalendarDate, policy: InventoryPolicy): Decimal =>
  quantityToday(totalCurve(curves, today, policy.atp));

/** Why a SKU cannot be had at all, or that there is not enough of it. */
export function rejectionOf({ item }: Pick<StockPosition, 'item'>): RejectionReason {
  if (item === null) return 'UNKNOWN_SKU';
  if (!item.active) return 'INACTIVE';
  return item.sellable ? 'OUT_OF_STOCK' : 'NOT_SELLABLE';
}
