import { createHash } from 'node:crypto';
import { isPositive, type Decimal, ZERO } from '../../../domain/decimal.ts';
import type { ErpOrder } from '../../../domain/orders.ts';
import type { Instant } from '../../../domain/time.ts';
import type { Sql } from '../../../platform/stores/sql.ts';
import { readLines, readOrders } from '../reading/store-reads.ts';
import { addToTimelines } from '../reading/store-timeline.ts';
import type { LineRecord, OrderRecord } from '../records.ts';
import { changeSentence } from './change-sentence.ts';
import { loweredSince, orderedIn, type ErpSkuOf } from './read-back.ts';
import type { ChangedLine } from './records.ts';
import { applyTerms, readErpOrdered, writeErpOrdered } from './store-apply.ts';
import { changeIdOf } from './validation.ts';
import { insertChange, readChange, readChanging, settleChange, type NewChange, type Settlement } from './store.ts';

export interface Told {
  readonly orderId: string;
  readonly document: ErpOrder;
}

/** When and by whom it was told. */
export interface Telling {
  readonly at: Instant;
  /** Connector instance. */
  readonly source: string;
}

/**
 * Lets our orders follow what people did to their documents in the ERP: lines they lowered or cancelled are lowered here, with
 * what they cost, as a change of the ERP's own that stands among the others; the goods go back through the same ledger. What
 * they raised is the ERP's to price and shows in its total. Compared is the document with what it said before, never with what
 * we sent: kits and codes of the ERP's own must not look like cancellations. While a change of ours is under way its outcome
 * tells first. Orders must be locked; their states are settled by the caller.
 */
export async function followErp(tx: Sql, told: readonly Told[], telling: Telling): Promise<void> {
  const latest = new Map(told.filter(({ document }) => document.state !== 'DRAFT').map((one) => [one.orderId, one.document]));
  if (latest.size === 0) return;
  const ids = [...latest.keys()];
  const [orders, changing, before] = [await readOrders(tx, ids), await readChanging(tx, ids), await readErpOrdered(tx, ids)];
  const followed: { id: string; ordered: Readonly<Record<string, Decimal>> }[] = [];
  for (const order of orders) {
    if (order.source !== 'graph' || changing.has(order.id)) continue;
    const document = latest.get(order.id)!;
    const ordered = orderedIn(document);
    const known = before.get(order.id);
    if (isSame(known, ordered)) continue;
    followed.push({ id: order.id, ordered });
    await followOne(tx, order, document, known ?? null, telling);
  }
  await writeErpOrdered(tx, followed);
}

const isSame = (known: Readonly<Record<string, Decimal>> | undefined, ordered: Readonly<Record<string, Decimal>>): boolean =>
  known !== undefined && Object.keys(known).length === Object.keys(ordered).length && Object.entries(ordered).every(([key, quantity]) => known[key] === quantity);

async function followOne(tx: Sql, order: OrderRecord, document: ErpOrder, before: Readonly<Record<string, Decimal>> | null, telling: Telling): Promise<void> {
  // Told for the first time it cannot have less than before, unless it has nothing: then it is a cancelled one.
  const known = before ?? (document.state === 'CANCELLED' ? orderedIn({ ...document, state: 'CONFIRMED' }) : null);
  const isSurprise = order.submission === 'CANCELLED' && document.state !== 'CANCELLED';
  if (known === null && !isSurprise) return;
  const lines = await readLines(tx, [order.id]);
  // An order we ended comes to light in the ERP: a create that arrived later than any should.
  if (isSurprise) return cancelThere(tx, order, document, lines, telling);
  const lowered = loweredSince(lines, known!, document, erpSkuOf(lines));
  if (lowered.length > 0) await lower(tx, order, lines, lowered, document, telling);
}

function erpSkuOf(lines: readonly LineRecord[]): ErpSkuOf {
  const skus = new Map(lines.map((line) => [line.lineNumber, line.erpSku ?? line.sku]));
  return ({ lineNumber, sku }) => skus.get(lineNumber) ?? sku;
}

/** By what the document says: told again, by whoever, it is the same change. */
const keyOf = ({ id, updatedAt, state, lines }: ErpOrder): string =>
  `${id}:${updatedAt}:${createHash('sha256').update(JSON.stringify([state, lines.map(({ sku, quantity, delivered, lineNumber = null }) => [sku, quantity, delivered, lineNumber])])).digest('hex').slice(0, 16)}`;

function changeBy(order: OrderRecord, document: ErpOrder, lines: readonly ChangedLine[], { at, source }: Telling, reason: string): NewChange {
  const idempotencyKey = keyOf(document);
  const owner = `system:${source}`;
  return {
    id: changeIdOf(owner, idempotencyKey), orderId: order.id, owner, idempotencyKey, payloadHash: '', kind: lines.every(({ to }) => to === ZERO) ? 'CANCEL' : 'AMEND', lines,
    shipTo: null, requestedDay: null, reason, untilStage: 'BEFORE_PICKING', holdId: null, holdLines: [], requestedAt: at, dueAt: at,
  };
}

async function lower(tx: Sql, order: OrderRecord, lines: readonly LineRecord[], lowered: readonly ChangedLine[], document: ErpOrder, telling: Telling): Promise<void> {
  const { at, source } = telling;
  const reason = document.state === 'CANCELLED' ? `cancelled in ${source}` : `lowered in ${source}`;
  const change = changeBy(order, document, lowered, telling, reason);
  if (!(await insertChange(tx, change))) return;
  const outcome = lowered.map(({ lineNumber, to }) => ({ lineNumber, quantity: to }));
  const word: Settlement = { state: 'APPLIED', outcome, appliedAddress: false, appliedDay: false, refusal: null, explanation: null };
  const difference = await applyTerms(tx, order, lines, { quantities: outcome, shipTo: null, requestedDay: null });
  // Nobody here can enqueue: the sweep finds what is due, and tells the stock ledger.
  await settleChange(tx, change.id, word, { difference, tellsStock: true, at, dueAt: at, isAnswered: true });
  const detail = `${reason}: ${changeSentence((await readChange(tx, change.id))!, word, difference, order.currencyCode)}`;
  await addToTimelines(tx, [{ orderId: order.id, at, state: order.state, source, detail, fact: change.id }]);
}

/** Has the ERP cancel what was cancelled here before it came there: a change like any other, brought to it by the worker. */
async function cancelThere(tx: Sql, order: OrderRecord, document: ErpOrder, lines: readonly LineRecord[], telling: Telling): Promise<void> {
  const there = orderedIn(document);
  const skuOf = erpSkuOf(lines);
  const open = lines.flatMap((line): ChangedLine[] => {
    const from = there[`#${line.lineNumber}`] ?? there[skuOf(line)] ?? ZERO;
    return isPositive(from) ? [{ lineNumber: line.lineNumber, sku: line.sku, from, to: ZERO }] : [];
  });
  if (open.length === 0) return;
  const change = changeBy(order, document, open, telling, `was cancelled before ${document.number} came to be in ${telling.source}`);
  if (!(await insertChange(tx, change))) return;
  const detail = `${telling.source} has ${document.number} although the order was cancelled before; it is being cancelled there`;
  await addToTimelines(tx, [{ orderId: order.id, at: telling.at, state: order.state, source: telling.source, detail, fact: change.id }]);
}
