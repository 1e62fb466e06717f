import type { CustomerClient } from '../../../domain/clients.ts';
import type { CustomerRecord } from '../../../domain/customers.ts';
import type { PriceBuyer } from '../../../domain/pricing.ts';
import type { Principal } from '../../../domain/principal.ts';
import { UserErrorCode } from '../../graph/user-error.ts';
import type { GuestPolicy } from '../settings.ts';
import type { Placement } from './placement.ts';
import { refuse } from './refusal.ts';

/** For whom an order is placed. Guests have no number and are known by their e-mail. */
export interface Buyer {
  readonly customerNumber: string | null;
  readonly companyNumber: string | null;
  readonly priceListCode: string | null;
  /** The ERP's account a guest's order is booked on; null: one of the guest's own, or the buyer is no guest. */
  readonly erpCustomerNumber: string | null;
  /** Who owes what is not paid: the company, where there is one. Null for guests. */
  readonly payer: { readonly number: string; readonly hasLimit: boolean } | null;
}

/**
 * Whose prices the order has; guests have the channel's. Who orders for oneself has those the page showed: of the company in the token,
 * where it names one. A location without a buyer is still told, to be refused.
 */
export function priceBuyerOf({ customerNumber, companyNumber }: Buyer, principal: Principal, locationNumber: string | null): PriceBuyer | null {
  if (customerNumber === null && locationNumber === null) return null;
  const claimed = customerNumber === principal.customerNumber ? principal.companyNumber : null;
  return { customerNumber, companyNumber: claimed ?? companyNumber, locationNumber };
}

/** Shoppers and buyers order for themselves or their company; services and operators for any customer. */
export function customerNumberFor(placement: Placement, principal: Principal): string | null {
  const asked = placement.customerNumber;
  const own = [principal.customerNumber, principal.companyNumber].filter((number) => number !== null);
  if (asked === null) return principal.customerNumber ?? principal.companyNumber;
  const mayNameAnybody = principal.kind === 'SERVICE' || principal.kind === 'OPERATIONS' || principal.kind === 'DEVELOPMENT';
  if (mayNameAnybody || own.includes(asked)) return asked;
  throw refuse(UserErrorCode.FORBIDDEN, ['customerNumber'], 'you may order for yourself and your company only');
}

/** @throws Refusal when the customer is unknown or blocked, or a guest leaves no e-mail. */
export async function findBuyer(customers: CustomerClient, placement: Placement, number: string | null, guests: GuestPolicy): Promise<Buyer> {
  if (number === null) return findGuest(customers, placement, guests);
  const customer = await needCustomer(customers, number);
  const company = customer.companyNumber === null ? null : await customers.readCustomer({ number: customer.companyNumber });
  return {
    customerNumber: customer.number,
    companyNumber: customer.companyNumber,
    priceListCode: customer.priceListCode ?? company?.priceListCode ?? null,
    erpCustomerNumber: null,
    payer: { number: customer.companyNumber ?? customer.number, hasLimit: (company ?? customer).creditLimit !== null },
  };
}

/** A guest stays one, whatever account the order is booked on: no contract's prices, no sight of anybody's orders. */
async function findGuest(customers: CustomerClient, placement: Placement, guests: GuestPolicy): Promise<Buyer> {
  const email = placement.contact?.email ?? null;
  if (email === null) throw refuse(UserErrorCode.INVALID_INPUT, ['contact', 'email'], 'a guest order needs contact.email; or name a customerNumber');
  const matched = guests.kind === 'MATCH' ? await customers.findCustomerByEmail({ email }) : null;
  const erpCustomerNumber = guests.kind === 'WEB_GUEST' ? guests.number : (matched?.number ?? null);
  return { customerNumber: null, companyNumber: null, priceListCode: null, erpCustomerNumber, payer: null };
}

async function needCustomer(customers: CustomerClient, number: string): Promise<CustomerRecord> {
  const customer = await customers.readCustomer({ number });
  if (!customer) throw refuse(UserErrorCode.NOT_FOUND, ['customerNumber'], 'no customer has this number');
  if (!customer.active) throw refuse(UserErrorCode.FORBIDDEN, ['customerNumber'], 'this customer is blocked in the ERP');
  return customer;
}
