import { z } from 'zod';
import { SCOPES } from '../../domain/principal.ts';
import type { Signer } from '../../platform/signed.ts';
import type { RequestScope } from './module.ts';

/** Header in which the gateway states, signed, on whose behalf it asks. A subgraph believes nothing else. */
const SCOPE_HEADER = 'x-request-scope';
const DEADLINE_HEADER = 'x-deadline-at';

const statementSchema = z.object({
  principal: z.object({
    subject: z.string(),
    kind: z.enum(['ANONYMOUS', 'DEVELOPMENT', 'SHOPPER', 'BUYER', 'SERVICE', 'OPERATIONS']),
    scopes: z.array(z.enum(SCOPES)),
    channel: z.string().nullable(),
    customerNumber: z.string().nullable(),
    companyNumber: z.string().nullable(),
  }),
  shopping: z.object({ channel: z.string().nullable(), locale: z.string().nullable(), currencyCode: z.string().nullable(), companyLocation: z.string().nullable() }),
});

const signed = new WeakMap<RequestScope, string>();

/** Headers of one subrequest. Signed once per request, however many subgraphs it visits. */
export function writeScope(signer: Signer, scope: RequestScope): Record<string, string> {
  let statement = signed.get(scope);
  if (!statement) signed.set(scope, (statement = signer.sign({ principal: scope.principal, shopping: scope.shopping })));
  return {
    [SCOPE_HEADER]: statement,
    [DEADLINE_HEADER]: String(scope.deadlineAtMs),
    ...(scope.traceparent ? { traceparent: scope.traceparent } : {}),
  };
}

export interface ReadScopeOptions {
  readonly header: (name: string) => string | undefined;
  readonly signer: Signer;
  readonly signal: AbortSignal;
  readonly nowMs: number;
  readonly maxDeadlineMs: number;
}

/** The scope a request carries, or null when it is not signed by a gateway that shares the secret. */
export function readScope({ header, signer, signal, nowMs, maxDeadlineMs }: ReadScopeOptions): RequestScope | null {
  const token = header(SCOPE_HEADER);
  const statement = token ? statementSchema.safeParse(signer.verify(token)) : null;
  if (!statement?.success) return null;
  const asked = Number(header(DEADLINE_HEADER));
  const latest = nowMs + maxDeadlineMs;
  const deadlineAtMs = Number.isFinite(asked) && asked > 0 ? Math.min(asked, latest) : latest;
  return { ...statement.data, signal, deadlineAtMs, traceparent: header('traceparent') ?? null };
}
