import type { CustomerRecord } from '../../domain/customers.ts';
import { isNegative } from '../../domain/decimal.ts';
import { isCurrencyCode } from '../../domain/money.ts';
import { isUnstorable } from '../frame/mirror-table.ts';

const MAX_NUMBER_LENGTH = 64;

/** What is wrong with a record, without a word of personal data; null when it is usable. */
export function complainAboutCustomer(record: CustomerRecord): string | null {
  const { number, companyNumber, creditLimit, currencyCode } = record;
  if (isUnstorable(record)) return 'holds a character that cannot be stored';
  if (number.trim() === '' || number.length > MAX_NUMBER_LENGTH) return `customer number must have 1 to ${MAX_NUMBER_LENGTH} characters`;
  if (companyNumber === number) return 'is its own company';
  if (creditLimit !== null && isNegative(creditLimit)) return `credit limit is negative: ${creditLimit}`;
  return currencyCode === null || isCurrencyCode(currencyCode) ? null : `unknown currency: ${JSON.stringify(currencyCode)}`;
}
