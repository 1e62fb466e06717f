import type { CustomerClient } from '../../../domain/clients.ts';
import type { CustomerRecord } from '../../../domain/customers.ts';
import type { ChannelCode } from '../../../domain/ids.ts';
import type { LayeredList, PriceBuyer } from '../../../domain/pricing.ts';
import type { Principal } from '../../../domain/principal.ts';
import type { PriceSettings } from '../settings.ts';

/** What a buyer's prices follow from. Buyers with equal terms see equal prices. */
export interface BuyerTerms {
  /** In the order in which they are asked. */
  readonly lists: readonly LayeredList[];
  /** False: a customer was named and nobody knows it. */
  readonly isKnown: boolean;
}

/** Whose prices a caller sees, from the token alone: another buyer's contract cannot be asked for. */
export const buyerOf = ({ customerNumber, companyNumber }: Principal, locationNumber: string | null = null): PriceBuyer | null =>
  customerNumber === null && companyNumber === null ? null : { customerNumber, companyNumber, locationNumber };

/**
 * The lists of a buyer on a channel: contracts (the person's own, then the company's), groups, then the channel's. Checkout asks the
 * same records in the same order, so that the page shows what the order costs. A customer system that cannot be reached is a
 * failure, not "no contract".
 */
export async function readTerms(customers: CustomerClient, settings: PriceSettings, buyer: PriceBuyer | null, channel: ChannelCode | null): Promise<BuyerTerms> {
  const records = buyer === null ? [] : await readRecords(customers, buyer);
  const contracts = records.flatMap(({ priceListCode }): LayeredList[] => (priceListCode === null ? [] : [{ layer: 'CONTRACT', code: priceListCode }]));
  const groups = records.flatMap(({ groupCodes = [] }) => groupCodes).flatMap((group): LayeredList[] => {
    const code = settings.groupLists.get(group);
    return code === undefined ? [] : [{ layer: 'GROUP', code }];
  });
  const channelList = channel === null ? undefined : settings.channelLists.get(channel);
  const lists = [...contracts, ...groups, ...(channelList === undefined ? [] : [{ layer: 'CHANNEL' as const, code: channelList }])];
  return { lists: lists.filter((list, index) => lists.findIndex(({ code }) => code === list.code) === index), isKnown: buyer === null || records.length > 0 };
}

async function readRecords(customers: CustomerClient, { customerNumber, companyNumber }: PriceBuyer): Promise<readonly CustomerRecord[]> {
  const number = customerNumber ?? companyNumber;
  const first = number === null ? null : await customers.readCustomer({ number });
  if (first === null || first.companyNumber === null) return first === null ? [] : [first];
  const company = await customers.readCustomer({ number: first.companyNumber });
  return company === null ? [first] : [first, company];
}
