import { add, compare, equals, isPositive, isZero, sum, ZERO, type Decimal } from '../../../domain/decimal.ts';
import type { CallContext, Capabilities, OrderPort } from '../../../domain/connector.ts';
import { asFailure, Failure, type FailureCode } from '../../../domain/failure.ts';
import type { OrderChange, PickingProgress } from '../../../domain/order-changes.ts';
import type { ErpOrder } from '../../../domain/orders.ts';
import type { Instant } from '../../../domain/time.ts';
import type { LineRecord } from '../records.ts';
import { isAsAsked, readBack, type ErpSkuOf } from './read-back.ts';
import type { ChangedLine, LineOutcome, RefusalCode, RequestedChange } from './records.ts';

/** Asks under a deadline of our own. */
export type Ask = <T>(work: (call: CallContext) => Promise<T>) => Promise<T>;

export interface ErpQuestion {
  readonly port: OrderPort;
  readonly capabilities: Capabilities;
  readonly ask: Ask;
  readonly reference: string;
  /** Every line of the order as it was before. */
  readonly lines: readonly LineRecord[];
  readonly change: RequestedChange;
  readonly erpSkuOf: ErpSkuOf;
  readonly now: Instant;
  /** Called before anything is sent that may arrive although nobody answers. */
  readonly sending: () => Promise<void>;
}

/** The ERP's last word on a change, as its document shows it. */
export interface ErpWord {
  readonly document: ErpOrder;
  readonly outcome: readonly LineOutcome[];
  readonly appliedAddress: boolean;
  readonly appliedDay: boolean;
  readonly refusal: { readonly code: RefusalCode; readonly explanation: string } | null;
}

/** The ERP's "no", in contrast to its silence. */
const DEFINITE: readonly FailureCode[] = ['UPSTREAM_REJECTED', 'INVALID_INPUT', 'UNSUPPORTED'];

/**
 * Brings a change to the ERP. The race with its warehouse is decided there and nowhere else: between our question and our
 * change somebody may begin to pick, so what counts is the document as it stands afterwards. What cannot be had as a whole
 * is asked for line by line as far as nobody has touched the goods. Absolute, so it may be sent again after silence.
 * @throws Failure where the ERP is silent: the outcome is unknown.
 */
export async function changeInErp(question: ErpQuestion): Promise<ErpWord> {
  const { port, ask, reference } = question;
  const document = await ask((call) => port.findOrder(reference, call));
  if (!document) throw new Failure('UPSTREAM_UNAVAILABLE', `the ERP does not find the order ${reference} any more`);
  if (document.state === 'CANCELLED') return cancelledBefore(question, document);
  const word = cancelsAll(question) && port.cancelOrder ? await cancelWhole(question, document) : null;
  return word ?? amend(question, document);
}

/** By an earlier attempt nobody answered, or by people: it is for the order to follow, not for this change to claim. */
function cancelledBefore(question: ErpQuestion, document: ErpOrder): ErpWord {
  const word = wordOf(question, document, question.change.shipTo === null, question.change.requestedDay === null);
  return isWhole(question, word) ? word : unchanged(question, document, 'CANCELLED', `the ERP has cancelled ${document.number}`);
}

const cancelsAll = ({ lines, change }: ErpQuestion): boolean => {
  const to = new Map(change.lines.map((line) => [line.lineNumber, line.to]));
  return change.lines.length > 0 && lines.every((line) => isZero(to.get(line.lineNumber) ?? line.quantity));
};

const wordOf = ({ lines, change, erpSkuOf }: ErpQuestion, document: ErpOrder, appliedAddress: boolean, appliedDay: boolean): ErpWord => ({
  document, outcome: readBack(lines, change.lines, document, erpSkuOf), appliedAddress, appliedDay, refusal: null,
});

const isWhole = ({ change }: ErpQuestion, { outcome, appliedAddress, appliedDay }: ErpWord): boolean =>
  isAsAsked(change.lines, outcome) && appliedAddress && appliedDay;

const refused = (word: ErpWord, code: RefusalCode, explanation: string): ErpWord => ({ ...word, refusal: { code, explanation } });

/** The ERP said no: whatever its document shows of it, the goods are on their way as before. */
const unchanged = ({ change }: ErpQuestion, document: ErpOrder, code: RefusalCode, explanation: string): ErpWord => ({
  document, outcome: change.lines.map(({ lineNumber, from }) => ({ lineNumber, quantity: from })), appliedAddress: change.shipTo === null, appliedDay: change.requestedDay === null,
  refusal: { code, explanation },
});

/** Null: the warehouse has begun, or the ERP cancels no such order; some lines may still be had. */
async function cancelWhole(question: ErpQuestion, { id }: ErpOrder): Promise<ErpWord | null> {
  const { port, ask, reference, sending } = question;
  if ((await readPicking(question, id))?.started) return null;
  await sending();
  try {
    const document = await ask((call) => port.cancelOrder!(id, { ...call, idempotencyKey: `${reference}:cancel` }));
    if (document.state !== 'CANCELLED') return null;
    const word = wordOf(question, document, true, true);
    return isWhole(question, word) ? word : refused(word, 'SHIPPED', `the rest of ${document.number} is cancelled; what had left by then cannot be: return it instead`);
  } catch (error) {
    if (!DEFINITE.includes(asFailure(error).code)) throw error;
    return null;
  }
}

