import { compare, isPositive, least, subtract, type Decimal } from '../../../domain/decimal.ts';
import type { SourcedQuantity } from '../../../domain/inventory.ts';

/** What one location can give; listed in the order in which locations are to be drawn on. */
export type LocationOffer = SourcedQuantity;

/**
 * Which locations a line draws on: one that covers it whole when there is one (fewest shipments), else by order of the
 * offers. Null when all of them together do not suffice.
 */
export function sourceQuantity(offers: readonly LocationOffer[], quantity: Decimal): readonly SourcedQuantity[] | null {
  const whole = offers.find((offer) => compare(offer.quantity, quantity) >= 0);
  if (whole) return [{ locationCode: whole.locationCode, quantity }];
  const sources: SourcedQuantity[] = [];
  let missing = quantity;
  for (const offer of offers) {
    const taken = least(offer.quantity, missing);
    if (!isPositive(taken)) continue;
    sources.push({ locationCode: offer.locationCode, quantity: taken });
    missing = subtract(missing, taken);
  }
  return isPositive(missing) ? null : sources;
}
