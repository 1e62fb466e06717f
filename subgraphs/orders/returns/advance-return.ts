import { asFailure, Failure } from '../../../domain/failure.ts';
import { addMs } from '../../../domain/time.ts';
import { readOrder } from '../reading/store-reads.ts';
import { enterGate, isErpSilence, leaveGate, type Hearing } from '../submission/erp-gate.ts';
import { isDefinite } from '../submission/erp-order.ts';
import { nextStep, type Step } from './return-case.ts';
import type { ReturnCase, WorkRecord } from './records.ts';
import { settleReturns } from './settlement.ts';
import { placeExchange } from './step-exchange.ts';
import { credit } from './step-credit.ts';
import { askErpOf, doGoodsStep, type AdvanceTools, type GoodsStep } from './steps.ts';
import { readCase } from './store-cases.ts';
import { recordEnd, recordSilence, restIfDone, type ReturnJob } from './store-work.ts';
import { enqueueWork, lockOrder, nowOf } from './tools.ts';

/** More steps in one turn than a return can have: something is told that changes nothing. */
const MAX_STEPS = 100;

/**
 * Does what is next in one lane of one return until nothing is left. Every step may be repeated, by any process, at any time;
 * one works on a lane at a time. Never throws for the ERP's sake: silence plans the next turn, a refusal asks for a person.
 */
export async function advanceReturn(tools: AdvanceTools, job: ReturnJob): Promise<void> {
  const { database } = tools;
  await database.tryWithLock(`return ${job.rmaId} ${job.lane}`, async () => {
    const found = await readCase(database, job.rmaId);
    if (found?.work[job.lane].state === 'PENDING' && found.work[job.lane].turn === job.turn) await workOff(tools, job);
  });
}

async function workOff(tools: AdvanceTools, { rmaId, lane }: ReturnJob): Promise<void> {
  const { database, log, signal } = tools;
  for (let done = 0; ; done += 1) {
    const found = (await readCase(database, rmaId))!;
    const work = found.work[lane];
    if (work.state !== 'PENDING') return;
    const step = nextStep(found, lane);
    if (step === null) {
      if (await database.transaction((tx) => restIfDone(tx, work))) return;
      continue;
    }
    try {
      if (done > MAX_STEPS) throw new Failure('UPSTREAM_REJECTED', `${step.kind} changes nothing at the ERP`);
      await carryOut(tools, found, step);
    } catch (error) {
      // A stopping process leaves the return as it is; its job comes again.
      if (signal.aborted) throw error;
      const failure = asFailure(error);
      log.warn({ return: found.rma.number, lane, step: step.kind, code: failure.code, error: failure.message }, 'a return does not come forward');
      await (isDefinite(failure) ? askForAttention(tools, found, work, failure) : planAgain(tools, found, work, failure));
      return;
    }
  }
}

async function carryOut(tools: AdvanceTools, found: ReturnCase, step: Step): Promise<void> {
  const order = (await readOrder(tools.database, found.rma.orderId))!;
  if (step.kind === 'EXCHANGE') return placeExchange(tools, found, order);
  const owned = tools.ports.port('returns');
  if (!owned) throw new Failure('UNSUPPORTED', `no connected system takes returns; make the documents of ${found.rma.number} by hand`);
  const at = { tools, found, order, owned, ask: askErpOf(tools, owned.source) };
  await throughGate(tools, owned.source, () => (step.kind === 'CREDIT' ? credit(at, step.refund) : doGoodsStep(at, step satisfies GoodsStep)));
}

/** Returns wait where orders wait: while the ERP is silent, one at a time finds out whether it answers again. */
async function throughGate(tools: AdvanceTools, system: string, work: () => Promise<void>): Promise<void> {
  const passage = await enterGate(tools, system);
  if (passage.kind === 'CLOSED') {
    throw new Failure('UPSTREAM_UNAVAILABLE', passage.reason, { system, unprocessed: true, retryAfterMs: Math.max(1, Date.parse(passage.until) - tools.clock.now()) });
  }
  let hearing: Hearing = { kind: 'NOTHING' };
  try {
    await work();
    hearing = { kind: 'ANSWERED' };
  } catch (error) {
    const failure = asFailure(error);
    if (isErpSilence(failure)) hearing = { kind: 'SILENT', failure };
    else if (isDefinite(failure)) hearing = { kind: 'ANSWERED' };
    throw error;
  } finally {
    await leaveGate(tools, system, passage, hearing);
  }
}

async function askForAttention(tools: AdvanceTools, { rma }: ReturnCase, work: WorkRecord, { code, message }: Failure): Promise<void> {
  const at = nowOf(tools);
  await tools.database.transaction(async (tx) => {
    await lockOrder(tx, rma.orderId);
    if (!(await recordEnd(tx, work, code === 'UNSUPPORTED' ? 'UNSUPPORTED' : 'ATTENTION', message))) return;
    await settleReturns(tx, [rma.orderId], { at, source: 'graph', touched: new Map([[rma.id, { told: message, kind: 'ATTENTION' }]]), dueAt: at });
  });
}

/** Exponential, with jitter, never sooner than the ERP asked for; a person is asked when it was silent for too long. */
async function planAgain(tools: AdvanceTools, found: ReturnCase, work: WorkRecord, failure: Failure): Promise<void> {
  const { database, clock, settings: { submission } } = tools;
  if (work.patienceFrom !== null && clock.now() - Date.parse(work.patienceFrom) > submission.giveUpAfterMs) {
    return askForAttention(tools, found, work, new Failure('UPSTREAM_REJECTED', `the ERP has been silent for too long: ${failure.message}`));
  }
  const ceilingMs = Math.min(submission.maxDelayMs, submission.baseDelayMs * 2 ** Math.min(work.failures, 30));
  const delayMs = Math.max(ceilingMs * (0.5 + Math.random() / 2), failure.retryAfterMs ?? 0);
  await database.transaction(async (tx) => {
    const job = await recordSilence(tx, work, `${failure.code}: ${failure.message}`, addMs(nowOf(tools), delayMs + submission.sweepGraceMs));
    if (job) await enqueueWork(tools, tx, [job], delayMs);
  });
}
