import { createHash } from 'node:crypto';
import type { CustomerPort } from '../../../domain/connector.ts';
import type { NewCustomer } from '../../../domain/customers.ts';
import { Failure } from '../../../domain/failure.ts';
import type { AskErp } from './erp-order.ts';
import type { OrderRecord } from '../records.ts';

/** One ERP customer per guest e-mail; the address itself is no part of the reference. */
export const guestReference = (email: string): string => `guest:${createHash('sha256').update(email.trim().toLowerCase()).digest('hex').slice(0, 32)}`;

function guestOf(order: OrderRecord): NewCustomer {
  const { contact, shipTo } = order;
  const email = contact?.email ?? null;
  if (email === null) throw new Failure('UPSTREAM_REJECTED', 'the order names neither a customer nor an e-mail');
  return {
    reference: guestReference(email),
    kind: 'PERSON',
    name: contact?.name ?? shipTo?.name ?? email,
    email,
    phone: contact?.phone ?? shipTo?.phone ?? null,
    address: shipTo,
  };
}

/** The ERP's id of the order's customer; guests are created there, unless they are booked on an account that is. @throws Failure UPSTREAM_REJECTED when the number is unknown. */
export async function ensureErpCustomer(customers: CustomerPort, ask: AskErp, order: OrderRecord): Promise<string> {
  const number = order.erpCustomerNumber ?? order.customerNumber;
  if (number === null) return ask((call) => customers.ensureCustomer(guestOf(order), call));
  const id = await ask((call) => customers.findCustomer({ number }, call));
  if (id === null) throw new Failure('UPSTREAM_REJECTED', `the ERP has no customer ${number}`);
  return id;
}
