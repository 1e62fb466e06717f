import type { CallContext } from '../../../domain/connector.ts';
import { asFailure, Failure } from '../../../domain/failure.ts';
import { wasTurnedAway, type AskErp, type Settling } from '../submission/erp-order.ts';

/** A document the ERP shall have once, known by a reference of ours. */
export interface WantedDocument<T> {
  find(call: CallContext): Promise<T | null>;
  create(call: CallContext): Promise<T>;
}

/**
 * Brings a document to the ERP once, as orders are: looked up before anything is sent and again whenever the outcome is
 * unknown; while an unanswered create may still be under way nothing is sent.
 * @throws Failure: definite (see isDefinite), or silence to come back after.
 */
export async function ensureOnce<T>(ask: AskErp, wanted: WantedDocument<T>, settling: Omit<Settling, 'knownAs'>): Promise<T> {
  const found = await ask((call) => wanted.find(call));
  if (found) return found;
  if (settling.remainingMs > 0) {
    throw new Failure('UPSTREAM_TIMEOUT', 'an earlier attempt may still arrive at the ERP', { retryAfterMs: settling.remainingMs });
  }
  if (!(await settling.claim())) throw new Failure('UPSTREAM_TIMEOUT', 'another process is sending this');
  try {
    return await ask((call) => wanted.create(call));
  } catch (error) {
    const failure = asFailure(error);
    if (wasTurnedAway(failure)) {
      await settling.record('SETTLED');
      throw failure;
    }
    if (failure.unprocessed) await settling.record('ERROR');
    const arrived = await ask((call) => wanted.find(call)).catch(() => null);
    if (arrived) return arrived;
    throw failure;
  }
}
