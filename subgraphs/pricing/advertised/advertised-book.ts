import type { Sku } from '../../../domain/ids.ts';
import type { Money } from '../../../domain/money.ts';
import type { Instant } from '../../../domain/time.ts';
import { createSharedRead } from '../../../platform/shared-read.ts';
import type { Database } from '../../../platform/stores/sql.ts';
import { readMinimumsOf, type MinimumAdvertised } from './advertised-store.ts';

/** Minimum advertised prices as pages ask for them. The same for everybody: requests at the same time read together. */
export interface AdvertisedBook {
  /** What holds of these SKUs at that instant; a SKU without an entry may be advertised at any price. */
  readMinimums(skus: readonly Sku[], at: Instant): Promise<ReadonlyMap<Sku, Money>>;
  /** The next instant at which something begins or ceases to hold of each of these SKUs; absent: none is known. */
  readNextEdges(skus: readonly Sku[], at: Instant): Promise<ReadonlyMap<Sku, Instant>>;
}

export function createAdvertisedBook({ database }: { readonly database: Database }): AdvertisedBook {
  const read = createSharedRead<Sku, readonly MinimumAdvertised[]>({
    read: async (skus) => {
      const known = await readMinimumsOf(database, skus);
      return skus.map((sku) => known.get(sku) ?? []);
    },
  });
  const pick = async <T>(skus: readonly Sku[], choose: (said: readonly MinimumAdvertised[]) => T | undefined): Promise<ReadonlyMap<Sku, T>> => {
    const found = await read(skus);
    return new Map(skus.flatMap((sku, index) => {
      const chosen = choose(found[index]!);
      return chosen === undefined ? [] : [[sku, chosen] as const];
    }));
  };
  return {
    readMinimums: (skus, at) => pick(skus, (said) => said.find((minimum) => holdsAt(minimum, at))?.price),
    readNextEdges: (skus, at) => pick(skus, (said) => edgesOf(said).filter((edge) => edge > at).sort()[0]),
  };
}

const holdsAt = ({ validFrom, validUntil }: MinimumAdvertised, at: Instant): boolean => (validFrom === null || validFrom <= at) && (validUntil === null || at < validUntil);
const edgesOf = (said: readonly MinimumAdvertised[]): readonly Instant[] => said.flatMap(({ validFrom, validUntil }) => [validFrom ?? [], validUntil ?? []].flat());
