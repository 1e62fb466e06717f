import type { CustomerClient } from '../../../domain/clients.ts';
import type { CustomerRecord } from '../../../domain/customers.ts';
import { Failure } from '../../../domain/failure.ts';
import type { PriceBuyer } from '../../../domain/pricing.ts';

/**
 * Who buys, as the system that owns customers knows them: the location, the person and the company, the more particular first.
 * Those named are read at once; only a company that is named by nobody but the person's own record takes a second turn.
 * Null: one of them is unknown or no longer active, so that nothing of what was agreed can be taken to hold.
 * @throws Failure FORBIDDEN naming the header or the claim that is not the buyer's
 */
export async function readBuyerRecords(customers: Pick<CustomerClient, 'readCustomer'>, buyer: PriceBuyer): Promise<readonly CustomerRecord[] | null> {
  const { customerNumber, companyNumber, locationNumber } = buyer;
  const read = createReader(customers);
  const [person, named, location] = await Promise.all([read(customerNumber), read(companyNumber), read(locationNumber)]);
  const number = companyNumberOf(buyer, person);
  const company = number === companyNumber ? named : await read(number);
  if (locationNumber !== null) checkLocation(locationNumber, location, number);
  const asked = [...(locationNumber === null ? [] : [location]), ...(customerNumber === null ? [] : [person]), ...(number === null ? [] : [company])];
  const active = asked.filter((record): record is CustomerRecord => record?.active === true);
  if (active.length < asked.length || active.length === 0) return null;
  return active.filter((record, index) => active.findIndex((one) => one.number === record.number) === index);
}

type Reader = (number: string | null) => Promise<CustomerRecord | null>;

/** One question per number, however many of the roles it has. */
function createReader(customers: Pick<CustomerClient, 'readCustomer'>): Reader {
  const asked = new Map<string, Promise<CustomerRecord | null>>();
  return async (number) => {
    if (number === null) return null;
    if (!asked.has(number)) asked.set(number, customers.readCustomer({ number }));
    return asked.get(number)!;
  };
}

/** The company the token names, else the one the person's record does. Two that contradict each other are no company. */
function companyNumberOf({ customerNumber, companyNumber }: PriceBuyer, person: CustomerRecord | null): string | null {
  const recorded = person?.companyNumber ?? null;
  if (companyNumber === null || recorded === null || companyNumber === recorded || companyNumber === customerNumber) return companyNumber ?? recorded;
  throw new Failure('FORBIDDEN', `customer ${customerNumber} does not buy for company ${companyNumber}: sign in again, or have the customer's company put right where customers are kept`, { field: ['companyNumber'] });
}

/** One answer for a location nobody knows and for somebody else's: it does not tell which. */
function checkLocation(number: string, location: CustomerRecord | null, companyNumber: string | null): void {
  const isOwn = companyNumber !== null && location?.active === true && (location.number === companyNumber || location.companyNumber === companyNumber);
  if (isOwn) return;
  throw new Failure('FORBIDDEN', `x-company-location: ${number} is no active location of the company you buy for; name one of them, or leave the header out`, { field: ['x-company-location'] });
}
