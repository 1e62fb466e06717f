import type { Migration } from '../../platform/stores/migrate.ts';
import { pricesListsRules } from './migrations/0001-prices-lists-rules.ts';
import { pricingModel } from './migrations/0002-pricing-model.ts';
import { priceGuard } from './migrations/0003-price-guard.ts';
import { promotions } from './migrations/0004-promotions.ts';
import { quotes } from './migrations/0005-quotes.ts';
import { priceValidation } from './migrations/0006-price-validation.ts';
import { windowEdges } from './migrations/0007-window-edges.ts';
import { ruleRemovals } from './migrations/0008-rule-removals.ts';

export const PRICING_SCHEMA = 'pricing';

/** In the order in which they are applied; one that is released is never changed. */
export const PRICING_MIGRATIONS: readonly Migration[] = [pricesListsRules, pricingModel, priceGuard, promotions, quotes, priceValidation, windowEdges, ruleRemovals];