const readPicking = async ({ port, ask }: ErpQuestion, id: string): Promise<PickingProgress | null> =>
  port.readPicking ? ask((call) => port.readPicking!(id, call)) : null;

async function amend(question: ErpQuestion, document: ErpOrder): Promise<ErpWord> {
  const { change, now, erpSkuOf } = question;
  const missing = whatIsMissing(question);
  if (missing !== null) return explainNow(question, document, missing);
  const first = await send(question, document.id, change);
  if (first.refusal === null) return isWhole(question, first) ? first : refused(first, 'OTHER', notAsTold(first.document));
  const picking = await readPicking(question, document.id);
  const explained = unchanged(question, first.document, first.refusal.code, explanationOf(picking, change.lines, first.refusal.explanation, erpSkuOf, now));
  const untouched = untouchedOf(question, picking);
  const isLess = untouched.length < change.lines.length || change.shipTo !== null || change.requestedDay !== null;
  if (untouched.length === 0 || !isLess || picking === null) return explained;
  const second = await send(question, document.id, { lines: untouched, shipTo: null, requestedDay: null });
  if (second.refusal !== null) return { ...explained, document: second.document };
  const had = new Map(second.outcome.map((line) => [line.lineNumber, line]));
  return { ...explained, document: second.document, outcome: explained.outcome.map((line) => had.get(line.lineNumber) ?? line) };
}

/** What the connector cannot do at all; null: it can try. */
function whatIsMissing({ port, capabilities: { amendments = [] }, change }: ErpQuestion): string | null {
  const needs = [
    ...(change.lines.length > 0 ? ['QUANTITY' as const] : []), ...(change.shipTo === null ? [] : ['ADDRESS' as const]), ...(change.requestedDay === null ? [] : ['DATE' as const]),
  ];
  if (port.amendOrder && needs.every((need) => amendments.includes(need))) return null;
  return 'the ERP takes no such change of an order it has; change it there';
}

/** Sees whether the warehouse has begun before saying that the ERP cannot: the first is the reason people understand. */
async function explainNow(question: ErpQuestion, document: ErpOrder, missing: string): Promise<ErpWord> {
  const { change, now, erpSkuOf } = question;
  const picking = await readPicking(question, document.id);
  if (!picking?.started) return unchanged(question, document, 'UNSUPPORTED', missing);
  return unchanged(question, document, 'PICKING_STARTED', explanationOf(picking, change.lines, missing, erpSkuOf, now));
}

async function send(question: ErpQuestion, id: string, change: RequestedChange): Promise<ErpWord> {
  const { port, ask, reference, erpSkuOf, sending } = question;
  const wanted: OrderChange = {
    lines: change.lines.map((line) => ({ lineNumber: line.lineNumber, sku: erpSkuOf(line), quantity: line.to })),
    ...(change.shipTo !== null && { shipTo: change.shipTo }),
    ...(change.requestedDay !== null && { requestedOn: change.requestedDay.on }),
  };
  const sent = { ...question, change };
  await sending();
  try {
    const answer = await ask((call) => port.amendOrder!(id, wanted, { ...call, idempotencyKey: `${reference}:amend` }));
    return answer.kind === 'REFUSED' ? unchanged(sent, answer.order, answer.reason, answer.detail) : wordOf(sent, answer.order, true, true);
  } catch (error) {
    const failure = asFailure(error);
    if (!DEFINITE.includes(failure.code)) throw error;
    const document = await ask((call) => port.findOrder(reference, call));
    if (!document) throw new Failure('UPSTREAM_UNAVAILABLE', `the ERP does not find the order ${reference} any more`);
    return unchanged(sent, document, 'OTHER', failure.message);
  }
}

const notAsTold = ({ number }: ErpOrder): string => `the ERP took the change, but ${number} does not show it`;

/** Lines of whose goods nobody has picked or shipped anything. */
function untouchedOf({ change, erpSkuOf }: ErpQuestion, picking: PickingProgress | null): readonly ChangedLine[] {
  const touched = new Set((picking?.lines ?? []).filter(({ picked, shipped }) => isPositive(picked) || isPositive(shipped)).map(({ sku }) => sku));
  return change.lines.filter((line) => !touched.has(erpSkuOf(line)));
}

/** "3 of 5 A are picked (14:02 UTC, WH/OUT/00012 is being picked); they will be shipped: return them instead". */
function explanationOf(picking: PickingProgress | null, lines: readonly ChangedLine[], detail: string, erpSkuOf: ErpSkuOf, now: Instant): string {
  const why = `${now.slice(11, 16)} UTC, ${picking?.detail ?? detail}`;
  const sentences = [...Map.groupBy(lines, erpSkuOf)].flatMap(([sku, same]) => {
    const at = picking?.lines.filter((line) => line.sku === sku) ?? [];
    const ordered = sum(same.map((line) => line.from));
    return partOf(sum(at.map((line) => line.shipped)), ordered, same[0]!.sku, 'have left', why, 'return them instead')
      ?? partOf(sum(at.map((line) => add(line.picked, line.shipped))), ordered, same[0]!.sku, 'are picked', why, 'they will be shipped: return them instead') ?? [];
  });
  return sentences.length > 0 ? sentences.join('; ') : `it is too late (${why})`;
}

const partOf = (done: Decimal, ordered: Decimal, sku: string, what: string, why: string, remedy: string): string | null =>
  compare(done, ZERO) <= 0 ? null : `${equals(done, ordered) ? 'all' : done} of ${ordered} ${sku} ${what} (${why}); ${remedy}`;
