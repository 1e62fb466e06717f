import { isPositive, type Decimal } from '../../../domain/decimal.ts';
import { money } from '../../../domain/money.ts';
import { UserErrorCode } from '../../graph/user-error.ts';
import { readOpenAmount } from '../placing/store-credit.ts';
import type { CreditRoom } from '../placing/step-credit.ts';
import { refuse } from '../placing/refusal.ts';
import type { LineRecord, OrderRecord } from '../records.ts';
import { changeAmounts } from './amounts.ts';
import type { ChangePlan } from './plan.ts';
import type { ChangeTools } from './tools.ts';

const FIELD = ['lines'] as const;

/**
 * Room below the limit for what an order grows by: no payment of the order covers it yet, so it is owed whatever was paid.
 * Null: nothing grows, nobody is known to owe it, or there is no limit. Taken under the customer's lock when the change is
 * written. @throws Refusal CREDIT_REFUSED, or UNVERIFIED: more on account is never taken on a guess
 */
export async function findCreditForMore({ database, clients: { customer } }: ChangeTools, order: OrderRecord, lines: readonly LineRecord[], plan: ChangePlan): Promise<CreditRoom | null> {
  const number = order.companyNumber ?? order.customerNumber;
  const { currencyCode } = order;
  const amount = changeAmounts({ ...order, lines }, new Map(plan.lines.map((line): [number, Decimal] => [line.lineNumber, line.to]))).difference;
  if (number === null || currencyCode === null || amount === null || !isPositive(amount)) return null;
  const open = await readOpenAmount(database, number, currencyCode);
  const answer = await customer.checkCredit({ number, amount: money(amount, currencyCode), openAmount: money(open.amount, currencyCode) })
    .catch(() => ({ kind: 'UNVERIFIED' as const }));
  if (answer.kind === 'UNVERIFIED') throw refuse(UserErrorCode.UNVERIFIED, FIELD, 'the credit limit could not be verified; try again, or order more of it anew', true);
  if (answer.kind === 'REFUSED') throw refuse(UserErrorCode.CREDIT_REFUSED, FIELD, 'the customer\'s credit does not allow for more; order more of it anew and pay otherwise');
  if (answer.limit === null) return null;
  if (open.foreignOrders > 0) throw refuse(UserErrorCode.UNVERIFIED, FIELD, 'open orders in other currencies have no sum with this one', true);
  return { number, currencyCode, amount, limit: answer.limit.amount, field: FIELD };
}
