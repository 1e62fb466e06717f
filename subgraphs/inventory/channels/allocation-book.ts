import type { Sku } from '../../../domain/ids.ts';
import type { Clock } from '../../../platform/clock.ts';
import type { Database } from '../../../platform/stores/sql.ts';
import type { InventoryPolicy } from '../promise/policy.ts';
import { removeRule, setRule } from './administration.ts';
import { moveByHand, type MoveRequest } from './move-by-hand.ts';
import type { Outcome } from './rule-checks.ts';
import type { AllocationMove, AllocationRule, RuleDraft } from './rule.ts';
import { readStanding, type SkuStanding } from './standing.ts';
import { readMoves } from './store-moves.ts';
import type { KeyedRequest } from './store-requests.ts';
import { readListedSkus, readRuleOf, readRules, readSellableSkus } from './store-rules.ts';

/** Everything channel allocation can be asked. Pages are keyset pages: `limit` rows after (or before) the one named. */
export interface AllocationBook {
  rules(): Promise<readonly AllocationRule[]>;
  /** Null: no rule covers it. */
  ruleOf(sku: Sku): Promise<AllocationRule | null>;
  listedSkus(code: string, limit: number, after: Sku | null): Promise<readonly Sku[]>;
  /** Everything that is for sale, in SKU order. */
  sellableSkus(limit: number, after: Sku | null): Promise<readonly Sku[]>;
  /** Null for a SKU that is not allocated. */
  standing(sku: Sku): Promise<SkuStanding | null>;
  /** Newest first. */
  moves(sku: Sku, limit: number, beforeId: string | null): Promise<readonly AllocationMove[]>;
  setRule(request: KeyedRequest, draft: RuleDraft): Promise<Outcome<AllocationRule | null>>;
  removeRule(request: KeyedRequest, code: string): Promise<Outcome<AllocationRule | null>>;
  move(request: MoveRequest): Promise<Outcome<SkuStanding | null>>;
}

export interface AllocationTools {
  readonly database: Database;
  readonly clock: Clock;
  readonly policy: InventoryPolicy;
}

export const createAllocationBook = (tools: AllocationTools): AllocationBook => {
  const { database } = tools;
  return {
    rules: () => readRules(database),
    ruleOf: (sku) => readRuleOf(database, sku),
    listedSkus: (code, limit, after) => readListedSkus(database, code, limit, after),
    sellableSkus: (limit, after) => readSellableSkus(database, limit, after),
    standing: (sku) => readStanding(database, sku, tools),
    moves: (sku, limit, beforeId) => readMoves(database, sku, limit, beforeId),
    setRule: (request, draft) => setRule(tools, request, draft),
    removeRule: (request, code) => removeRule(tools, request, code),
    move: (request) => moveByHand(tools, request),
  };
};
