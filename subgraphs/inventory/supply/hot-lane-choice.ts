import type { Capabilities } from '../../../domain/connector.ts';
import type { Sku } from '../../../domain/ids.ts';
import { paceOf } from '../../../platform/call/budget.ts';

/* Which SKUs are refreshed every few seconds, and how often the call budget allows it. Pure. Rates and ranks, no accounts: numbers. */

/** What was asked of a SKU lately, beside what there is of it. */
export interface HotCandidate {
  readonly sku: Sku;
  /** Held less released, and one for each refusal: how much a refused request asked for is anybody's to claim. Above zero. */
  readonly unitsPerMinute: number;
  /** What could be sold over all open locations, not below zero. */
  readonly available: number;
  readonly holds: number;
  readonly refusals: number;
}

export interface HotMember extends HotCandidate {
  /** How long what there is lasts at this rate. */
  readonly coverMinutes: number;
}

/** A SKU comes in when what is there lasts no longer than this, and stays in until it lasts longer than that. */
export const ENTER_COVER_MINUTES = 30;
export const LEAVE_COVER_MINUTES = 45;

/**
 * The members of the lane, those first that are sold out first; of those the faster first. One that is both faster and nearer to zero than
 * another is never left out for it. The order in which candidates are given does not matter.
 */
export function chooseLane(candidates: readonly HotCandidate[], members: ReadonlySet<Sku>, size: number): readonly HotMember[] {
  return candidates
    .map((candidate) => ({ ...candidate, coverMinutes: candidate.available / candidate.unitsPerMinute }))
    .filter(({ sku, coverMinutes }) => coverMinutes <= (members.has(sku) ? LEAVE_COVER_MINUTES : ENTER_COVER_MINUTES))
    .sort((a, b) => a.coverMinutes - b.coverMinutes || b.unitsPerMinute - a.unitsPerMinute || (a.sku < b.sku ? -1 : 1))
    .slice(0, size);
}

export interface LaneSettings {
  /** SKUs at most. */
  readonly maxSize: number;
  /** Time between two refreshes of a SKU, where the budget allows it. */
  readonly refreshMs: number;
  /** Part of the call budget the lane may spend, 0 to 1. */
  readonly callShare: number;
}

export interface LanePlan {
  readonly size: number;
  readonly everyMs: number;
}

/** Refreshing less often than this is what the schedule is for. */
const SLOWEST_MS = 60_000;

/**
 * How many SKUs how often: as many and as often as wished while that costs no more than the lane's share of the steady flow, which is what
 * the budget has beyond the burst that checkout may draw on. Short of that first fewer SKUs, then less often; null where that is not
 * worth a lane.
 */
export function planLane(
  { requestsPerMinute, requestsPerStockRead, maxBatch }: Pick<Capabilities, 'requestsPerMinute' | 'requestsPerStockRead' | 'maxBatch'>,
  { maxSize, refreshMs, callShare }: LaneSettings,
): LanePlan | null {
  if (maxSize === 0) return null;
  if (requestsPerMinute == null) return { size: maxSize, everyMs: refreshMs };
  const perBatch = requestsPerStockRead ?? 1;
  const allowed = (requestsPerMinute - paceOf(requestsPerMinute).burst) * callShare;
  const batches = Math.min(Math.ceil(maxSize / maxBatch.stock), Math.floor((allowed * refreshMs) / 60_000 / perBatch));
  if (batches >= 1) return { size: Math.min(maxSize, batches * maxBatch.stock), everyMs: refreshMs };
  const everyMs = Math.ceil((60_000 * perBatch) / allowed);
  return everyMs <= SLOWEST_MS ? { size: Math.min(maxSize, maxBatch.stock), everyMs } : null;
}
