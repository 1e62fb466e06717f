import { isDecimal, isPositive, scaleOf, type Decimal } from '../../../domain/decimal.ts';
import { keyFromGlobalId } from '../../../domain/ids.ts';
import type { Principal } from '../../../domain/principal.ts';
import type { Instant } from '../../../domain/time.ts';
import type { Sql } from '../../../platform/stores/sql.ts';
import { userError, UserErrorCode } from '../../graph/user-error.ts';
import { Refusal, refuse } from '../placing/refusal.ts';
import { checkText, type Problem } from '../placing/text-validation.ts';
import { canSee, readLines, readShipmentsOfOrders, visibilityOf } from '../reading/store-reads.ts';
import type { LineRecord, OrderRecord } from '../records.ts';
import { answerOnce, failOn, type Done, type ReturnOutcome } from './keyed-request.ts';
import { authorisesItself, policyOf, type ReturnReason } from './policy.ts';
import type { ExchangeLine, RmaLineRecord } from './records.ts';
import { progressOf } from './return-case.ts';
import { newReturnNumber } from './return-number.ts';
import { beyond, returnableByLine } from './returnable.ts';
import { readCasesOfOrder, readErpOnly } from './store-cases.ts';
import { insertRma, type NewRma } from './store-writes.ts';
import { lockOrder, type ReturnTools } from './tools.ts';

export interface ReturnRequestText {
  readonly idempotencyKey: string;
  /** Global id. */
  readonly orderId: string;
  readonly lines: readonly { readonly lineNumber: number; readonly quantity: Decimal; readonly reason: ReturnReason; readonly note?: string | null | undefined }[];
  readonly wants: 'REFUND' | 'EXCHANGE';
  readonly exchangeLines?: readonly { readonly sku: string; readonly quantity: Decimal }[] | null | undefined;
}

type NamedLine = Omit<RmaLineRecord, 'rmaId' | 'erpSku'>;
type AskedLine = Omit<NamedLine, 'sku'>;

interface Asked {
  readonly lines: readonly AskedLine[];
  readonly wants: 'REFUND' | 'EXCHANGE';
  readonly exchangeLines: readonly ExchangeLine[];
}

/** Asks for a return of what was shipped and is not on its way back yet; authorised at once where the channel's policy says so. */
export async function requestReturn(tools: ReturnTools, input: ReturnRequestText, principal: Principal): Promise<ReturnOutcome> {
  const orderId = keyFromGlobalId('Order', input.orderId);
  const { idempotencyKey, ...payload } = input;
  return answerOnce(tools, { principal, idempotencyKey, action: 'return.request', payload, subject: orderId ?? 'unknown' }, async (tx, { rmaId, at }) => {
    const asked = checkRequest(input);
    const order = orderId === null ? null : await lockOrder(tx, orderId);
    if (!order || !canSee(visibilityOf(principal), order)) throw refuse(UserErrorCode.NOT_FOUND, ['orderId'], 'no order has this id');
    return write(tools, tx, { rmaId, at, order, asked, principal });
  });
}

interface Request {
  readonly rmaId: string;
  readonly at: Instant;
  readonly order: OrderRecord;
  readonly asked: Asked;
  readonly principal: Principal;
}

async function write(tools: ReturnTools, tx: Sql, { rmaId, at, order, asked, principal }: Request): Promise<Done> {
  const orderLines = await readLines(tx, [order.id]);
  const lines = namedLines(asked.lines, orderLines);
  await refuseBeyond(tx, order.id, orderLines, lines);
  const policy = policyOf(tools.policy, order.channel);
  const isAuthorised = authorisesItself(policy, await withShippedAt(tx, order.id, lines), at);
  const rma: NewRma = {
    id: rmaId, number: newReturnNumber(), orderId: order.id, wants: asked.wants, requestedBy: principal.subject, requestedAt: at,
    decision: isAuthorised ? 'AUTHORISED' : 'REQUESTED', decidedAt: isAuthorised ? at : null, decidedBy: isAuthorised ? 'policy' : null,
    exchangeLines: asked.exchangeLines, exchangeMoment: asked.wants === 'EXCHANGE' ? policy.exchange : null,
  };
  await insertRma(tx, rma, lines);
  const detail = { return: rma.number, wants: rma.wants, decision: rma.decision, lines: lines.map(({ lineNumber, quantity, reason }) => ({ lineNumber, quantity, reason })) };
  return isAuthorised ? { order, told: 'requested, and authorised by policy', detail } : { order, told: 'requested', kind: 'RETURN_REQUESTED', detail };
}

