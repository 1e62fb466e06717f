import { compare, equals, isPositive, isZero, subtract, ZERO, type Decimal } from '../../../domain/decimal.ts';
import { userError, UserErrorCode, type GraphUserError } from '../../graph/user-error.ts';
import type { LineRecord, OrderRecord } from '../records.ts';
import type { AmendmentRule, ChangeOperation } from './policy.ts';
import type { ChangedLine, RequestedChange } from './records.ts';
import type { ChangeRequest } from './validation.ts';

export interface ChangePlan extends RequestedChange {
  readonly operations: ReadonlySet<ChangeOperation>;
  /** Nothing of the order is left. */
  readonly cancelsAll: boolean;
}

export type PlannedChange = { readonly plan: ChangePlan } | { readonly errors: readonly GraphUserError[] };

/** What a request makes of this order, line by line; or why it makes nothing. Pure. */
export function planChange(order: OrderRecord, lines: readonly LineRecord[], request: ChangeRequest): PlannedChange {
  const over = whyOver(order);
  if (over !== null) return { errors: [over] };
  const errors: GraphUserError[] = [];
  const changed = request.kind === 'CANCEL' && request.lines === null ? openLines(lines) : namedLines(lines, request, errors);
  if (errors.length > 0) return { errors };
  const effective = changed.filter((line) => !equals(line.from, line.to));
  if (effective.length === 0 && request.shipTo === null && request.requestedDay === null) {
    return { errors: [userError(UserErrorCode.CONFLICT, ['lines'], 'the order is as it is asked to be: nothing would change')] };
  }
  const after = new Map(effective.map((line) => [line.lineNumber, line.to]));
  const cancelsAll = lines.every((line) => isZero(after.get(line.lineNumber) ?? line.quantity));
  return { plan: { lines: effective, shipTo: request.shipTo, requestedDay: request.requestedDay, operations: operationsOf(effective, request), cancelsAll } };
}

const tooLate = (message: string, field: readonly string[] = ['orderId']): GraphUserError => userError(UserErrorCode.TOO_LATE, field, message);

function whyOver({ source, state, compensated, submission }: OrderRecord): GraphUserError | null {
  if (source !== 'graph') return userError(UserErrorCode.UNSUPPORTED, ['orderId'], 'this order was placed in the ERP; change it there');
  if (compensated || state === 'CANCELLED' || submission === 'CANCELLED') return tooLate('this order is cancelled already');
  if (state === 'SHIPPED' || state === 'DELIVERED') return tooLate('this order has been shipped; ask for a return instead');
  if (submission === 'NONE') return userError(UserErrorCode.UNSUPPORTED, ['orderId'], 'this order is a record of the time before; it cannot be changed');
  return null;
}

/** What has not left yet. */
const openLines = (lines: readonly LineRecord[]): readonly ChangedLine[] =>
  lines.map(({ lineNumber, sku, quantity, shippedQuantity }) => ({ lineNumber, sku, from: quantity, to: shippedQuantity }));

function namedLines(lines: readonly LineRecord[], { kind, lines: named }: ChangeRequest, errors: GraphUserError[]): readonly ChangedLine[] {
  return (named ?? []).flatMap(({ lineNumber, quantity }, index) => {
    const path = ['lines', String(index)];
    const line = lines.find((one) => one.lineNumber === lineNumber);
    if (!line) {
      errors.push(userError(UserErrorCode.NOT_FOUND, [...path, 'lineNumber'], `this order has no line ${lineNumber}`));
      return [];
    }
    const to = kind === 'AMEND' ? quantity! : subtract(line.quantity, quantity ?? subtract(line.quantity, line.shippedQuantity));
    const wrong = whyNot(line, to, [...path, 'quantity']);
    if (wrong !== null) errors.push(wrong);
    return [{ lineNumber, sku: line.sku, from: line.quantity, to }];
  });
}

function whyNot({ lineNumber, sku, quantity, shippedQuantity }: LineRecord, to: Decimal, path: readonly string[]): GraphUserError | null {
  if (compare(to, ZERO) < 0) return userError(UserErrorCode.INVALID_INPUT, path, `line ${lineNumber} is ${quantity} ${sku}; more cannot be cancelled`);
  if (isZero(quantity)) return tooLate(`line ${lineNumber} is cancelled already; order ${sku} anew`, path);
  if (isPositive(shippedQuantity) && compare(to, shippedQuantity) < 0) return tooLate(`${shippedQuantity} of ${quantity} ${sku} have left; return them instead`, path);
  return null;
}

function operationsOf(lines: readonly ChangedLine[], { kind, shipTo, requestedDay }: ChangeRequest): ReadonlySet<ChangeOperation> {
  const operations = new Set<ChangeOperation>();
  for (const { from, to } of lines) {
    if (compare(to, from) > 0) operations.add('QUANTITY_UP');
    else operations.add(kind === 'CANCEL' || isZero(to) ? 'CANCEL' : 'QUANTITY_DOWN');
  }
  if (shipTo !== null) operations.add('ADDRESS');
  if (requestedDay !== null) operations.add('DATE');
  return operations;
}

const WORDS: Readonly<Record<ChangeOperation, string>> = {
  QUANTITY_DOWN: 'ordering less', QUANTITY_UP: 'ordering more', ADDRESS: 'another address', DATE: 'another day', CANCEL: 'cancelling',
};

/** What the rule of the channel has against it. `isWithUs`: the ERP has nothing of the order yet. */
export function refusedByRule(rule: AmendmentRule, { operations }: ChangePlan, isWithUs: boolean): GraphUserError | null {
  const forbidden = [...operations].filter((operation) => !rule.allow.includes(operation));
  if (forbidden.length > 0) {
    return userError(UserErrorCode.FORBIDDEN, [], `this channel does not allow ${forbidden.map((operation) => WORDS[operation]).join(' or ')} once an order is placed; ask the merchant`);
  }
  if (rule.until === 'BEFORE_ERP' && !isWithUs) return tooLate('this channel allows changes only until an order is handed over to the ERP, and it has been');
  return null;
}
