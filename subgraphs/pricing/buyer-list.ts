import type { CustomerClient } from '../../domain/clients.ts';
import type { Principal } from '../../domain/principal.ts';

/**
 * The contract price list of whoever asks, from the token alone: the person's own, else that of the company the person
 * belongs to; a token without a person speaks for its company. Null where none is agreed. Checkout asks the same records
 * in the same order, so that the page shows what the order costs. Never takes a list from the request: another buyer's
 * contract cannot be asked for. A customer system that cannot be reached is a failure, not "no contract".
 */
export async function readBuyerList(customers: CustomerClient, { companyNumber, customerNumber }: Principal): Promise<string | null> {
  const number = customerNumber ?? companyNumber;
  const buyer = number === null ? null : await customers.readCustomer({ number });
  if (buyer === null || buyer.priceListCode !== null || buyer.companyNumber === null) return buyer?.priceListCode ?? null;
  return (await customers.readCustomer({ number: buyer.companyNumber }))?.priceListCode ?? null;
}
