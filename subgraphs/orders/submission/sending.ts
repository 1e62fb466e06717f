import type { CallContext } from '../../../domain/connector.ts';
import { asFailure, Failure } from '../../../domain/failure.ts';
import type { NewOrder } from '../../../domain/orders.ts';
import type { OwnedPort } from '../../../domain/ports.ts';
import { instant } from '../../../domain/time.ts';
import { builtInMappings } from '../codes/built-in.ts';
import { createCodeBook } from '../codes/code-map.ts';
import { readMappings } from '../codes/store.ts';
import { within } from '../deadline.ts';
import type { LineRecord, OrderRecord } from '../records.ts';
import { readOrder } from '../reading/store-reads.ts';
import { ensureErpCustomer, guestReference } from './erp-customer.ts';
import { ensureErpOrder, isDefinite, type AskErp, type Settling } from './erp-order.ts';
import { isErpSilence, type Hearing, type Passage } from './erp-gate.ts';
import { recordingOf } from './erp-record.ts';
import { codesNeeded, erpSkuOf, newOrderOf } from './new-order.ts';
import type { SubmissionTools } from './tools.ts';
import { addWarning } from './store-warnings.ts';
import { claimSending, recordErpSkus, recordUnsettled } from './store-submission.ts';

export interface ErpLine {
  readonly ask: AskErp;
  /** What the ERP was heard to say to what was asked, given how it ended. */
  hearing(failure: Failure | null): Hearing;
}

/**
 * Calls of one attempt: in the lane of what comes again by itself, so that an order in hand and a feed take turns, and checks
 * somebody waits for go before both. A probe asks nothing its lease does not cover: two never probe at once.
 */
export function openErpLine({ signal, clock, settings }: SubmissionTools, system: string, passage: Passage): ErpLine {
  const { callTimeoutMs: timeoutMs } = settings.submission;
  const silences = new WeakSet<Failure>();
  let asked = false;
  const ask: AskErp = async (work) => {
    if (passage.kind === 'PROBE' && clock.now() + timeoutMs > Date.parse(passage.until)) throw new Failure('UPSTREAM_TIMEOUT', 'this attempt has taken too long; the next one goes on');
    try {
      asked = true;
      return await within({ timeoutMs, system, signal, clock }, (call): ReturnType<typeof work> => work({ ...call, lane: 'FEED' } satisfies CallContext));
    } catch (error) {
      const failure = asFailure(error);
      if (isErpSilence(failure)) silences.add(failure);
      throw failure;
    }
  };
  return {
    ask,
    hearing: (failure) => {
      if (failure !== null && silences.has(failure)) return { kind: 'SILENT', failure };
      // What is retried for reasons of our own says nothing of the ERP.
      return asked && (failure === null || !failure.retryable) ? { kind: 'ANSWERED' } : { kind: 'NOTHING' };
    },
  };
}

export interface ErpPorts {
  readonly orders: OwnedPort<'orders'>;
  readonly customers: OwnedPort<'customers'>;
}

/** @throws Failure MISCONFIGURED when no system takes orders or customers */
export function erpPortsOf({ ports }: Pick<SubmissionTools, 'ports'>): ErpPorts {
  const [orders, customers] = [ports.port('orders'), ports.port('customers')];
  if (!orders || !customers) throw new Failure('MISCONFIGURED', 'no configured system takes orders or customers');
  return { orders, customers };
}

/** Whether shipments of this order's lines have to be told apart in the ERP. */
export const needsSplit = ({ orders }: ErpPorts, lines: readonly LineRecord[]): boolean =>
  orders.port.splitDeliveries !== undefined && lines.some(({ shipTo }) => shipTo !== null);

/**
 * Has the order in the ERP, and answers it as it is then. `lines` were read after `order`: who changes them raises its
 * revision, and the claim to send finds out. @throws Failure
 */
export async function createInErp(tools: SubmissionTools, erp: ErpPorts, order: OrderRecord, lines: readonly LineRecord[], ask: AskErp): Promise<OrderRecord> {
  const { database, clock, config } = tools;
  const system = erp.orders.source;
  const codes = createCodeBook(system, await readMappings(database, system, codesNeeded(order, lines), builtInMappings(config, system)));
  const encode = (customerId: string): NewOrder => newOrderOf(order, lines, customerId, codes);
  // A code that is missing is missing whatever the customer: nothing is made in the ERP for an order that cannot go.
  encode('');
  const newOrder = encode(await oneAtATime(tools, order, () => ensureErpCustomer(erp.customers.port, ask, order)));
  if (order.erpAcceptedAt === null) {
    const told = lines.map((line) => ({ ...line, told: erpSkuOf(line, codes) })).filter((line) => line.told !== (line.erpSku ?? line.sku));
    const beforeSending = (): Promise<void> => recordErpSkus(database, order.id, told.map((line) => ({ lineNumber: line.lineNumber, erpSku: line.told })));
    const document = await ensureErpOrder(erp.orders.port, ask, newOrder, settlingOf(tools, order, beforeSending));
    await recordingOf(database)(document, system, () => instant(clock.now()));
  }
  const accepted = (await readOrder(database, order.id))!;
  if (accepted.erpAcceptedAt === null) throw new Failure('UPSTREAM_MALFORMED', `what ${system} answered for the order is a document of another one`, { system });
  if (needsSplit(erp, lines)) await split(tools, erp, accepted, newOrder, ask);
  return accepted;
}

/** An order that is in the ERP is not refused any more: what could not be split there is told with it. */
async function split({ database, clock }: SubmissionTools, { orders }: ErpPorts, order: OrderRecord, newOrder: NewOrder, ask: AskErp): Promise<void> {
  try {
    await ask((call) => orders.port.splitDeliveries!(order.erpOrderId!, newOrder, call));
  } catch (error) {
    const failure = asFailure(error);
    if (!isDefinite(failure)) throw failure;
    const message = `shipments to several addresses were not told apart in ${orders.source}: ${failure.message}`;
    await database.transaction((tx) => addWarning(tx, order.id, { code: 'SHIPMENTS_NOT_SPLIT', field: [], message }, { source: orders.source, at: instant(clock.now()) }));
  }
}

/** Two first orders of one guest must not make two customers in the ERP. */
async function oneAtATime({ database }: SubmissionTools, order: OrderRecord, work: () => Promise<string>): Promise<string> {
  if (order.customerNumber !== null) return work();
  const id = await database.tryWithLock(`guest ${guestReference(order.contact?.email ?? '')}`, work);
  if (id === null) throw new Failure('CONFLICT', 'another order of the same guest is being submitted');
  return id;
}

function settlingOf({ database, clock, settings }: SubmissionTools, order: OrderRecord, beforeSending: () => Promise<void>): Settling {
  const { settleAfterSilenceMs, settleAfterErrorMs, callTimeoutMs } = settings.submission;
  let claimedUntil = instant(0);
  return {
    remainingMs: order.unsettledUntil === null ? 0 : Math.max(0, Date.parse(order.unsettledUntil) - clock.now()),
    knownAs: order.erpNumber,
    claim: async () => {
      await beforeSending();
      const beganMs = clock.now();
      claimedUntil = instant(beganMs + 2 * callTimeoutMs + settleAfterSilenceMs);
      // Who is held up here, by a lock or a machine that stood still, would send beyond what the claim stands for.
      return (await claimSending(database, order, claimedUntil)) && clock.now() - beganMs < callTimeoutMs / 2;
    },
    record: (outcome) => recordUnsettled(database, order.id, claimedUntil, outcome === 'SETTLED' ? null : instant(clock.now() + settleAfterErrorMs)),
  };
}
