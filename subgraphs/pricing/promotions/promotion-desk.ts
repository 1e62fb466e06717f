import { hasScope } from '../../../domain/principal.ts';
import { instant } from '../../../domain/time.ts';
import type { RequestScope } from '../../frame/module.ts';
import { endPromotion, putPromotion, type EndRequest, type PromotionTools, type PutRequest } from './administration.ts';
import type { Outcome } from './refusal.ts';
import { listPromotions, readPromotion, type PromotionFilter } from './store.ts';
import type { StoredPromotion } from './tables.ts';

/** What whoever asks may do with promotions; that they may at all is checked at the field. */
export interface PromotionDesk {
  put(request: Pick<PutRequest, 'idempotencyKey' | 'promotion' | 'ifRevision'>): Promise<Outcome<StoredPromotion>>;
  end(request: Pick<EndRequest, 'idempotencyKey' | 'code' | 'at'>): Promise<Outcome<StoredPromotion>>;
  /** Null when there never was one by this code. */
  read(code: string): Promise<StoredPromotion | null>;
  /** By code, from behind `after`. */
  list(filter: PromotionFilter, after: string | null, limit: number): Promise<readonly StoredPromotion[]>;
}

export function createPromotionDesk(tools: PromotionTools, { principal }: RequestScope): PromotionDesk {
  const { database, clock } = tools;
  const by = { actor: principal.subject };
  return {
    put: (request) => putPromotion(tools, { ...request, ...by, mayApprove: hasScope(principal, 'price:approve') }),
    end: (request) => endPromotion(tools, { ...request, ...by }),
    read: (code) => readPromotion(database, code),
    list: (filter, after, limit) => listPromotions(database, filter, { after, limit, at: instant(clock.now()) }),
  };
}
