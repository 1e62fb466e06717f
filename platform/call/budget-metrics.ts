import { Counter } from 'prom-client';
import { partMetrics } from '../metrics.ts';
import type { InterruptionKind } from './interruption.ts';
import type { Lane } from './lane.ts';

const registers = [partMetrics];
const calls = new Counter({ name: 'source_calls_total', help: 'Requests let through to a source, by lane', labelNames: ['source', 'lane'], registers });
const waits = new Counter({ name: 'source_call_waits_total', help: 'Requests that waited for the call budget of their source', labelNames: ['source', 'lane'], registers });
const waited = new Counter({ name: 'source_call_wait_seconds_total', help: 'Time requests waited for the call budget of their source', labelNames: ['source', 'lane'], registers });
const refusals = new Counter({ name: 'source_call_refusals_total', help: 'Requests that were not let through, by reason', labelNames: ['source', 'lane', 'reason'], registers });

/** Shorter is the time the question itself takes. */
const WAIT_MS = 5;

export const countCall = (source: string, lane: Lane): void => calls.inc({ source, lane });

export function countWait(source: string, lane: Lane, ms: number): void {
  if (ms < WAIT_MS) return;
  waits.inc({ source, lane });
  waited.inc({ source, lane }, ms / 1_000);
}

export const countRefusal = (source: string, lane: Lane, reason: InterruptionKind): void => refusals.inc({ source, lane, reason });
