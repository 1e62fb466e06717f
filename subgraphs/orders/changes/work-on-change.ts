import { asFailure, Failure } from '../../../domain/failure.ts';
import { compare, equals, ZERO } from '../../../domain/decimal.ts';
import type { ErpOrder } from '../../../domain/orders.ts';
import type { OwnedPort } from '../../../domain/ports.ts';
import { addMs, instant } from '../../../domain/time.ts';
import type { Sql } from '../../../platform/stores/sql.ts';
import { within } from '../deadline.ts';
import { settleOrders } from '../following/store-facts.ts';
import { recordErpOrders } from '../following/store-erp-orders.ts';
import { confirmHold } from '../placing/hold-confirmation.ts';
import { readLines, readOrder } from '../reading/store-reads.ts';
import type { LineRecord, OrderRecord } from '../records.ts';
import { closedUntil } from '../submission/erp-gate.ts';
import { readStanding } from '../submission/store-pause.ts';
import { changeInErp, type Ask, type ErpWord } from './erp-change.ts';
import { followErp } from './follow-erp.ts';
import { orderedIn, readBack, type ErpSkuOf } from './read-back.ts';
import type { ChangeRecord, LineOutcome } from './records.ts';
import { applyUnsent } from './unsent.ts';
import { enqueueChange, SettledBefore, settleInTransaction, settlementOf, sweepAt, withdrawn } from './settlement.ts';
import { tellStock } from './stock-ledger.ts';
import { readErpOrdered, writeErpOrdered } from './store-apply.ts';
import { lockOrder, readChange, recordChangeSilence, recordSending, type ChangeJob } from './store.ts';
import type { ChangeTools } from './tools.ts';

/**
 * Brings one change as far as it will go: here while the order is ours alone, else in the ERP, then in the stock ledger.
 * May be repeated at any time, by any process; one works on an order's changes at a time. Silence plans the next attempt.
 * Never throws for the ERP's sake.
 */
export async function workOnChange(tools: ChangeTools, job: ChangeJob): Promise<void> {
  const { database, log } = tools;
  const known = await readChange(database, job.changeId);
  if (!known || !needsWork(known, job)) return;
  await database.tryWithLock(`change ${known.orderId}`, async () => {
    const change = await readChange(database, job.changeId);
    if (!change || !needsWork(change, job)) return;
    try {
      if (change.state === 'REQUESTED') await settle(tools, change);
      const settled = (await readChange(database, change.id))!;
      if (settled.stock === 'PENDING') await tellStock(tools, settled);
    } catch (error) {
      if (error instanceof SettledBefore) return;
      // A stopping process leaves the change as it is; its job comes again.
      if (tools.signal.aborted) throw error;
      const failure = asFailure(error);
      log.warn({ change: change.id, attempt: job.attempt, code: failure.code, error: failure.message }, 'a change of an order is not settled yet');
      await planAgain(tools, job, failure);
    }
  });
}

const needsWork = ({ attempts, state, stock }: ChangeRecord, job: ChangeJob): boolean =>
  attempts === job.attempt && (state === 'REQUESTED' || stock === 'PENDING');

async function settle(tools: ChangeTools, change: ChangeRecord): Promise<void> {
  const { database } = tools;
  const order = (await readOrder(database, change.orderId))!;
  const over = await whyOver(tools, order);
  if (over !== null) return end(tools, order, change, over);
  const orders = tools.ports.port('orders');
  const sent = await applyUnsent(tools, orders, order, change, askOf(tools, orders?.source ?? 'the ERP'));
  if (sent !== null) await settleInErp(tools, orders!, sent, change);
}

/** Null: the order is still there to be changed. */
async function whyOver({ database, clients, clock, settings: { holdTtlSeconds } }: ChangeTools, order: OrderRecord): Promise<string | null> {
  if (order.compensated || (order.submission === 'CANCELLED' && order.erpOrderId === null)) return 'the order was cancelled before';
  // What is reserved is given back of: it must be certain first that it is.
  return (await confirmHold({ database, clients, clock, holdTtlSeconds }, order)) === 'LOST' ? 'the order was cancelled: its stock was gone' : null;
}

const end = ({ database, ...tools }: ChangeTools, order: OrderRecord, change: ChangeRecord, why: string): Promise<void> =>
  database.transaction(async (tx) => {
    const locked = (await lockOrder(tx, order.id))!;
    await settleInTransaction(tx, tools, locked, change, withdrawn(why), 'graph');
  });

/** Not while the ERP is not to be asked: the queue of orders knows. */
const askOf = ({ database, clock, signal, settings }: ChangeTools, system: string): Ask => async (work) => {
  const now = instant(clock.now());
  const until = closedUntil(await readStanding(database, system, now), now);
  if (until !== null && until > now) throw new Failure('UPSTREAM_UNAVAILABLE', `${system} is not to be asked until ${until}`, { system, retryAfterMs: Date.parse(until) - clock.now() });
  return within({ timeoutMs: settings.callTimeoutMs, system, signal, clock }, (call) => work(call));
};

