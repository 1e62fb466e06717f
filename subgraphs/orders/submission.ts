import { Failure, asFailure } from '../../domain/failure.ts';
import type { NewOrder } from '../../domain/orders.ts';
import { addMs, instant, type Instant } from '../../domain/time.ts';
import type { Sql } from '../../platform/stores/sql.ts';
import type { SubgraphDependencies } from '../frame/module.ts';
import { within } from './deadline.ts';
import { ensureErpCustomer, guestReference } from './erp-customer.ts';
import { ensureErpOrder, isDefinite, type AskErp, type Settling } from './erp-order.ts';
import { confirmHold } from './hold-confirmation.ts';
import type { LineRecord, OrderRecord } from './records.ts';
import type { OrdersSettings } from './settings.ts';
import { settleOrders } from './store-facts.ts';
import { recordErpOrders } from './store-erp-orders.ts';
import { readLines, readOrder } from './store-reads.ts';
import { claimSending, recordAttention, recordDone, recordSilence, recordUnsettled, SUBMIT_QUEUE, type SubmitJob } from './store-submission.ts';

export interface SubmissionTools extends SubgraphDependencies {
  readonly settings: OrdersSettings;
  /** Aborted when the process stops. */
  readonly signal: AbortSignal;
}

/**
 * Brings one order to the ERP: hold made final, customer, document, acceptance told to the stock ledger. Every step may be
 * repeated, by any process, at any time; one works on an order at a time. Never throws for the ERP's sake: silence plans
 * the next attempt, a refusal asks for a person.
 */
export async function submitOrder(tools: SubmissionTools, job: SubmitJob): Promise<void> {
  const { database, log } = tools;
  await database.tryWithLock(`submit ${job.orderId}`, async () => {
    const order = await readOrder(database, job.orderId);
    if (order?.submission !== 'PENDING' || order.attempts !== job.attempt) return;
    try {
      await bringToErp(tools, order);
    } catch (error) {
      // A stopping process leaves the order as it is; its job comes again.
      if (tools.signal.aborted) throw error;
      const failure = asFailure(error);
      log.warn({ order: order.number, attempt: job.attempt, code: failure.code, error: failure.message }, 'an order is not in the ERP yet');
      await (isDefinite(failure) ? askForAttention(tools, order, failure.message) : planAgain(tools, order, failure));
    }
  });
}

async function bringToErp(tools: SubmissionTools, order: OrderRecord): Promise<void> {
  const { database, clients, clock, settings } = tools;
  if ((await confirmHold({ database, clients, clock, holdTtlSeconds: settings.holdTtlSeconds }, order)) === 'LOST') return;
  const acceptedAt = order.erpAcceptedAt ?? (await createInErp(tools, order));
  await clients.inventory.markAccepted({ orderReference: order.number, acceptedAt });
  await recordDone(database, order.id);
}

async function createInErp(tools: SubmissionTools, order: OrderRecord): Promise<Instant> {
  const { database, ports, clock } = tools;
  const orders = ports.port('orders');
  const customers = ports.port('customers');
  if (!orders || !customers) throw new Failure('MISCONFIGURED', 'no configured system takes orders or customers');
  const ask = askErp(tools, orders.source);
  const customerId = await oneAtATime(tools, order, () => ensureErpCustomer(customers.port, ask, order));
  const newOrder = newOrderOf(order, await readLines(database, [order.id]), customerId);
  const document = await ensureErpOrder(orders.port, ask, newOrder, settlingOf(tools, order));
  const at = instant(clock.now());
  await database.transaction((tx) => recordErpOrders(tx, [document], { source: orders.source, at }));
  return (await readOrder(database, order.id))?.erpAcceptedAt ?? at;
}

const askErp = ({ signal, clock, settings }: SubmissionTools, system: string): AskErp => (work) =>
  within({ timeoutMs: settings.submission.callTimeoutMs, system, signal, clock }, work);

/** Two first orders of one guest must not make two customers in the ERP. */
async function oneAtATime({ database }: SubmissionTools, order: OrderRecord, work: () => Promise<string>): Promise<string> {
  if (order.customerNumber !== null) return work();
  const id = await database.tryWithLock(`guest ${guestReference(order.contact?.email ?? '')}`, work);
  if (id === null) throw new Failure('CONFLICT', 'another order of the same guest is being submitted');
  return id;
}

function newOrderOf(order: OrderRecord, lines: readonly LineRecord[], customerId: string): NewOrder {
  const currencyCode = order.currencyCode!;
  return {
    reference: order.number,
    customerId,
    channel: order.channel,
    currencyCode,
    priceListCode: order.priceListCode,
    shipTo: order.shipTo,
    requestedOn: order.requestedOn,
    note: order.note,
    lines: lines.map(({ lineNumber, sku, quantity, unitPrice }) => ({
      lineNumber, sku, quantity, unitPrice: { amount: unitPrice!, currencyCode }, locationCode: null,
    })),
    placedAt: order.placedAt,
  };
}

function settlingOf({ database, clock, settings }: SubmissionTools, order: OrderRecord): Settling {
  const { settleAfterSilenceMs, settleAfterErrorMs, callTimeoutMs } = settings.submission;
  const waitMs = { SENDING: callTimeoutMs + settleAfterSilenceMs, ERROR: settleAfterErrorMs };
  return {
    remainingMs: order.unsettledUntil === null ? 0 : Math.max(0, Date.parse(order.unsettledUntil) - clock.now()),
    claim: () => claimSending(database, order, instant(clock.now() + waitMs.SENDING)),
    record: (outcome) => recordUnsettled(database, order.id, outcome === 'SETTLED' ? null : instant(clock.now() + waitMs[outcome])),
  };
}

async function askForAttention({ database, clock }: SubmissionTools, order: OrderRecord, reason: string): Promise<void> {
  await database.transaction(async (tx) => {
    if (!(await recordAttention(tx, order.id, reason))) return;
    await settleOrders(tx, [order.id], { at: instant(clock.now()), source: 'erp', touched: new Set() });
  });
}

/** Exponential, with jitter, never sooner than the ERP asked for; a person is asked after 72 hours of silence. */
async function planAgain(tools: SubmissionTools, order: OrderRecord, failure: Failure): Promise<void> {
  const { database, clock, settings: { submission } } = tools;
  const now = instant(clock.now());
  if (clock.now() - Date.parse(order.placedAt) > submission.giveUpAfterMs) {
    return askForAttention(tools, order, `the ERP has been silent for too long: ${failure.message}`);
  }
  const ceilingMs = Math.min(submission.maxDelayMs, submission.baseDelayMs * 2 ** Math.min(order.attempts, 30));
  const delayMs = Math.max(ceilingMs * (0.5 + Math.random() / 2), failure.retryAfterMs ?? 0);
  const job: SubmitJob = { orderId: order.id, attempt: order.attempts };
  await database.transaction(async (tx) => {
    const dueAt = addMs(now, delayMs + submission.sweepGraceMs);
    if (await recordSilence(tx, job, `${failure.code}: ${failure.message}`, dueAt)) await enqueueAttempt(tools, tx, { ...job, attempt: job.attempt + 1 }, delayMs);
  });
}

export const enqueueAttempt = ({ jobs }: Pick<SubgraphDependencies, 'jobs'>, tx: Sql, job: SubmitJob, delayMs: number): Promise<void> =>
  jobs.enqueue(tx, SUBMIT_QUEUE, job, { startAfterSeconds: Math.ceil(delayMs / 1000) });
