import { pino } from 'pino';

/** Structured log. The first argument carries fields, the second is a sentence for people. */
export interface Log {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
  child(fields: Record<string, unknown>): Log;
}

/** Names under which secrets travel; their values never reach a log line. */
const SECRET_PATHS = ['authorization', 'password', 'apiKey', 'secret', 'token', 'cookie'].flatMap((name) => [
  name,
  `*.${name}`,
  `*.*.${name}`,
]);

export interface LogOptions {
  readonly level: 'debug' | 'info' | 'warn' | 'error' | 'silent';
  readonly name: string;
}

/** Writes JSON lines to standard error, so that standard output stays for answers and the ready line. */
export function createLog({ level, name }: LogOptions): Log {
  return pino({ level, name, redact: { paths: SECRET_PATHS, censor: '[redacted]' } }, pino.destination(2)) as unknown as Log;
}

const ignore = (): void => undefined;

/** Swallows everything; for tests that assert on answers. */
export const silentLog: Log = { debug: ignore, info: ignore, warn: ignore, error: ignore, child: () => silentLog };
