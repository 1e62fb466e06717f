import type { CodeMapping } from './code-map.ts';

export interface KnownCarrier {
  /** Ours. */
  readonly code: string;
  /** Page of the parcel; null: nobody has said where the carrier shows it. */
  trackingUrl(trackingNumber: string): string | null;
}

export interface CarrierBook {
  /** By the name the ERP's shipments give it; null: no row has that name. */
  find(theirs: string): KnownCarrier | null;
}

const keyOf = (name: string): string => name.trim().toLowerCase();

/** From the CARRIER rows of one system: found by our code, the ERP's code, and the other names in the row, whatever their case. */
export function createCarrierBook(rows: readonly Pick<CodeMapping, 'kind' | 'ours' | 'theirs' | 'detail'>[]): CarrierBook {
  const carriers = rows.filter(({ kind }) => kind === 'CARRIER');
  // The ERP's own words count before ours: a code of ours may be another carrier's name there.
  const named = [
    ...carriers.map((row) => [row.ours, row] as const),
    ...carriers.flatMap((row) => [row.theirs, ...(row.detail.names ?? [])].map((name) => [name, row] as const)),
  ];
  const byName = new Map(named.map(([name, row]) => [keyOf(name), row]));
  return {
    find: (theirs) => {
      const row = byName.get(keyOf(theirs));
      if (!row) return null;
      const template = row.detail.trackingUrl;
      return { code: row.ours, trackingUrl: (number) => template?.replaceAll('{number}', encodeURIComponent(number)) ?? null };
    },
  };
}
