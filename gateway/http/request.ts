import type { IncomingMessage } from 'node:http';
import type { Clock } from '../../platform/clock.ts';
import type { RequestScope } from '../../subgraphs/frame/module.ts';
import type { Door } from '../identity/door.ts';
import { openScope, readShopping } from '../request-scope.ts';

export interface ScopeOptions {
  readonly door: Door;
  readonly clock: Clock;
  readonly deadlineMs: number;
}

const first = (value: string | string[] | undefined): string | undefined => (Array.isArray(value) ? value[0] : value);

/** W3C trace context; anything else is not passed on. */
const TRACEPARENT = /^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/;

/**
 * The scope of one HTTP or SSE request. A caller may ask for less time than the limit (`x-deadline-ms`), never more.
 * @throws Failure UNAUTHENTICATED or INVALID_INPUT
 */
export async function scopeOfRequest({ door, clock, deadlineMs }: ScopeOptions, request: IncomingMessage): Promise<RequestScope> {
  const { headers } = request;
  const { principal } = await door({ authorization: headers.authorization, apiKey: first(headers['x-api-key']) });
  const shopping = readShopping((name) => first(headers[name]), principal);
  const asked = Number(first(headers['x-deadline-ms']));
  const traceparent = first(headers.traceparent);
  return openScope({
    principal,
    shopping,
    left: leavingSignal(request),
    nowMs: clock.now(),
    deadlineMs: asked > 0 ? Math.min(asked, deadlineMs) : deadlineMs,
    traceparent: traceparent && TRACEPARENT.test(traceparent) ? traceparent : null,
  });
}

const LEAVING = Symbol('leaving');

/** One signal and one listener a connection, however many requests it carries. */
function leavingSignal(request: IncomingMessage): AbortSignal {
  const socket = request.socket as typeof request.socket & { [LEAVING]?: AbortController };
  if (!socket[LEAVING]) {
    const controller = new AbortController();
    socket[LEAVING] = controller;
    socket.once('close', () => controller.abort(new Error('the caller left')));
  }
  return socket[LEAVING].signal;
}
