import { startSpan } from '../telemetry.ts';
import type { Policy } from './policy.ts';

/** A span over everything a call to a target takes: waiting, attempts and all. Nothing while tracing is off. */
export function traced(target: string): Policy {
  return async (request, next) => {
    const span = startSpan(`call ${target}`, { kind: 'client', parent: request.traceparent, attributes: { 'peer.service': target } });
    if (!span) return next(request);
    try {
      const answer = await next({ ...request, traceparent: span.traceparent });
      span.end(null);
      return answer;
    } catch (error) {
      span.end((error as { code?: string }).code ?? (error as Error).name);
      throw error;
    }
  };
}
