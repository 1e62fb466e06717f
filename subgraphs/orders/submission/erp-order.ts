import type { CallContext, OrderPort } from '../../../domain/connector.ts';
import { asFailure, Failure, type FailureCode } from '../../../domain/failure.ts';
import type { ErpOrder, NewOrder } from '../../../domain/orders.ts';

/** Calls the ERP under a deadline of our own. */
export type AskErp = <T>(work: (call: CallContext) => Promise<T>) => Promise<T>;

/** Remembers, across processes, until when a create that was sent may still arrive. */
export interface Settling {
  /** Milliseconds until a create of an earlier attempt can no longer arrive; 0 when none is under way. */
  readonly remainingMs: number;
  /** Number of the document the ERP told of before; null: of none. */
  readonly knownAs: string | null;
  /** False when another process is sending: a lock is lost with its connection, this is not. Or when it took so long that what is sent now might outlast it. */
  claim(): Promise<boolean>;
  record(outcome: 'ERROR' | 'SETTLED'): Promise<void>;
}

/** The ERP answered, and the answer is no: sending again changes nothing. */
const DEFINITE: readonly FailureCode[] = ['UPSTREAM_REJECTED', 'INVALID_INPUT', 'UNSUPPORTED'];
/** The ERP did not take the request up: nothing can arrive later. */
const NOT_PROCESSED: readonly FailureCode[] = [...DEFINITE, 'UPSTREAM_RATE_LIMITED', 'UNAUTHENTICATED', 'FORBIDDEN'];

export const isDefinite = (failure: Failure): boolean => DEFINITE.includes(failure.code);

/** Whether it is certain that nothing sent with this call can arrive later. */
export const wasTurnedAway = (failure: Failure): boolean => NOT_PROCESSED.includes(failure.code);

/**
 * Brings an order to the ERP once: no ERP has an idempotency key for this, so it is looked up by its reference before
 * anything is sent and again whenever the outcome is unknown. While an unanswered create may still be under way nothing
 * is sent. @throws Failure: definite (see isDefinite), or silence to come back after.
 */
export async function ensureErpOrder(port: OrderPort, ask: AskErp, order: NewOrder, settling: Settling): Promise<ErpOrder> {
  const found = await ask((call) => port.findOrder(order.reference, call));
  if (!found && settling.remainingMs > 0) {
    throw new Failure('UPSTREAM_TIMEOUT', 'an earlier attempt may still arrive at the ERP', { retryAfterMs: settling.remainingMs });
  }
  if (!found && settling.knownAs !== null) {
    throw new Failure('UPSTREAM_REJECTED', `the ERP no longer has ${settling.knownAs}, which it told of before; see what became of it there`);
  }
  const document = found ?? (await create(port, ask, order, settling));
  if (document.state !== 'DRAFT') return document;
  const confirmed = await ask((call) => port.confirmOrder(document.id, { ...call, idempotencyKey: order.reference }));
  if (confirmed.state === 'DRAFT') throw new Failure('UPSTREAM_REJECTED', `the ERP keeps ${document.number} as a draft; approve it there`);
  return confirmed;
}

async function create(port: OrderPort, ask: AskErp, order: NewOrder, settling: Settling): Promise<ErpOrder> {
  if (!(await settling.claim())) throw new Failure('UPSTREAM_TIMEOUT', 'another process is sending this order, or it was changed meanwhile');
  try {
    return await ask((call) => port.createOrder(order, call));
  } catch (error) {
    const failure = asFailure(error);
    if (NOT_PROCESSED.includes(failure.code)) {
      await settling.record('SETTLED');
      throw failure;
    }
    // Only then: after a reset connection or a proxy's 504 the ERP may still be at work, as after no answer at all.
    if (failure.unprocessed) await settling.record('ERROR');
    const found = await ask((call) => port.findOrder(order.reference, call)).catch(() => null);
    if (found) return found;
    throw failure;
  }
}
