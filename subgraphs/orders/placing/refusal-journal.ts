import { createHash } from 'node:crypto';
import { asFailure } from '../../../domain/failure.ts';
import { instant } from '../../../domain/time.ts';
import { writeAudit, type AuditEntry } from '../../../platform/audit.ts';
import type { SubgraphDependencies } from '../../frame/module.ts';
import type { GraphUserError } from '../../graph/user-error.ts';
import { SCHEMA } from '../schema.sql.ts';

export interface RefusedRequest {
  readonly owner: string;
  /** Null where it may not be kept, not even as a hash: a card number has few enough digits to be found from one. */
  readonly idempotencyKey: string | null;
  readonly userErrors: readonly GraphUserError[];
}

/** Where refusals of orders are written down: codes and field paths, never a value, nor a message that may repeat one. */
export type RefusalJournal = (refused: RefusedRequest) => void;

/** How the audit trail names a request that became no order. */
export const subjectOf = (owner: string, idempotencyKey: string | null): string =>
  idempotencyKey === null ? 'request' : `request:${createHash('sha256').update(JSON.stringify([owner, idempotencyKey])).digest('hex').slice(0, 32)}`;

const BATCH = 50;
const MAX_WAITING = 10_000;

/**
 * Writes entries behind the answers, one transaction at a time: whoever is refused does not wait for the audit trail, and
 * a storm of refusals takes one connection. What cannot be written is told in the log.
 */
export function createRefusalJournal({ database, clock, log }: Pick<SubgraphDependencies, 'database' | 'clock' | 'log'>): RefusalJournal {
  const waiting: AuditEntry[] = [];
  let isWriting = false;
  const write = async (): Promise<void> => {
    while (waiting.length > 0) {
      const batch = waiting.splice(0, BATCH);
      try {
        await database.transaction(async (tx) => {
          for (const entry of batch) await writeAudit(tx, SCHEMA, entry);
        });
      } catch (error) {
        log.error({ entries: batch.length, error: asFailure(error).message }, 'refused orders could not be written to the audit trail');
      }
    }
    isWriting = false;
  };
  return ({ owner, idempotencyKey, userErrors }) => {
    if (waiting.length >= MAX_WAITING) {
      log.error({ entries: 1 }, 'a refused order is missing in the audit trail: too many wait to be written');
      return;
    }
    const detail = { codes: userErrors.map(({ code }) => code), fields: userErrors.map(({ field }) => field.join('.')) };
    waiting.push({ at: instant(clock.now()), actor: owner, action: 'order.refused', subject: subjectOf(owner, idempotencyKey), detail });
    if (isWriting) return;
    isWriting = true;
    void write();
  };
}
