import type { PackageTracking } from '../../domain/shipments.ts';
import { textOrNull } from './convert.ts';
import type { OdooPickingRow } from './wire.ts';

export type TrackingColumns = Pick<OdooPickingRow, 'carrier_tracking_ref' | 'carrier_tracking_url'>;

interface Told extends PackageTracking {
  /** What the carrier's service wrote before the link: the number, or the parcel's name. */
  readonly label: string;
}

/**
 * `carrier_tracking_ref` is a comma-joined list. `carrier_tracking_url` is one URL, with the whole list in it where the carrier's link
 * is a template, or JSON `[[label, url], …]` where the carrier made several packages (addons/stock_delivery:
 * `json.loads(self.carrier_tracking_url)`).
 */
export function trackingOf(row: TrackingColumns): readonly PackageTracking[] {
  return toldOf(row).map(({ trackingNumber, trackingUrl }) => ({ trackingNumber, trackingUrl }));
}

/** Odoo keeps no number by parcel: all are the only parcel's; one of several has those it is named by. */
export function trackingOfPackage(row: TrackingColumns, { name, isOnly }: { readonly name: string; readonly isOnly: boolean }): readonly PackageTracking[] {
  if (isOnly) return trackingOf(row);
  return toldOf(row).filter(({ label, trackingNumber }) => label === name || trackingNumber === name).map(({ trackingNumber, trackingUrl }) => ({ trackingNumber, trackingUrl }));
}

function toldOf(row: TrackingColumns): readonly Told[] {
  const joined = textOrNull(row.carrier_tracking_ref) ?? '';
  const numbers = joined.split(',').map((part) => part.trim()).filter((part) => part !== '');
  const links = linksOf(textOrNull(row.carrier_tracking_url));
  if (typeof links === 'string') return [...new Set(numbers)].map((number) => ({ label: number, trackingNumber: number, trackingUrl: links.replace(joined, number) }));
  const told = links.map(([label, trackingUrl]) => ({ label, trackingUrl, trackingNumber: numberOf(label, trackingUrl, numbers) }));
  const known = new Map(told.map((one) => [one.trackingNumber, one]));
  const all = [...new Set([...numbers, ...known.keys()])];
  return all.map((trackingNumber) => known.get(trackingNumber) ?? { label: trackingNumber, trackingNumber, trackingUrl: null });
}

/** The label is the number, or else the parcel's name, and then the number is in the link. */
const numberOf = (label: string, url: string, numbers: readonly string[]): string =>
  numbers.includes(label) ? label : numbers.find((number) => url.includes(number)) ?? label;

/** One link for everything, or pairs of a label and its link. */
function linksOf(text: string | null): string | readonly (readonly [label: string, url: string])[] {
  if (text === null) return [];
  if (!text.trimStart().startsWith('[')) return text;
  try {
    const pairs = JSON.parse(text) as unknown;
    if (!Array.isArray(pairs)) return [];
    return pairs.flatMap((pair: unknown) => (Array.isArray(pair) && pair.length >= 2 ? [[String(pair[0]), String(pair[1])] as const] : []));
  } catch {
    return text;
  }
}
