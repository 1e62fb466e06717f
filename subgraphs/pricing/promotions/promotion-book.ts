import type { ChannelCode } from '../../../domain/ids.ts';
import type { Promotion } from '../../../domain/promotions.ts';
import type { Instant } from '../../../domain/time.ts';
import { createSharedRead } from '../../../platform/shared-read.ts';
import type { Database } from '../../../platform/stores/sql.ts';
import { isOffered, orderPromotions } from './fitting.ts';
import { readRevision, readVersions, type PromotionVersion } from './store.ts';
import type { StoredPromotion } from './tables.ts';

/** What merchants offer on top of prices, as it stood at any instant. */
export interface PromotionBook {
  /**
   * Those on offer then in the channel, in the order in which they apply; null: those of no certain channel. Prices of the past follow the version that
   * stood then. One statement a call; concurrent calls share it.
   */
  readCurrent(at: Instant, channel: ChannelCode | null): Promise<readonly Promotion[]>;
  /** Those that were to begin in the channel after that instant, as it was known then. */
  readUpcoming(at: Instant, channel: ChannelCode | null): Promise<readonly Promotion[]>;
}

interface Compiled {
  readonly revision: string;
  readonly versions: readonly PromotionVersion[];
}

/**
 * Keeps all promotions in memory, and asks each time whether they are still the newest: what was committed before a call is in its answer.
 * The same for every buyer, so that nothing of anybody's agreement is kept.
 */
export function createPromotionBook({ database }: { readonly database: Database }): PromotionBook {
  let compiled: Compiled | null = null;
  const newest = createSharedRead<'newest', Compiled>({
    read: async (keys) => {
      if (compiled === null || (await readRevision(database)) !== compiled.revision) compiled = compile(await readVersions(database));
      return keys.map(() => compiled!);
    },
  });
  const readAt = async (at: Instant): Promise<readonly StoredPromotion[]> => {
    const [{ versions }] = (await newest(['newest'])) as [Compiled];
    return versions.filter((version) => stoodAt(version, at)).map(({ promotion }) => promotion);
  };
  return {
    readCurrent: async (at, channel) => (await readAt(at)).filter((promotion) => isOffered(promotion, { at, channel })),
    readUpcoming: async (at, channel) => (await readAt(at)).filter(({ validFrom, ...promotion }) =>
      validFrom !== null && validFrom > at && isOffered({ ...promotion, validFrom: null, validUntil: null }, { at, channel })),
  };
}

function compile({ revision, versions }: Compiled): Compiled {
  const order = new Map(orderPromotions(versions.map(({ promotion }) => promotion)).map((promotion, index) => [promotion as Promotion, index]));
  return { revision, versions: [...versions].sort((a, b) => order.get(a.promotion)! - order.get(b.promotion)!) };
}

const stoodAt = ({ since, until }: PromotionVersion, at: Instant): boolean => (since === null || since <= at) && (until === null || at < until);
