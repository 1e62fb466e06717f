import { equals } from '../../../domain/decimal.ts';
import { asFailure, Failure } from '../../../domain/failure.ts';
import { instant, type Instant } from '../../../domain/time.ts';
import { confirmHold } from '../placing/hold-confirmation.ts';
import { readLines, readOrder } from '../reading/store-reads.ts';
import type { LineRecord, OrderRecord } from '../records.ts';
import { isDefinite } from './erp-order.ts';
import { enterGate, leaveGate } from './erp-gate.ts';
import { askForAttention, planAgain, putOff } from './replanning.ts';
import { createInErp, erpPortsOf, needsSplit, openErpLine } from './sending.ts';
import { recordDone, type SubmitJob } from './store-submission.ts';
import { flagTotals } from './store-warnings.ts';
import type { SubmissionTools } from './tools.ts';

/** How an attempt ended without the order being done. */
interface Setback {
  readonly failure: Failure;
  /** The queue last began to run again then; null: it never stopped, or was not asked. */
  readonly resumedAt: Instant | null;
  /** Until when the queue is closed for every order; null: it is open. */
  readonly closedUntil: Instant | null;
  readonly wasProbe: boolean;
}

/**
 * Brings one order to the ERP: hold made final, customer, document, acceptance told to the stock ledger. Every step may be
 * repeated, by any process, at any time; one works on an order at a time. Never throws for the ERP's sake: silence plans
 * the next attempt, or waits with all others until the ERP answers again; a refusal asks for a person.
 */
export async function submitOrder(tools: SubmissionTools, job: SubmitJob): Promise<void> {
  const { database } = tools;
  await database.tryWithLock(`submit ${job.orderId}`, async () => {
    const order = await readOrder(database, job.orderId);
    if (order?.submission !== 'PENDING' || order.attempts !== job.attempt) return;
    try {
      const setback = await bringToErp(tools, order);
      if (setback) await settleSetback(tools, order, setback);
    } catch (error) {
      // A stopping process leaves the order as it is; its job comes again.
      if (tools.signal.aborted) throw error;
      await settleSetback(tools, order, { failure: asFailure(error), resumedAt: null, closedUntil: null, wasProbe: false });
    }
  });
}

async function settleSetback(tools: SubmissionTools, order: OrderRecord, { failure, resumedAt, closedUntil, wasProbe }: Setback): Promise<void> {
  tools.log.warn({ order: order.number, attempt: order.attempts, code: failure.code, error: failure.message }, 'an order is not in the ERP yet');
  if (isDefinite(failure)) return askForAttention(tools, order, failure);
  return closedUntil === null ? planAgain(tools, order, failure, resumedAt) : putOff(tools, order, closedUntil, wasProbe);
}

async function bringToErp(tools: SubmissionTools, order: OrderRecord): Promise<Setback | null> {
  const { database, clients, clock, settings } = tools;
  if ((await confirmHold({ database, clients, clock, holdTtlSeconds: settings.holdTtlSeconds }, order)) === 'LOST') return null;
  const lines = await readLines(database, [order.id]);
  const passed = await passToErp(tools, order, lines);
  if ('failure' in passed) return passed;
  await clients.inventory.markAccepted({ orderReference: order.number, acceptedAt: passed.accepted.erpAcceptedAt ?? instant(clock.now()) });
  await finish(tools, passed);
  return null;
}

interface Passed {
  /** As it is now that it is in the ERP. */
  readonly accepted: OrderRecord;
  readonly source: string;
}

/** Everything the ERP is asked for one order, if its turn has come. */
async function passToErp(tools: SubmissionTools, order: OrderRecord, lines: readonly LineRecord[]): Promise<Setback | Passed> {
  const erp = erpPortsOf(tools);
  const { source } = erp.orders;
  if (order.erpAcceptedAt !== null && !needsSplit(erp, lines)) return { accepted: order, source };
  const passage = await enterGate(tools, source);
  if (passage.kind === 'CLOSED') return closed(source, passage);
  const line = openErpLine(tools, source, passage);
  const outcome = await createInErp(tools, erp, order, lines, line.ask).then((accepted) => ({ accepted, source }), asFailure);
  if (!(outcome instanceof Failure)) {
    await leaveGate(tools, source, passage, line.hearing(null));
    return outcome;
  }
  const hearing = line.hearing(outcome);
  const until = await leaveGate(tools, source, passage, hearing);
  return { failure: outcome, resumedAt: passage.standing.resumedAt, closedUntil: hearing.kind === 'SILENT' ? until : null, wasProbe: passage.kind === 'PROBE' };
}

const closed = (system: string, { until, reason }: { readonly until: Instant; readonly reason: string }): Setback => ({
  failure: new Failure('UPSTREAM_UNAVAILABLE', reason, { system }), resumedAt: null, closedUntil: until, wasProbe: false,
});

async function finish({ database, clock, settings: { submission } }: SubmissionTools, { accepted: { id, total, erpTotal }, source }: Passed): Promise<void> {
  if (total === null || erpTotal === null || equals(total, erpTotal)) return recordDone(database, id);
  await database.transaction(async (tx) => {
    await flagTotals(tx, [id], submission.totalsTolerance, { source, at: instant(clock.now()) });
    await recordDone(tx, id);
  });
}
