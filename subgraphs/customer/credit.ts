import type { CreditDecision, CreditQuestion } from '../../domain/credit.ts';
import { add, compare } from '../../domain/decimal.ts';
import { money } from '../../domain/money.ts';
import type { CustomerBook } from './customer-book.ts';

/**
 * The limit the ERP has for the customer, against what is open already and what comes on top. A customer without a limit may
 * buy; a limit in another currency than the order's, or a customer nobody knows, is not decided here.
 */
export async function checkCredit(book: CustomerBook, { number, amount, openAmount }: CreditQuestion): Promise<CreditDecision> {
  const [customer] = await book.readAll([number]);
  if (!customer) return { kind: 'UNVERIFIED', detail: `no customer has the number ${number}` };
  const exposure = money(add(openAmount.amount, amount.amount), amount.currencyCode);
  if (!customer.active) return { kind: 'REFUSED', reason: 'ON_HOLD', limit: null, exposure };
  if (customer.creditLimit === null) return { kind: 'APPROVED', limit: null, exposure };
  const currencyCode = customer.currencyCode ?? amount.currencyCode;
  if (currencyCode !== amount.currencyCode) {
    return { kind: 'UNVERIFIED', detail: `the limit of ${number} is in ${currencyCode}, the order in ${amount.currencyCode}` };
  }
  const limit = money(customer.creditLimit, currencyCode);
  return compare(exposure.amount, limit.amount) > 0 ? { kind: 'REFUSED', reason: 'OVER_LIMIT', limit, exposure } : { kind: 'APPROVED', limit, exposure };
}
