import { isDeepStrictEqual } from 'node:util';
import type { PostalAddress } from '../../../domain/customers.ts';
import { dayOf, instant, type CalendarDate } from '../../../domain/time.ts';
import { UserErrorCode } from '../../graph/user-error.ts';
import { readAddress, type AddressText } from '../placing/address-validation.ts';
import { refuse } from '../placing/refusal.ts';
import { checkText, type Problem } from '../placing/text-validation.ts';
import { checkContact } from '../placing/validation.ts';
import type { Contact, OrderRecord, PaymentRecord } from '../records.ts';
import { SUBMIT_QUEUE } from '../submission/store-submission.ts';
import { performOnce, readReason, throwProblems, type OperatorTools } from './manual-action.ts';
import { notToBeSent, sendAgain, standingOf, type ResolutionRequest } from './retry-order.ts';
import { lockOrder, overrideSkus, writeEdit, type EditableFields } from './store.ts';

type Given<T> = T | null | undefined;

/** Absent: as it is. Null: taken away. */
export interface EditText {
  readonly shipTo?: Given<AddressText>;
  readonly billTo?: Given<AddressText>;
  readonly contact?: Given<{ readonly [K in keyof Contact]?: Given<string> }>;
  readonly note?: Given<string>;
  readonly requestedDate?: Given<CalendarDate>;
  readonly carrierCode?: Given<string>;
  /** By position in the order, from 0. */
  readonly payments?: Given<readonly { readonly index: number; readonly methodCode?: Given<string>; readonly reference?: Given<string> }[]>;
  readonly lines?: Given<readonly { readonly lineNumber: number; readonly erpSku?: Given<string> }[]>;
}

interface Edit {
  readonly fields: EditableFields;
  readonly lines: readonly { readonly lineNumber: number; readonly erpSku: string | null }[];
}

/**
 * Changes an order the ERP does not have, and sends it again. What was agreed with the buyer - goods, quantities, money - is
 * not to be changed so. @throws Refusal while a create of the order as it was may still arrive
 */
export async function editAndRetryOrder(tools: OperatorTools, found: OrderRecord, { actor, idempotencyKey, reason: text }: ResolutionRequest, edit: EditText): Promise<void> {
  const reason = readReason(text);
  const action = { actor, idempotencyKey, action: 'order.edit', payload: { orderId: found.id, reason, edit }, subject: found.number };
  await performOnce(tools, action, async (tx, at) => {
    const order = await lockOrder(tx, found.id);
    if (order.submission !== 'ATTENTION' && order.submission !== 'PENDING') throw notToBeSent(order);
    if (order.erpOrderId !== null) throw refuse(UserErrorCode.CONFLICT, ['orderId'], `the ERP has the order as ${order.erpNumber}; change it there`);
    if (order.unsettledUntil !== null && order.unsettledUntil > at) throw stillUnderWay(order.unsettledUntil);
    const { fields, lines } = readEdit(order, edit, dayOf(instant(tools.clock.now())));
    await writeEdit(tx, order.id, fields);
    if ((await overrideSkus(tx, order.id, lines)) !== lines.length) throw refuse(UserErrorCode.INVALID_INPUT, ['edit', 'lines'], 'the order has no line of that number');
    if (order.submission === 'ATTENTION') await sendAgain(tools, tx, [order.id], at);
    else await tools.jobs.enqueueAll(tx, SUBMIT_QUEUE, [{ orderId: order.id, attempt: order.attempts }]);
    return { result: {}, audit: { reason, before: standingOf(order), changed: changesOf(order, fields), lines } };
  });
}

export const stillUnderWay = (until: string): Error =>
  refuse(UserErrorCode.CONFLICT, ['orderId'], `a create the ERP never answered may still arrive until ${until}; do this again after`, true);

/** @throws Refusal INVALID_INPUT naming every field at fault */
function readEdit(order: OrderRecord, edit: EditText, today: CalendarDate): Edit {
  const problems: Problem[] = [];
  const text = (name: 'note' | 'carrierCode', length: number, current: string | null): string | null =>
    edit[name] === undefined ? current : checkText(edit[name], ['edit', name], length, name === 'note' ? 'FREE_TEXT' : 'IDENTIFIER', problems);
  const address = (name: 'shipTo' | 'billTo', current: PostalAddress | null): PostalAddress | null =>
    edit[name] === undefined ? current : edit[name] && readAddress(edit[name], ['edit', name], problems);
  const requestedOn = edit.requestedDate === undefined ? order.requestedOn : edit.requestedDate;
  if (edit.requestedDate != null && edit.requestedDate < today) problems.push({ field: ['edit', 'requestedDate'], message: 'requestedDate is in the past' });
  const fields = {
    shipTo: address('shipTo', order.shipTo), billTo: address('billTo', order.billTo), note: text('note', 2_000, order.note), requestedOn,
    contact: edit.contact === undefined ? order.contact : checkContact(edit.contact, problems),
    carrierCode: text('carrierCode', 64, order.carrierCode), payments: readPayments(order.payments, edit.payments ?? [], problems),
  };
  const lines = (edit.lines ?? []).map(({ lineNumber, erpSku }, index) => ({
    lineNumber, erpSku: checkText(erpSku, ['edit', 'lines', String(index), 'erpSku'], 128, 'IDENTIFIER', problems),
  }));
  if (new Set(lines.map(({ lineNumber }) => lineNumber)).size < lines.length) problems.push({ field: ['edit', 'lines'], message: 'a line is named twice' });
  throwProblems(problems);
  return { fields, lines };
}

function readPayments(current: readonly PaymentRecord[], edits: NonNullable<EditText['payments']>, problems: Problem[]): readonly PaymentRecord[] {
  const payments = [...current];
  for (const [at, { index, methodCode, reference }] of edits.entries()) {
    const payment = payments[index];
    const path = ['edit', 'payments', String(at)];
    if (!payment) {
      problems.push({ field: [...path, 'index'], message: `the order has ${current.length} payment(s), counted from 0` });
      continue;
    }
    const code = methodCode == null ? payment.methodCode : checkText(methodCode, [...path, 'methodCode'], 64, 'IDENTIFIER', problems);
    payments[index] = {
      ...payment, methodCode: code ?? payment.methodCode,
      reference: reference === undefined ? payment.reference : checkText(reference, [...path, 'reference'], 128, 'IDENTIFIER', problems),
    };
  }
  return payments;
}

/** For the audit: what was before and after, but of people and places only that it changed, and where to. */
function changesOf(order: OrderRecord, fields: EditableFields): Readonly<Record<string, unknown>> {
  const place = (address: PostalAddress | null): unknown => address && { countryCode: address.countryCode, postalCode: address.postalCode };
  const told: { readonly [K in keyof EditableFields]: (value: never) => unknown } = {
    shipTo: place, billTo: place, contact: () => 'changed', note: () => 'changed', requestedOn: (day) => day, carrierCode: (code) => code,
    payments: (payments: EditableFields['payments']) => payments.map(({ methodCode, kind }) => ({ methodCode, kind })),
  };
  const names = Object.keys(told) as (keyof EditableFields)[];
  return Object.fromEntries(names.filter((name) => !isDeepStrictEqual(order[name], fields[name])).map((name) => [
    name, { before: told[name](order[name] as never), after: told[name](fields[name] as never) },
  ]));
}
