import DataLoader from 'dataloader';
import type { CustomerRecord } from '../../domain/customers.ts';
import type { Principal } from '../../domain/principal.ts';
import type { GraphContext, RequestScope } from '../frame/module.ts';
import type { CustomerBook } from './customer-book.ts';

/** What one request reads of customers, batched and read once. Access is the resolvers' business. */
export interface CustomerSession {
  readonly principal: Principal;
  readonly book: CustomerBook;
  load(number: string): Promise<CustomerRecord | null>;
  /** Null when the number is a person's or nobody's. */
  loadCompany(number: string): Promise<CustomerRecord | null>;
  loadContacts(companyNumber: string, first: number): Promise<readonly CustomerRecord[]>;
}

export interface CustomerContext extends GraphContext {
  readonly customers: CustomerSession;
}

export function createCustomerSession(book: CustomerBook, scope: RequestScope): CustomerSession {
  const records = new DataLoader<string, CustomerRecord | null>((numbers) => book.readAll(numbers));
  const contacts = new DataLoader<{ number: string; first: number }, readonly CustomerRecord[], string>(
    async (keys) => {
      const read = await book.readContacts(keys.map(({ number }) => number), Math.max(...keys.map(({ first }) => first)));
      return keys.map(({ first }, index) => read[index]!.slice(0, first));
    },
    { cacheKeyFn: ({ number, first }) => `${first} ${number}` },
  );
  return {
    principal: scope.principal,
    book,
    load: (number) => records.load(number),
    loadCompany: async (number) => {
      const record = await records.load(number);
      return record?.kind === 'COMPANY' ? record : null;
    },
    loadContacts: (number, first) => contacts.load({ number, first }),
  };
}
