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

type Statement = z.infer<typeof statementSchema>;

/** Headers of one subrequest, which may have less time than its request. Requests of one caller share a signature for a moment. */
export function writeScope(signer: Signer, scope: RequestScope, deadlineAtMs: number | null = null): Record<string, string> {
  return {
    [SCOPE_HEADER]: signer.signShared({ principal: scope.principal, shopping: scope.shopping }),
    [DEADLINE_HEADER]: String(deadlineAtMs ?? scope.deadlineAtMs),
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
  const statement = token ? readStatement(signer.verify(token)) : null;
  if (!statement) return null;
  const asked = Number(header(DEADLINE_HEADER));
  const latest = nowMs + maxDeadlineMs;
  const deadlineAtMs = Number.isFinite(asked) && asked > 0 ? Math.min(asked, latest) : latest;
  return { ...statement, signal, deadlineAtMs, traceparent: header('traceparent') ?? null };
}

/** By what the signer made of the statement: the same object for the same statement. */
const read = new WeakMap<object, Statement>();

function readStatement(payload: object | null): Statement | null {
  if (payload === null) return null;
  const known = read.get(payload);
  if (known) return known;
  const { success, data } = statementSchema.safeParse(payload);
  if (!success) return null;
  // Requests share it from here on.
  for (const part of [data.principal, data.principal.scopes, data.shopping]) Object.freeze(part);
  read.set(payload, data);
  return data;
}
