/** A vendor's or a subgraph's no is an answer; these are none. */
const SILENCE: ReadonlySet<unknown> = new Set(['UPSTREAM_TIMEOUT', 'UPSTREAM_UNAVAILABLE', 'UPSTREAM_MALFORMED', 'UPSTREAM_RATE_LIMITED']);

/** Whether what is kept may stand in for an answer that failed with this code. */
export const isSilence = (code: unknown): boolean => SILENCE.has(code);

/** A fetch that got no answer, in the words the executor has for it. */
export function silenceOf(cause: unknown, service: string): { readonly code: string; readonly message: string } {
  const { code, message } = (cause ?? {}) as { readonly code?: unknown; readonly message?: string };
  if (typeof code === 'string' && code.startsWith('UPSTREAM_')) return { code, message: message ?? '' };
  return { code: 'UPSTREAM_UNAVAILABLE', message: `Subgraph "${service}" cannot be reached.` };
}
