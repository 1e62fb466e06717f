import type { CustomerRecord } from '../../domain/customers.ts';
import { requireReadable } from './access.ts';
import type { CustomerContext } from './customer-session.ts';
import { numberOf } from './named-customer.ts';

interface Key {
  readonly id?: string;
  readonly number?: string;
}

const keyOf = (typeName: 'Customer' | 'Company', { id, number }: Key): string | null => number ?? (id === undefined ? null : numberOf(typeName, id));

/**
 * Other subgraphs hand over numbers, e.g. that of an order's customer: the right to see the order is not the right to
 * see the person. Each reference is checked; a refused one is null with an error and leaves its neighbours alone.
 */
async function loadCustomer(key: Key, { customers }: CustomerContext): Promise<CustomerRecord | null> {
  const number = keyOf('Customer', key);
  if (number === null) return null;
  requireReadable(customers.principal, number);
  return customers.load(number);
}

async function loadCompany(key: Key, { customers }: CustomerContext): Promise<CustomerRecord | null> {
  const number = keyOf('Company', key);
  if (number === null) return null;
  requireReadable(customers.principal, number);
  return customers.loadCompany(number);
}

export const references = { Customer: loadCustomer, Company: loadCompany } as const;
