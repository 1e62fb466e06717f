import type { CustomerClient } from '../../domain/clients.ts';
import type { Principal } from '../../domain/principal.ts';

/**
 * The contract price list of whoever asks, from the token alone: the company's, else the person's own, else that of the
 * company the person belongs to. Null where none is agreed. Never takes a list from the request: another buyer's
 * contract cannot be asked for. A customer system that cannot be reached is a failure, not "no contract".
 */
export async function readBuyerList(customers: CustomerClient, { companyNumber, customerNumber }: Principal): Promise<string | null> {
  const company = companyNumber === null ? null : await customers.readCustomer({ number: companyNumber });
  if (company?.priceListCode) return company.priceListCode;
  const person = customerNumber === null ? null : await customers.readCustomer({ number: customerNumber });
  if (person?.priceListCode) return person.priceListCode;
  const employer = person?.companyNumber ?? null;
  if (employer === null || employer === companyNumber) return null;
  return (await customers.readCustomer({ number: employer }))?.priceListCode ?? null;
}