async function settleInErp(tools: ChangeTools, orders: OwnedPort<'orders'>, order: OrderRecord, change: ChangeRecord): Promise<void> {
  const { database, clock, settings } = tools;
  if (change.untilStage === 'BEFORE_ERP') {
    const refusal = { code: 'IN_ERP', explanation: 'the order has been handed over to the ERP; this channel allows changes before that only' } as const;
    return record(tools, orders.source, order, change, { outcome: [], appliedAddress: false, appliedDay: false, refusal, document: null });
  }
  // While the order is still being taken up there, its acceptance is to be noted first: stock that is held in addition would pass for a part of it.
  const isGrowing = change.lines.some(({ from, to }) => compare(to, from) > 0);
  if (order.submission === 'PENDING' && (order.erpAcceptedAt === null || isGrowing)) throw new Failure('UPSTREAM_UNAVAILABLE', 'the ERP is still taking the order up');
  const { lines, erpSkuOf } = linesAsAsked(await readLines(database, [order.id]), change);
  const sending = (): Promise<void> => recordSending(database, change.id, instant(clock.now() + settings.callTimeoutMs + settings.settleAfterSilenceMs));
  const word = await changeInErp({
    port: orders.port, capabilities: orders.capabilities, ask: askOf(tools, orders.source), reference: order.number, lines, change, erpSkuOf, now: instant(clock.now()), sending,
  });
  await record(tools, orders.source, order, change, word);
}

/** One transaction: what the ERP's document is now, and what that makes of the change. */
const record = ({ database, ...tools }: ChangeTools, source: string, order: OrderRecord, change: ChangeRecord, word: Omit<ErpWord, 'document'> & { readonly document: ErpWord['document'] | null }): Promise<void> =>
  database.transaction(async (tx) => {
    const at = instant(tools.clock.now());
    if (word.document) await recordErpOrders(tx, [word.document], { source, at });
    const locked = (await lockOrder(tx, order.id))!;
    await settleInTransaction(tx, tools, locked, change, settlementOf(change, word), source);
    if (!word.document) return;
    await noteWhatIsOurs(tx, change, word.outcome, word.document);
    // The rest of the document is what people there made of it.
    await followErp(tx, [{ orderId: order.id, document: word.document }], { at, source });
    await settleOrders(tx, [order.id], { at, source, touched: new Set() });
  });

/**
 * What the document says of lines because a change of ours wrote it there is no news of people there; also where the ERP said
 * no and its document shows the change all the same, for its warehouse goes on as before. What else it says, people did.
 */
async function noteWhatIsOurs(tx: Sql, change: ChangeRecord, outcome: readonly LineOutcome[], document: ErpOrder): Promise<void> {
  const known = (await readErpOrdered(tx, [change.orderId])).get(change.orderId);
  const now = orderedIn(document);
  const { lines, erpSkuOf } = linesAsAsked(await readLines(tx, [change.orderId]), change);
  const shown = new Map(readBack(lines, change.lines, document, erpSkuOf).map((line) => [line.lineNumber, line.quantity]));
  const had = new Map(outcome.map((line) => [line.lineNumber, line.quantity]));
  const written = change.lines.filter(({ lineNumber, from, to }) => !equals(had.get(lineNumber) ?? from, from) || equals(shown.get(lineNumber) ?? from, to));
  const keys = written.flatMap((line) => [`#${line.lineNumber}`, erpSkuOf(line)]).filter((key) => now[key] !== undefined || known?.[key] !== undefined);
  await writeErpOrdered(tx, [{ id: change.orderId, ordered: known === undefined ? now : { ...known, ...Object.fromEntries(keys.map((key) => [key, now[key] ?? ZERO])) } }]);
}

/** As they were when it was asked: what an order has by now is what people, or this change, made of it. */
function linesAsAsked(lines: readonly LineRecord[], change: ChangeRecord): { readonly lines: readonly LineRecord[]; readonly erpSkuOf: ErpSkuOf } {
  const before = new Map(change.lines.map((line) => [line.lineNumber, line.from]));
  const erpSkus = new Map(lines.map((line) => [line.lineNumber, line.erpSku ?? line.sku]));
  return {
    lines: lines.map((line) => ({ ...line, quantity: before.get(line.lineNumber) ?? line.quantity })),
    erpSkuOf: ({ lineNumber, sku }) => erpSkus.get(lineNumber) ?? sku,
  };
}

/** Exponential, with jitter, never sooner than asked for. A change is never given up: only the ERP knows what became of it. */
async function planAgain(tools: ChangeTools, job: ChangeJob, failure: Failure): Promise<void> {
  const { database, clock, settings } = tools;
  const ceilingMs = Math.min(settings.maxDelayMs, settings.baseDelayMs * 2 ** Math.min(job.attempt, 30));
  const delayMs = Math.max(ceilingMs * (0.5 + Math.random() / 2), failure.retryAfterMs ?? 0);
  await database.transaction(async (tx) => {
    const dueAt = sweepAt(addMs(instant(clock.now()), 0), settings, delayMs);
    if (await recordChangeSilence(tx, job, `${failure.code}: ${failure.message}`, dueAt)) await enqueueChange(tools, tx, { ...job, attempt: job.attempt + 1 }, delayMs);
  });
}
