import { add, ZERO } from '../../../domain/decimal.ts';
import { Failure } from '../../../domain/failure.ts';
import type { OwnedPort } from '../../../domain/ports.ts';
import type { NewReturn, ReceivedLine } from '../../../domain/returns.ts';
import { instant } from '../../../domain/time.ts';
import type { Sql } from '../../../platform/stores/sql.ts';
import { within } from '../deadline.ts';
import type { OrderRecord } from '../records.ts';
import type { AskErp, Settling } from '../submission/erp-order.ts';
import { ensureOnce } from './ensure-once.ts';
import { erpSkuOf, missingInErp, type Step } from './return-case.ts';
import type { Lane, ReturnCase } from './records.ts';
import type { Touch } from './settlement.ts';
import { claimSending, forgetUnsettled, recordUnsettled } from './store-work.ts';
import { writeErpReturn, writeTold } from './store-writes.ts';
import { lockOrder, nowOf, settleAndEnqueue, type ReturnTools } from './tools.ts';

export interface AdvanceTools extends ReturnTools {
  /** Aborted when the process stops. */
  readonly signal: AbortSignal;
}

export type GoodsStep = Extract<Step, { kind: 'CREATE_RETURN' | 'SETTLE' | 'CANCEL_RETURN' | 'RECEIVE' }>;

/** Everything a step at the ERP is done with. */
export interface AtErp {
  readonly tools: AdvanceTools;
  readonly found: ReturnCase;
  readonly order: OrderRecord;
  readonly owned: OwnedPort<'returns'>;
  readonly ask: AskErp;
}

/** What the ERP is to do with goods. Every step may be repeated, by any process, at any time. @throws Failure */
export async function doGoodsStep(at: AtErp, step: GoodsStep): Promise<void> {
  if (step.kind === 'CREATE_RETURN') return createReturn(at);
  if (step.kind === 'SETTLE') return settle(at);
  return step.kind === 'RECEIVE' ? receive(at, step) : cancel(at, step);
}

async function createReturn({ tools, found, order, owned, ask }: AtErp): Promise<void> {
  const request: NewReturn = { reference: found.rma.number, orderId: needErpOrder(order), lines: mergedLines(found) };
  const { port, source } = owned;
  const document = await ensureOnce(ask, { find: (call) => port.findReturn(request.reference, call), create: (call) => port.createReturn(request, call) }, settlingOf(tools, found, 'GOODS'));
  await record(tools, found, { source, told: { told: `${document.number} in the ERP` } }, async (tx) => {
    await writeErpReturn(tx, found.rma.id, document);
    await forgetUnsettled(tx, { rmaId: found.rma.id, lane: 'GOODS' });
  });
}

/** @throws Failure UPSTREAM_REJECTED where the order itself is not in the ERP */
export function needErpOrder({ erpOrderId, number }: OrderRecord): string {
  if (erpOrderId === null) throw new Failure('UPSTREAM_REJECTED', `the ERP has no document of order ${number}`);
  return erpOrderId;
}

function mergedLines({ lines }: ReturnCase): NewReturn['lines'] {
  const bySku = new Map<string, NewReturn['lines'][number]>();
  for (const { erpSku: sku, quantity } of lines) bySku.set(sku, { sku, quantity: add(bySku.get(sku)?.quantity ?? ZERO, quantity) });
  return [...bySku.values()];
}

async function settle({ tools, found, owned, ask }: AtErp): Promise<void> {
  const document = await ask((call) => owned.port.findReturn(found.rma.number, call));
  const { remainingMs } = settlingOf(tools, found, 'GOODS');
  if (!document && remainingMs > 0) throw new Failure('UPSTREAM_TIMEOUT', 'an earlier attempt may still arrive at the ERP', { retryAfterMs: remainingMs });
  await record(tools, found, { source: owned.source, told: null }, async (tx) => {
    if (document) await writeErpReturn(tx, found.rma.id, document);
    await forgetUnsettled(tx, { rmaId: found.rma.id, lane: 'GOODS' });
  });
}

async function cancel({ tools, found, owned, ask }: AtErp, { id }: Extract<Step, { kind: 'CANCEL_RETURN' }>): Promise<void> {
  const document = await ask((call) => owned.port.cancelReturn(id, call));
  if (document.state === 'EXPECTED') throw new Failure('UPSTREAM_REJECTED', `the ERP goes on expecting ${document.number}; cancel it there`);
  await record(tools, found, { source: owned.source, told: { told: `${document.number} expects no more` } }, async (tx) => {
    await writeErpReturn(tx, found.rma.id, document);
    await writeTold(tx, found.rma.id, 'CANCEL');
  });
}

async function receive({ tools, found, owned, ask }: AtErp, { id, upTo }: Extract<Step, { kind: 'RECEIVE' }>): Promise<void> {
  const document = await ask((call) => owned.port.receiveReturn(id, cameSoFar(found), call));
  const missing = [...missingInErp(found, document)].map(([sku, quantity]) => `${quantity} of ${sku}`);
  await record(tools, found, { source: owned.source, told: { told: `the ERP took it in as ${document.number}` } }, async (tx) => {
    await writeErpReturn(tx, found.rma.id, document);
    if (missing.length === 0) await writeTold(tx, found.rma.id, { receipt: upTo });
  });
  if (missing.length > 0) throw new Failure('UPSTREAM_REJECTED', `the ERP has not taken in ${missing.join(', ')}, which came; see ${document.number} there`);
}

/** All that has come so far: the ERP compares with what it took in before. */
function cameSoFar(found: ReturnCase): ReceivedLine[] {
  const came = new Map<string, ReceivedLine>();
  for (const { lineNumber, quantity, disposition } of found.receipts) {
    const sku = erpSkuOf(found, lineNumber);
    const key = JSON.stringify([sku, disposition]);
    const before = came.get(key);
    came.set(key, { sku, disposition, quantity: before ? add(before.quantity, quantity) : quantity });
  }
  return [...came.values()];
}

/** Writes what came of a step, and what follows from it, under the order's lock. */
export async function record(
  tools: AdvanceTools, { rma }: ReturnCase, { source, told }: { readonly source: string; readonly told: Touch | null }, write: (tx: Sql) => Promise<void>,
): Promise<void> {
  await tools.database.transaction(async (tx) => {
    await lockOrder(tx, rma.orderId);
    await write(tx);
    await settleAndEnqueue(tools, tx, rma.orderId, { at: nowOf(tools), source, touched: new Map(told ? [[rma.id, told]] : []) });
  });
}

export const askErpOf = ({ signal, clock, settings }: AdvanceTools, system: string): AskErp => (work) =>
  within({ timeoutMs: settings.submission.callTimeoutMs, system, signal, clock }, work);

export function settlingOf({ database, clock, settings }: AdvanceTools, found: ReturnCase, lane: Lane): Omit<Settling, 'knownAs'> {
  const { settleAfterSilenceMs, settleAfterErrorMs, callTimeoutMs } = settings.submission;
  const work = found.work[lane];
  let claimedUntil = instant(0);
  return {
    remainingMs: work.unsettledUntil === null ? 0 : Math.max(0, Date.parse(work.unsettledUntil) - clock.now()),
    claim: () => {
      claimedUntil = instant(clock.now() + callTimeoutMs + settleAfterSilenceMs);
      return claimSending(database, work, claimedUntil);
    },
    record: (outcome) => recordUnsettled(database, work, claimedUntil, outcome === 'SETTLED' ? null : instant(clock.now() + settleAfterErrorMs)),
  };
}
