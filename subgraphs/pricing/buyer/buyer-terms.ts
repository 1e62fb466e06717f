import type { CustomerClient } from '../../../domain/clients.ts';
import type { CustomerRecord } from '../../../domain/customers.ts';
import { Failure } from '../../../domain/failure.ts';
import type { ChannelCode } from '../../../domain/ids.ts';
import type { LayeredList, PriceBuyer } from '../../../domain/pricing.ts';
import type { Principal } from '../../../domain/principal.ts';
import type { PriceSettings } from '../settings.ts';
import { readBuyerRecords } from './buyer-records.ts';

/** What a buyer's prices follow from. Buyers with equal terms see equal prices. */
export interface BuyerTerms {
  /** In the order in which they are asked. */
  readonly lists: readonly LayeredList[];
  /** Whether the buyer is a customer somebody knows, and active. False for guests too. */
  readonly isKnown: boolean;
  /** False: the channel shows prices to known buyers only, and this is none. `lists` then has nothing anybody may see. */
  readonly isShown: boolean;
}

/** Whose prices a caller sees, from token and header alone: another buyer's contract cannot be asked for. A location without a company is still told, to be refused. */
export const buyerOf = ({ customerNumber, companyNumber }: Principal, locationNumber: string | null = null): PriceBuyer | null =>
  customerNumber === null && companyNumber === null && locationNumber === null ? null : { customerNumber, companyNumber, locationNumber };

/**
 * The lists of a buyer on a channel: contracts, then groups, of the location, the person and the company, in this order; then the
 * channel's. Page and checkout both ask here, so that the page shows what the order costs. A buyer nobody knows, or no longer
 * active, is anybody: what the channel asks of everybody, where it shows that.
 * @throws Failure FORBIDDEN naming `x-company-location` or `companyNumber` where that is not the buyer's; and as the customer
 * client does where it cannot be asked: silence is not "no contract"
 */
export async function readTerms(
  customers: Pick<CustomerClient, 'readCustomer'>, settings: Pick<PriceSettings, 'groupLists' | 'channelLists' | 'privateChannels'>, buyer: PriceBuyer | null, channel: ChannelCode | null,
): Promise<BuyerTerms> {
  const records = buyer === null ? null : await readBuyerRecords(customers, buyer);
  const isKnown = records !== null;
  if (!isKnown && channel !== null && settings.privateChannels.has(channel)) return { lists: [], isKnown, isShown: false };
  const channelList = channel === null ? undefined : settings.channelLists.get(channel);
  const lists: readonly LayeredList[] = [
    ...contractsOf(records ?? []), ...groupListsOf(records ?? [], settings.groupLists), ...(channelList === undefined ? [] : [{ layer: 'CHANNEL' as const, code: channelList }]),
  ];
  return { lists: lists.filter((list, index) => lists.findIndex(({ code }) => code === list.code) === index), isKnown, isShown: true };
}

/** Why nothing is shown where `isShown` is false. */
export const pricesNotShown = (channel: ChannelCode | null): Failure =>
  new Failure('FORBIDDEN', `channel ${channel ?? ''} shows prices to its known customers only: sign in as an active one, or ask in a channel that is open to everybody`, { field: ['x-channel'] });

const contractsOf = (records: readonly CustomerRecord[]): readonly LayeredList[] =>
  records.flatMap(({ priceListCode }): LayeredList[] => (priceListCode === null ? [] : [{ layer: 'CONTRACT', code: priceListCode }]));

const groupListsOf = (records: readonly CustomerRecord[], groupLists: ReadonlyMap<string, string>): readonly LayeredList[] =>
  records.flatMap(({ groupCodes = [] }) => groupCodes).flatMap((group): LayeredList[] => {
    const code = groupLists.get(group);
    return code === undefined ? [] : [{ layer: 'GROUP', code }];
  });
