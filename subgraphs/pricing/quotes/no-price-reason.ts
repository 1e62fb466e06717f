import { registerEnumType } from 'type-graphql';
import type { NoPriceReason } from '../../../domain/pricing.ts';

export const GraphNoPriceReason = {
  UNKNOWN_SKU: 'UNKNOWN_SKU', NO_LIST_PRICE: 'NO_LIST_PRICE', NO_CURRENCY: 'NO_CURRENCY', MISSING_RATE: 'MISSING_RATE',
  UNUSABLE_PRICE_LIST: 'UNUSABLE_PRICE_LIST', UNKNOWN_UNIT: 'UNKNOWN_UNIT', NOT_PUBLIC: 'NOT_PUBLIC',
} as const satisfies { [K in NoPriceReason]: K };

registerEnumType(GraphNoPriceReason, {
  name: 'NoPriceReason',
  description: 'Why a variant has no price. No price is an answer; zero is not.',
  valuesConfig: {
    NO_LIST_PRICE: { description: 'Nobody has set one, or it is not above zero.' },
    NO_CURRENCY: { description: 'Not sold in the currency asked for.' },
    MISSING_RATE: { description: 'No rate of exchange to the currency asked for is known for that instant.' },
    UNUSABLE_PRICE_LIST: { description: 'The buyer\'s price list, or one it is based on, is unknown, inactive or based on itself.' },
    UNKNOWN_UNIT: { description: 'Not sold in the unit asked for.' },
    NOT_PUBLIC: { description: 'The channel shows its prices to known buyers only: sign in.' },
  },
});
