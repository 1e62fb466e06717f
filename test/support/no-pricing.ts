import type { PricingClient } from '../../domain/clients.ts';
import { ANONYMOUS } from '../../domain/principal.ts';
import type { FollowTools } from '../../subgraphs/frame/subscription.ts';

const refuse = async (): Promise<never> => {
  throw new Error('nobody asks for prices in this test');
};

/** For houses in which nobody asks for prices. */
export const noPricing: PricingClient = { quotePrices: refuse, quoteBasket: refuse, readListsInForce: refuse };

/** A subscriber who has not said who they are. */
export const nobody: FollowTools['scope'] = { principal: ANONYMOUS, shopping: { channel: null, locale: null, currencyCode: null, companyLocation: null } };
