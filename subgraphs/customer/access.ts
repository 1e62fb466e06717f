import { Failure } from '../../domain/failure.ts';
import { hasScope, type Principal } from '../../domain/principal.ts';

export const mayReadAll = (principal: Principal): boolean => hasScope(principal, 'customer:read:all');

/** The caller's own record, or that of the company the caller acts for. */
const isOwn = ({ customerNumber, companyNumber }: Principal, number: string): boolean => number === customerNumber || number === companyNumber;

export const mayRead = (principal: Principal, number: string): boolean =>
  mayReadAll(principal) || (hasScope(principal, 'customer:read') && isOwn(principal, number));

/**
 * Refuses before anything is looked up, so that a refusal does not tell whether the customer exists.
 * @throws Failure UNAUTHENTICATED, FORBIDDEN
 */
export function requireReadable(principal: Principal, number: string): void {
  if (!mayRead(principal, number)) throw refusal(principal);
}

export function refusal(principal: Principal): Failure {
  if (principal.kind === 'ANONYMOUS') return new Failure('UNAUTHENTICATED', 'sign in to read customer data');
  return new Failure('FORBIDDEN', 'this needs the scope customer:read:all, or customer:read and to be this customer or to act for this company');
}
