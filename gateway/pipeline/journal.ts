import type { Clock } from '../../platform/clock.ts';
import type { Log } from '../../platform/log.ts';
import type { GatewayMetrics } from '../metrics.ts';

/** What the log says of one operation. Never its text, variables or credentials: those hold people's data. */
export interface OperationEnd {
  readonly transport: 'http' | 'sse' | 'websocket';
  readonly kind: string;
  readonly operationName: string | null;
  /** Principal's subject; null = nobody was let in. */
  readonly subject: string | null;
  readonly requestId: string;
  readonly errors: readonly { readonly extensions?: Readonly<Record<string, unknown>> | undefined }[] | undefined;
}

/** Counts and tells operations: one line for each that failed or was slow. */
export interface Journal {
  /** Call at the start of an operation; call the answer at its end. */
  begin(): (end: OperationEnd) => void;
}

export interface JournalOptions {
  readonly log: Log;
  readonly metrics: GatewayMetrics;
  readonly clock: Clock;
  readonly slowMs: number;
}

/** Mistakes of callers are news to them, not to whoever is on call. */
const CALLERS_OWN = new Set(['INVALID_INPUT', 'UNAUTHENTICATED', 'FORBIDDEN', 'CONFLICT', 'PERSISTED_QUERY_NOT_FOUND']);
const MAX_NAME = 100;

export function createJournal({ log, metrics, clock, slowMs }: JournalOptions): Journal {
  return {
    begin: () => {
      const startedAt = clock.monotonic();
      return ({ errors, kind, operationName, ...who }) => {
        const durationMs = Math.round(clock.monotonic() - startedAt);
        const code = errors?.length ? codeOf(errors[0]!) : null;
        metrics.operationEnded(kind, code ?? undefined, durationMs / 1000);
        if (code === null && durationMs < slowMs) return;
        const fields = { ...who, kind, operation: operationName?.slice(0, MAX_NAME) ?? null, durationMs };
        if (code !== null) log[CALLERS_OWN.has(code) ? 'info' : 'warn']({ ...fields, code, errors: errors!.length }, 'operation failed');
        if (durationMs >= slowMs) log.warn(fields, 'slow operation');
      };
    },
  };
}

function codeOf({ extensions }: { readonly extensions?: Readonly<Record<string, unknown>> | undefined }): string {
  const code = extensions?.['code'];
  return typeof code === 'string' ? code : 'INTERNAL';
}
