import type { ChannelCode, LocationCode } from '../../../domain/ids.ts';
import type { ShipTo } from '../../../domain/inventory.ts';
import { channelPolicyOf, type InventoryPolicy, type Region, type SourcingStrategy, type Splitting } from './policy.ts';

/** How a channel serves an address: from where, in which order, and whether in parts. */
export interface Serving {
  readonly channel: ChannelCode | null;
  /** The locations that may be drawn on, first ones first; null: all, in the order of the ERP. */
  readonly locations: readonly LocationCode[] | null;
  readonly strategy: SourcingStrategy;
  readonly splitting: Splitting;
}

/** @throws Failure INVALID_INPUT for a channel that is not configured where channels are. */
export function servingOf(policy: InventoryPolicy, channel: ChannelCode | null, shipTo: ShipTo | null): Serving {
  const { locations, sourcing: strategy, splitting } = channelPolicyOf(policy, channel);
  const region = shipTo === null || policy.regions.length === 0 ? null : policy.regions.find((candidate) => fits(candidate, shipTo));
  if (region === undefined) return { channel, locations: [], strategy, splitting };
  if (region === null) return { channel, locations, strategy, splitting };
  const nearest = locations === null ? region.locations : region.locations.filter((code) => locations.includes(code));
  return { channel, locations: nearest, strategy, splitting };
}

const plainPostal = (code: string): string => code.replace(/[\s-]/g, '').toUpperCase();

function fits({ countries, regions, postalPrefixes }: Region, { countryCode, regionCode, postalCode }: ShipTo): boolean {
  const isOneOf = (listed: readonly string[], value: string | null | undefined): boolean =>
    listed.length === 0 || (value != null && listed.some((candidate) => candidate.toUpperCase() === value.trim().toUpperCase()));
  if (!isOneOf(countries, countryCode) || !isOneOf(regions, regionCode)) return false;
  return postalPrefixes.length === 0 || (postalCode != null && postalPrefixes.some((prefix) => plainPostal(postalCode).startsWith(plainPostal(prefix))));
}
