import type { ReferenceResolver } from '../../frame/federated-schema.ts';
import type { PricingContext } from './price-session.ts';

/**
 * Pricing adds fields to entities it does not own: whatever key comes is the entity. That a SKU is unknown shows where a
 * price is asked for, in the same batch.
 */
const asGiven: ReferenceResolver<PricingContext> = (reference) => reference;

export const references = { ProductVariant: asGiven, Product: asGiven } as const;
