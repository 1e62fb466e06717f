import { decimal } from '../../../domain/decimal.ts';
import type { Money } from '../../../domain/money.ts';
import type { Promotion, PromotionEffect } from '../../../domain/promotions.ts';
import type { PriceTarget } from '../../../domain/pricing.ts';
import { instant, type Instant } from '../../../domain/time.ts';

export interface PromotionRow {
  readonly code: string;
  readonly revision: number;
  readonly name: string;
  readonly effect: PromotionEffect;
  readonly priority: number;
  readonly stacking: Promotion['stacking'];
  readonly exclusion_group: string | null;
  readonly targets: readonly PriceTarget[];
  readonly channels: readonly string[];
  readonly price_list_codes: readonly string[];
  readonly min_quantity: string | null;
  readonly max_quantity: string | null;
  readonly min_basket: Money | null;
  readonly valid_from: string | null;
  readonly valid_until: string | null;
  readonly active: boolean;
  readonly changed_at: string;
  readonly changed_by: string;
}

/** A promotion, and who said so when. */
export interface StoredPromotion extends Promotion {
  /** 1 for the first version, and one more with every change. */
  readonly revision: number;
  readonly changedAt: Instant;
  /** Principal's subject. */
  readonly changedBy: string;
}

export const COLUMNS = 'code, revision, name, effect, priority, stacking, exclusion_group, targets, channels, price_list_codes, min_quantity, max_quantity, min_basket, valid_from, valid_until, active, changed_at, changed_by';

export const promotionOf = (row: PromotionRow): StoredPromotion => ({
  code: row.code, name: row.name, effect: row.effect, priority: row.priority, stacking: row.stacking, exclusionGroup: row.exclusion_group,
  targets: row.targets, channels: row.channels, priceListCodes: row.price_list_codes,
  minQuantity: row.min_quantity === null ? null : decimal(row.min_quantity), maxQuantity: row.max_quantity === null ? null : decimal(row.max_quantity), minBasket: row.min_basket,
  validFrom: row.valid_from === null ? null : instant(row.valid_from), validUntil: row.valid_until === null ? null : instant(row.valid_until), active: row.active,
  revision: row.revision, changedAt: instant(row.changed_at), changedBy: row.changed_by,
});

/** In the order of COLUMNS. */
export const valuesOf = (promotion: StoredPromotion): readonly unknown[] => [
  promotion.code, promotion.revision, promotion.name, JSON.stringify(promotion.effect), promotion.priority, promotion.stacking, promotion.exclusionGroup,
  JSON.stringify(promotion.targets), promotion.channels, promotion.priceListCodes, promotion.minQuantity, promotion.maxQuantity,
  promotion.minBasket === null ? null : JSON.stringify(promotion.minBasket), promotion.validFrom, promotion.validUntil, promotion.active, promotion.changedAt, promotion.changedBy,
];
