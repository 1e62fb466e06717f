import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import type { Clock } from '../../platform/clock.ts';
import type { RequestScope } from '../../subgraphs/frame/module.ts';
import type { Door } from '../identity/door.ts';
import type { Caller, Transport } from '../pipeline/caller.ts';
import { openScope, readShopping } from '../pipeline/request-scope.ts';
import type { AddressedRequest, ClientAddressOf } from './edge/client-address.ts';

export interface ScopeOptions {
  readonly door: Door;
  readonly clock: Clock;
  readonly deadlineMs: number;
  readonly clientAddressOf: ClientAddressOf;
}

/** One HTTP or SSE request, let in. */
export interface AdmittedRequest {
  readonly scope: RequestScope;
  readonly caller: Caller;
}

/** What a request says of itself, as Fastify has it. */
export interface IncomingRequest extends AddressedRequest {
  readonly id: string;
}

export const firstOf = (value: string | string[] | undefined): string | undefined => (Array.isArray(value) ? value[0] : value);

/** W3C trace context; anything else is not passed on. */
const TRACEPARENT = /^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/;
const REQUEST_ID = /^[\w.:/+=-]{1,128}$/;

/** The caller's `x-request-id` where it is one that a log can hold, else a new one. */
export function requestIdOf(headers: IncomingHttpHeaders): string {
  const given = firstOf(headers['x-request-id']);
  return given && REQUEST_ID.test(given) ? given : randomUUID();
}

/** Only what has the form of a W3C traceparent. */
export const traceparentOf = (text: string | undefined): string | null => (text && TRACEPARENT.test(text) ? text : null);

/**
 * The scope of one HTTP or SSE request. A caller may ask for less time than the limit (`x-deadline-ms`), never more.
 * @throws Failure UNAUTHENTICATED, UPSTREAM_UNAVAILABLE (no keys to verify with) or INVALID_INPUT
 */
export async function admitRequest({ door, clock, deadlineMs, clientAddressOf }: ScopeOptions, request: IncomingRequest, response: ServerResponse, transport: Transport): Promise<AdmittedRequest> {
  const left = leavingSignal(response);
  const { headers, id } = request;
  const address = clientAddressOf(request);
  const identity = await door({ authorization: headers.authorization, apiKey: firstOf(headers['x-api-key']), address });
  const { principal } = identity;
  const shopping = readShopping((name) => firstOf(headers[name]), principal);
  const asked = Number(firstOf(headers['x-deadline-ms']));
  const scope = openScope({
    principal,
    shopping,
    left,
    nowMs: clock.now(),
    deadlineMs: asked > 0 ? Math.min(asked, deadlineMs) : deadlineMs,
    traceparent: traceparentOf(firstOf(headers.traceparent)),
  });
  return { scope, caller: { identity, address, requestId: id, transport } };
}

/**
 * Aborted when the connection closes before this answer is written. It hangs on the response, which lives as long as
 * the request: a kept-alive socket collects nothing.
 */
function leavingSignal(response: ServerResponse): AbortSignal {
  const controller = new AbortController();
  response.once('close', () => {
    if (!response.writableFinished) controller.abort(new Error('the caller left'));
  });
  return controller.signal;
}
