import type { StockEvidence } from '../../../domain/inventory.ts';
import { oldestAsOf, type LocationPosition } from '../promise/position.ts';
import type { FeedState } from './store-positions.ts';

/** RECENT while the stock feed keeps step with the ERP, STALE from `staleAfterMs` of silence on. */
export function readModelEvidence(locations: readonly LocationPosition[], feeds: FeedState, source: string, nowMs: number, staleAfterMs: number): StockEvidence {
  const inStep = feeds.stockFinishedAt !== null && nowMs - Date.parse(feeds.stockFinishedAt) <= staleAfterMs;
  return { asOf: oldestAsOf(locations) ?? feeds.stockFinishedAt, source, freshness: inStep ? 'RECENT' : 'STALE' };
}
