import type { Clock } from '../../platform/clock.ts';
import type { Log } from '../../platform/log.ts';
import type { GatewayMetrics } from '../metrics.ts';
import { documentId } from '../trusted-documents/trusted-documents.ts';
import type { Caller } from './caller.ts';
import type { PreparedOperation } from './prepared-operation.ts';

type Errors = readonly { readonly extensions?: Readonly<Record<string, unknown>> | undefined }[] | undefined;

/** Ends the line of an operation. @param operation null = it never became one */
export type Telling = (operation: Told | null, errors: Errors) => void;

/** Without source and label of one that was refused before it had them. */
export type Told = Pick<PreparedOperation, 'operation'> & Partial<Pick<PreparedOperation, 'source' | 'label'>>;

/**
 * Counts and tells operations: one line for each that failed or was slow. Never a text, variables or credentials: those
 * hold people's data.
 */
export interface Journal {
  /** Call at the start of an operation; call the answer at its end. @param caller null = nobody was let in */
  begin(caller: Caller | null): Telling;
}

export interface JournalOptions {
  readonly log: Log;
  readonly metrics: GatewayMetrics;
  readonly clock: Clock;
  readonly slowMs: number;
}

/** Mistakes of callers are news to them, not to whoever is on call; and a flood that is turned away must not flood the log: it is counted. */
const CALLERS_OWN = new Set(['INVALID_INPUT', 'UNAUTHENTICATED', 'FORBIDDEN', 'CONFLICT', 'RATE_LIMITED', 'OVERLOADED', 'PERSISTED_QUERY_NOT_FOUND']);
const MAX_NAME = 100;

export function createJournal({ log, metrics, clock, slowMs }: JournalOptions): Journal {
  return {
    begin: (caller) => {
      const startedAt = clock.monotonic();
      return (prepared, errors) => {
        const durationMs = clock.monotonic() - startedAt;
        const code = errors?.length ? codeOf(errors[0]!) : null;
        const kind = prepared?.operation.operation ?? 'unknown';
        metrics.operationEnded({ kind, operation: prepared?.label ?? 'other', transport: caller?.transport ?? 'none', code: code ?? undefined, seconds: durationMs / 1000 });
        if (code === null && durationMs < slowMs) return;
        const who = { transport: caller?.transport ?? null, subject: caller?.identity.principal.subject ?? null, requestId: caller?.requestId ?? null };
        const fields = { ...who, kind, operation: prepared?.operation.name?.value.slice(0, MAX_NAME) ?? null, durationMs: Math.round(durationMs) };
        if (code !== null) log[CALLERS_OWN.has(code) ? 'info' : 'warn']({ ...fields, code, errors: errors!.length }, 'operation failed');
        // The text itself may hold people's data; its hash finds it among the trusted documents.
        if (durationMs >= slowMs) log.warn({ ...fields, document: prepared?.source === undefined ? null : documentId(prepared.source) }, 'slow operation');
      };
    },
  };
}

function codeOf({ extensions }: { readonly extensions?: Readonly<Record<string, unknown>> | undefined }): string {
  const code = extensions?.['code'];
  return typeof code === 'string' ? code : 'INTERNAL';
}
