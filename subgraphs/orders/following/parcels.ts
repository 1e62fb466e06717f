import type { PackageTracking, ShipmentPackage } from '../../../domain/shipments.ts';
import type { Instant } from '../../../domain/time.ts';
import type { ShipmentRow } from '../records.ts';
import type { CarrierNewsKind, CarrierNewsRow } from './records.ts';

/** A tracking number as it is compared: people and carriers group its letters differently. */
export const trackingKey = (trackingNumber: string): string => trackingNumber.replace(/\s/g, '').toUpperCase();

type Tracked = Pick<ShipmentRow, 'carrier' | 'tracking' | 'packages'>;

/** The shipment's parcels; where the ERP knows none, each tracking number is one. */
export const packagesOf = ({ carrier, tracking, packages }: Tracked): readonly ShipmentPackage[] =>
  packages.length > 0 ? packages : tracking.map((number) => ({ reference: null, carrier, trackings: [number], lines: [] }));

/** Every tracking number of the shipment, each once. */
export function trackingKeysOf(shipment: { readonly tracking: readonly PackageTracking[]; readonly packages: readonly ShipmentPackage[] }): readonly string[] {
  const all = [...shipment.tracking, ...shipment.packages.flatMap(({ trackings }) => trackings)];
  return [...new Set(all.map(({ trackingNumber }) => trackingKey(trackingNumber)))].filter((key) => key !== '').sort();
}

/** Where a parcel is, as far as its carrier has said; whatever order the news came in. */
export interface ParcelProgress {
  /** Null: nothing is known. DELIVERED once and for all; else what the latest says. */
  readonly status: CarrierNewsKind | null;
  /** The first that shows the carrier has it. */
  readonly movedAt: Instant | null;
  readonly deliveredAt: Instant | null;
}

type Word = Pick<CarrierNewsRow, 'trackingKey' | 'kind' | 'at'>;

const RANK: Readonly<Record<CarrierNewsKind, number>> = { PICKED_UP: 0, IN_TRANSIT: 1, FAILED: 2, DELIVERED: 3 };

const first = (words: readonly Word[]): Instant | null => words.reduce<Instant | null>((least, { at }) => (least === null || at < least ? at : least), null);

export function progressOf(words: readonly Word[]): ParcelProgress {
  const latest = words.reduce<Word | null>((found, word) => (found === null || word.at > found.at || (word.at === found.at && RANK[word.kind] > RANK[found.kind]) ? word : found), null);
  const deliveredAt = first(words.filter(({ kind }) => kind === 'DELIVERED'));
  return {
    status: deliveredAt === null ? (latest?.kind ?? null) : 'DELIVERED',
    movedAt: first(words.filter(({ kind }) => kind !== 'FAILED')),
    deliveredAt,
  };
}

/** Of one parcel: what is said under any of its numbers counts. */
export function progressOfPackage({ trackings }: Pick<ShipmentPackage, 'trackings'>, news: readonly Word[]): ParcelProgress {
  const keys = new Set(trackings.map(({ trackingNumber }) => trackingKey(trackingNumber)));
  return progressOf(news.filter((word) => keys.has(word.trackingKey)));
}

/** Whether each parcel that can be followed has arrived; news under a number the ERP does not know count as a parcel of their own. */
export function arrivalsOf(shipment: Tracked, news: readonly Word[]): readonly boolean[] {
  const tracked = packagesOf(shipment).filter(({ trackings }) => trackings.length > 0);
  const known = new Set(trackingKeysOf(shipment));
  const others = [...new Set(news.map((word) => word.trackingKey))].filter((key) => !known.has(key));
  return [
    ...tracked.map((parcel) => progressOfPackage(parcel, news).deliveredAt !== null),
    ...others.map((key) => progressOf(news.filter((word) => word.trackingKey === key)).deliveredAt !== null),
  ];
}