function checkRequest({ lines, wants, exchangeLines }: ReturnRequestText): Asked {
  const problems: Problem[] = [];
  const at = (path: readonly string[], message: string): void => void problems.push({ field: path, message });
  if (lines.length === 0 || lines.length > 500) at(['lines'], 'a return has 1 to 500 lines');
  const seen = new Set<number>();
  const asked = lines.map(({ lineNumber, quantity, reason, note }, index): AskedLine => {
    const path = ['lines', String(index)];
    if (seen.has(lineNumber)) at([...path, 'lineNumber'], `line ${lineNumber} is named twice; name each once`);
    seen.add(lineNumber);
    checkQuantity(quantity, [...path, 'quantity'], problems);
    return { lineNumber, quantity, reason, note: checkText(note, [...path, 'note'], 500, 'FREE_TEXT', problems) };
  });
  const exchange = exchangeLines ?? [];
  if (wants === 'EXCHANGE' && exchange.length === 0) at(['exchangeLines'], 'an exchange names what shall come instead');
  if (wants === 'REFUND' && exchange.length > 0) at(['exchangeLines'], 'exchangeLines belong to an exchange; ask for wants: EXCHANGE');
  if (exchange.length > 500) at(['exchangeLines'], 'an exchange has at most 500 lines');
  exchange.forEach(({ sku, quantity }, index) => {
    const path = ['exchangeLines', String(index)];
    if (exchange.findIndex((other) => other.sku === sku) < index) at([...path, 'sku'], `${sku} is named twice; name each once`);
    if (sku.trim() === '' || sku.length > 64 || /\p{Cc}/u.test(sku)) at([...path, 'sku'], 'a sku has 1 to 64 printable characters');
    checkQuantity(quantity, [...path, 'quantity'], problems);
  });
  failOn(problems);
  return { lines: asked, wants, exchangeLines: exchange.map(({ sku, quantity }) => ({ sku, quantity })) };
}

export function checkQuantity(quantity: Decimal, path: readonly string[], problems: Problem[]): void {
  if (!isDecimal(quantity) || !isPositive(quantity)) problems.push({ field: path, message: 'quantity must be greater than zero' });
  else if (scaleOf(quantity) > 3) problems.push({ field: path, message: 'quantity has at most 3 fraction digits' });
}

function namedLines(asked: readonly AskedLine[], lines: readonly LineRecord[]): NamedLine[] {
  const problems: Problem[] = [];
  const named = asked.flatMap((line, index) => {
    const ordered = lines.find(({ lineNumber }) => lineNumber === line.lineNumber);
    if (ordered) return [{ ...line, sku: ordered.sku }];
    problems.push({ field: ['lines', String(index), 'lineNumber'], message: `the order has no line ${line.lineNumber}` });
    return [];
  });
  failOn(problems);
  return named;
}

async function refuseBeyond(tx: Sql, orderId: string, orderLines: readonly LineRecord[], asked: readonly AskedLine[]): Promise<void> {
  const ours = (await readCasesOfOrder(tx, orderId)).map((found) => {
    const { status, received } = progressOf(found);
    return { status, lines: found.lines.map(({ lineNumber, quantity }) => ({ lineNumber, quantity, received: received.get(lineNumber)! })) };
  });
  const erp = (await readErpOnly(tx, [orderId])).filter(({ state }) => state !== 'CANCELLED').flatMap(({ lines }) => lines);
  const tooMuch = beyond(asked, returnableByLine({ lines: orderLines.map((line) => ({ ...line, sku: line.erpSku ?? line.sku })), ours, erp }));
  if (tooMuch.size === 0) return;
  throw new Refusal(asked.flatMap(({ lineNumber }, index) => {
    const left = tooMuch.get(lineNumber);
    const message = `of line ${lineNumber} ${left} can still be returned: what was shipped less what came back or is on its way back`;
    return left === undefined ? [] : [userError(UserErrorCode.CONFLICT, ['lines', String(index), 'quantity'], message)];
  }));
}

/** When each line's goods left last. */
async function withShippedAt<Line extends { readonly sku: string }>(tx: Sql, orderId: string, lines: readonly Line[]): Promise<(Line & { readonly shippedAt: Instant | null })[]> {
  const shipped = (await readShipmentsOfOrders(tx, [orderId])).filter(({ direction, state }) => direction === 'OUTBOUND' && state === 'SHIPPED');
  return lines.map((line) => {
    const times = shipped.filter((shipment) => shipment.lines.some(({ sku }) => sku === line.sku)).flatMap(({ shippedAt }) => shippedAt ?? []);
    return { ...line, shippedAt: times.sort().at(-1) ?? null };
  });
}
