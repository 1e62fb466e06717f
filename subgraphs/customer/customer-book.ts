import type { CustomerRecord } from '../../domain/customers.ts';
import { Failure } from '../../domain/failure.ts';
import type { Database } from '../../platform/stores/sql.ts';
import { countCustomers, findByEmail, isComplete, listCustomers, readContacts, readCustomers, type ListedCustomer, type ListPosition } from './store.ts';

/** The read model of customers. Does not ask who asks: see access.ts. */
export interface CustomerBook {
  /** In the order of the numbers; null = there is no such customer. @throws Failure UPSTREAM_UNAVAILABLE while that cannot be said yet */
  readAll(numbers: readonly string[]): Promise<readonly (CustomerRecord | null)[]>;
  /** @throws Failure CONFLICT when several active customers share the e-mail */
  findByEmail(email: string): Promise<CustomerRecord | null>;
  /** Null where several active customers share the e-mail, as where none has it. */
  findOnlyByEmail(email: string): Promise<CustomerRecord | null>;
  /** Per company, in the order of the numbers. */
  readContacts(companyNumbers: readonly string[], first: number): Promise<readonly (readonly CustomerRecord[])[]>;
  list(page: { readonly search: string | null; readonly after: ListPosition | null; readonly limit: number }): Promise<readonly ListedCustomer[]>;
  count(search: string | null): Promise<number>;
}

/** @param source Connector that owns customers; null where none does, and nobody is ever found. */
export function createCustomerBook(database: Database, source: string | null): CustomerBook {
  const refuseUnlessComplete = async (): Promise<void> => {
    if (source === null || (await isComplete(database))) return;
    throw new Failure('UPSTREAM_UNAVAILABLE', `customers of ${source} are still being read for the first time`, { system: source });
  };
  return {
    readAll: async (numbers) => {
      const found = await readCustomers(database, numbers);
      if (numbers.some((number) => !found.has(number))) await refuseUnlessComplete();
      return numbers.map((number) => found.get(number) ?? null);
    },
    findByEmail: async (email) => {
      const [only, another] = await findByEmail(database, email);
      if (another !== undefined) throw new Failure('CONFLICT', 'several active customers share this e-mail; ask by number', { field: ['by', 'email'] });
      if (only === undefined) await refuseUnlessComplete();
      return only ?? null;
    },
    findOnlyByEmail: async (email) => {
      const [only, another] = await findByEmail(database, email);
      if (only === undefined) await refuseUnlessComplete();
      return another === undefined ? (only ?? null) : null;
    },
    readContacts: async (companyNumbers, first) => {
      const contacts = await readContacts(database, companyNumbers, first);
      return companyNumbers.map((number) => contacts.get(number)!);
    },
    list: (page) => listCustomers(database, page),
    count: (search) => countCustomers(database, search),
  };
}
