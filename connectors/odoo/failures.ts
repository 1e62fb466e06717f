import { Failure, type FailureCode, type FailureDetails } from '../../domain/failure.ts';
import { CallInterruption, retryAfterOf, wasHeldBack } from '../../platform/call/interruption.ts';

/** Exception names Odoo puts in `name` (JSON-2) or `error.data.name` (JSON-RPC), and what they are to us. First match wins. */
const BY_EXCEPTION: readonly (readonly [pattern: RegExp, code: FailureCode])[] = [
  [/AccessDenied$|Unauthorized$/, 'MISCONFIGURED'],
  [/AccessError$/, 'UPSTREAM_REJECTED'],
  [/MissingError$/, 'UPSTREAM_REJECTED'],
  [/UserError$|ValidationError$|RedirectWarning$|UnprocessableEntity$/, 'UPSTREAM_REJECTED'],
  [/werkzeug\.exceptions\.NotFound$/, 'UNSUPPORTED'],
  [/TooManyRequests$/, 'UPSTREAM_RATE_LIMITED'],
  [/SerializationFailure$|DeadlockDetected$|LockNotAvailable$|OperationalError$|InterfaceError$|ConcurrencyError$|PoolError$/, 'UPSTREAM_UNAVAILABLE'],
  // Python's own errors ("Expected singleton", unknown field) come as 500 and will come again: never retried.
  [/^builtins\.(ValueError|TypeError|KeyError|AttributeError|IndexError)$|^(ValueError|TypeError|KeyError|AttributeError)$/, 'UPSTREAM_REJECTED'],
  [/psycopg2\.errors\./, 'UPSTREAM_REJECTED'],
];

/** What is left when the body names no exception we know. */
const BY_STATUS: Readonly<Record<number, FailureCode>> = {
  400: 'UPSTREAM_REJECTED',
  401: 'MISCONFIGURED',
  403: 'UPSTREAM_REJECTED',
  404: 'MISCONFIGURED',
  408: 'UPSTREAM_TIMEOUT',
  413: 'UPSTREAM_REJECTED',
  422: 'UPSTREAM_REJECTED',
  429: 'UPSTREAM_RATE_LIMITED',
};

const REMEDY: Readonly<Record<string, string>> = {
  401: 'the API key was refused; keys live at most three months: generate a new one',
  404: 'no such address or database: check `url` and `database`, and that Odoo is 19 or later for json2',
};

export interface OdooRefusal {
  readonly system: string;
  readonly status: number;
  /** Python class path, where the body gave one. */
  readonly exception: string | null;
  readonly message: string;
  readonly retryAfterMs: number | undefined;
}

/** The one place where Odoo's "no" becomes ours. */
export function failureOf(refusal: OdooRefusal): Failure {
  const { system, status, exception, retryAfterMs } = refusal;
  const code =
    BY_EXCEPTION.find(([pattern]) => exception !== null && pattern.test(exception))?.[1] ??
    BY_STATUS[status] ??
    'UPSTREAM_UNAVAILABLE';
  const remedy = code === 'MISCONFIGURED' ? REMEDY[exception === null ? status : 401] : undefined;
  const message = remedy === undefined ? refusal.message : `${remedy} (${refusal.message})`;
  // An exception by name is Odoo's own word, spoken after its rollback; a bare 502 or 504 is a proxy's, while Odoo may still work.
  const details: FailureDetails = { system, vendorCode: exception ?? `HTTP ${status}`, unprocessed: exception !== null };
  return new Failure(code, message, code === 'UPSTREAM_RATE_LIMITED' ? { ...details, retryAfterMs: retryAfterMs ?? 1_000 } : details);
}

export const malformed = (system: string, message: string): Failure => new Failure('UPSTREAM_MALFORMED', message, { system });

/** A policy's refusal, a socket's death or a failure already named. */
export function silenceOf(system: string, error: unknown): Failure {
  if (error instanceof Failure) return error;
  const message = error instanceof Error ? error.message || error.name : String(error);
  return new Failure(codeOf(error), message, { system, cause: error, unprocessed: wasNeverSent(error), ...retryAfterOf(error) });
}

/** Our own budget held it back, nobody listened any more, or nothing was heard. */
function codeOf(error: unknown): FailureCode {
  if (!(error instanceof CallInterruption)) return 'UPSTREAM_UNAVAILABLE';
  if (error.kind === 'budget-spent') return 'UPSTREAM_RATE_LIMITED';
  return error.kind === 'timeout' || error.kind === 'aborted' ? 'UPSTREAM_TIMEOUT' : 'UPSTREAM_UNAVAILABLE';
}

/** A policy of ours held it back, or nobody listened. A connection that broke later says nothing: Odoo works on. */
function wasNeverSent(error: unknown): boolean {
  if (error instanceof CallInterruption) return wasHeldBack(error);
  return ['ECONNREFUSED', 'ENOTFOUND', 'UND_ERR_CONNECT_TIMEOUT'].includes(String((error as { code?: unknown } | null)?.code));
}

/** The user's groups hide it. */
export const isDenied = (error: unknown): boolean => error instanceof Failure && /AccessError$/.test(error.vendorCode ?? '');

/** JSON-2 answers 404 to a model the server does not have, JSON-RPC a UserError ("Object mrp.bom doesn't exist"). */
export const isUnknownModel = (error: unknown): boolean =>
  error instanceof Failure && (error.code === 'UNSUPPORTED' || (error.code === 'UPSTREAM_REJECTED' && /^Object \S+ doesn't exist/.test(error.message)));
