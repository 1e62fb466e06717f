import { Failure } from '../../domain/failure.ts';
import type { Config } from '../../platform/config.ts';
import type { RuleSelection } from './resolve-price.ts';

export interface PriceSettings {
  /** Price list of buyers without a contract, by channel; a channel without one sells at list prices. */
  readonly channelLists: ReadonlyMap<string, string>;
  readonly selection: RuleSelection;
  /** A read model that has not agreed with its source for longer is STALE. */
  readonly staleAfterMs: number;
}

/** @throws Failure MISCONFIGURED naming the entry of CHANNEL_PRICE_LISTS that says nothing. */
export function readSettings(config: Config, source: string | null): PriceSettings {
  return {
    channelLists: new Map(config.CHANNEL_PRICE_LISTS.map(parsePair)),
    selection: source !== null && config.LOWEST_PRICE_SOURCES.includes(source) ? 'LOWEST_WINS' : 'FIRST_WINS',
    // Three missed turns, or what counts as stale, whichever is longer: as the feed's health has it.
    staleAfterMs: Math.max(config.STALE_AFTER_MS, config.PRICE_POLL_MS * 3),
  };
}

function parsePair(entry: string): [string, string] {
  const [channel, list, ...rest] = entry.split('=').map((part) => part.trim());
  if (!channel || !list || rest.length > 0) throw new Failure('MISCONFIGURED', `CHANNEL_PRICE_LISTS: ${JSON.stringify(entry)} is not "channel=price list"`);
  return [channel, list];
}
