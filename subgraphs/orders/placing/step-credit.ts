import type { CreditDecision } from '../../../domain/credit.ts';
import { add, compare, sum, type Decimal } from '../../../domain/decimal.ts';
import { asFailure } from '../../../domain/failure.ts';
import { money } from '../../../domain/money.ts';
import type { Sql } from '../../../platform/stores/sql.ts';
import { UserErrorCode } from '../../graph/user-error.ts';
import { within } from '../deadline.ts';
import type { OrderWarning } from '../records.ts';
import type { PlacementPolicy } from '../settings.ts';
import type { PlacementRequest, PlacementTools } from './placement-request.ts';
import type { Placement } from './placement.ts';
import { refuse, type Refusal } from './refusal.ts';
import type { Buyer } from './step-buyer.ts';
import type { SettledMoney } from './step-totals.ts';
import { lockCredit, readOpenAmount } from './store-credit.ts';

/** Room below a limit, to be looked at again under a lock before it is taken. */
export interface CreditRoom {
  readonly number: string;
  readonly currencyCode: string;
  /** What this order adds. */
  readonly amount: Decimal;
  readonly limit: Decimal;
  readonly field: readonly string[];
}

export interface CheckedCredit {
  /** Null: there is no limit, or it was not asked for. */
  readonly room: CreditRoom | null;
  readonly warnings: readonly OrderWarning[];
}

const NO_CREDIT: CheckedCredit = { room: null, warnings: [] };

/** Whether the customer may owe that much more. @throws Refusal CREDIT_REFUSED, or UNVERIFIED where the policy refuses silence. */
export async function checkCredit(tools: PlacementTools, { placement, scope }: PlacementRequest, buyer: Buyer, settled: SettledMoney, currencyCode: string): Promise<CheckedCredit> {
  const { policy } = tools.settings;
  const amount = amountOnAccount(placement, buyer, settled, policy);
  if (amount === null) return NO_CREDIT;
  const field = fieldOf(placement);
  if (buyer.payer === null) throw refuse(UserErrorCode.CREDIT_REFUSED, field, 'a guest cannot buy on account; name a customerNumber or another payment');
  const { number } = buyer.payer;
  const open = await readOpenAmount(tools.database, number, currencyCode);
  const question = { number, amount: money(amount, currencyCode), openAmount: money(open.amount, currencyCode) };
  const deadline = { timeoutMs: tools.config.CHECK_DEADLINE_MS, system: 'customer', signal: scope.signal, clock: tools.clock };
  const answer = await within(deadline, () => tools.clients.customer.checkCredit(question)).catch((error: unknown): CreditDecision => {
    tools.log.warn({ customer: number, error: asFailure(error).message }, 'a credit limit could not be asked for');
    return { kind: 'UNVERIFIED', detail: 'no answer' };
  });
  if (answer.kind === 'REFUSED') throw refused(field, answer);
  if (answer.kind === 'UNVERIFIED') return bySilence(policy, field, 'the credit limit could not be verified');
  if (answer.limit === null) return NO_CREDIT;
  if (open.foreignOrders > 0) return bySilence(policy, field, 'open orders in other currencies have no sum with this one');
  return { room: { number, currencyCode, amount, limit: answer.limit.amount, field }, warnings: [] };
}

/** What of the order is to be owed; null: nothing a limit applies to. */
function amountOnAccount({ paymentReference }: Placement, { payer }: Buyer, { payments, totals }: SettledMoney, { creditAppliesTo }: PlacementPolicy): Decimal | null {
  const onAccount = payments.filter(({ kind }) => kind === 'ON_ACCOUNT');
  if (onAccount.length > 0) return sum(onAccount.map((payment) => payment.amount));
  const isUnpaid = payments.length === 0 && paymentReference === null;
  return creditAppliesTo === 'ON_ACCOUNT_OR_UNPAID' && isUnpaid && payer?.hasLimit ? totals.total : null;
}

function fieldOf({ payments = [] }: Placement): readonly string[] {
  const index = payments.findIndex(({ kind }) => kind === 'ON_ACCOUNT');
  return index < 0 ? ['customerNumber'] : ['payments', String(index), 'amount'];
}

function refused(field: readonly string[], { reason, limit, exposure }: Extract<CreditDecision, { kind: 'REFUSED' }>): Refusal {
  if (reason === 'ON_HOLD' || limit === null) return refuse(UserErrorCode.CREDIT_REFUSED, field, 'the customer is on hold and cannot buy on account');
  return overLimit(field, limit.amount, exposure.amount, limit.currencyCode);
}

const overLimit = (field: readonly string[], limit: Decimal, exposure: Decimal, currencyCode: string): Refusal =>
  refuse(UserErrorCode.CREDIT_REFUSED, field, `with this order ${exposure} ${currencyCode} would be open; the credit limit is ${limit} ${currencyCode}`);

function bySilence({ creditSilence }: PlacementPolicy, field: readonly string[], message: string): CheckedCredit {
  if (creditSilence === 'REFUSE') throw refuse(UserErrorCode.UNVERIFIED, field, `${message}; try again, or pay otherwise`, true);
  return { room: null, warnings: [{ code: 'CREDIT_UNVERIFIED', field, message: `${message}; the order was accepted all the same` }] };
}

/** Looks at the room again where nobody else can take it meanwhile. @throws Refusal when it is gone */
export async function takeCredit(tx: Sql, { number, currencyCode, amount, limit, field }: CreditRoom): Promise<void> {
  await lockCredit(tx, number);
  const open = await readOpenAmount(tx, number, currencyCode);
  if (open.foreignOrders > 0) throw refuse(UserErrorCode.UNVERIFIED, field, 'another order of this customer came in between, in another currency; try again', true);
  const exposure = add(open.amount, amount);
  if (compare(exposure, limit) > 0) throw overLimit(field, limit, exposure, currencyCode);
}
