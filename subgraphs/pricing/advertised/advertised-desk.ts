import type { Sku } from '../../../domain/ids.ts';
import { instant } from '../../../domain/time.ts';
import type { RequestScope } from '../../frame/module.ts';
import type { Outcome } from '../promotions/refusal.ts';
import { removeMinimums, setMinimums, type AdvertisedTools, type RemoveRequest, type SetRequest } from './administration.ts';
import { listMinimums, type MinimumAdvertised, type MinimumPosition } from './advertised-store.ts';

/** What whoever asks may do with minimum advertised prices; that they may at all is checked at the field. */
export interface AdvertisedDesk {
  set(request: Pick<SetRequest, 'idempotencyKey' | 'prices'>): Promise<Outcome<readonly Sku[]>>;
  remove(request: Pick<RemoveRequest, 'idempotencyKey' | 'skus' | 'at'>): Promise<Outcome<readonly Sku[]>>;
  /** Those that are not over; of these SKUs, null: of all. By SKU, then by time. */
  list(skus: readonly Sku[] | null, after: MinimumPosition | null, limit: number): Promise<readonly MinimumAdvertised[]>;
}

export function createAdvertisedDesk(tools: AdvertisedTools, { principal }: RequestScope): AdvertisedDesk {
  const by = { actor: principal.subject };
  return {
    set: (request) => setMinimums(tools, { ...request, ...by }),
    remove: (request) => removeMinimums(tools, { ...request, ...by }),
    list: (skus, after, limit) => listMinimums(tools.database, { skus, at: instant(tools.clock.now()) }, after, limit),
  };
}
