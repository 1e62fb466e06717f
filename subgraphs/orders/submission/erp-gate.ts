import { randomUUID } from 'node:crypto';
import type { Failure, FailureCode } from '../../../domain/failure.ts';
import { addMs, instant, type Instant } from '../../../domain/time.ts';
import { CallInterruption } from '../../../platform/call/interruption.ts';
import type { Clock } from '../../../platform/clock.ts';
import type { Sql } from '../../../platform/stores/sql.ts';
import type { SubmissionSettings } from '../settings.ts';
import { claimProbe, endPause, readStanding, recordAnswer, recordErpSilence, releaseProbe, type ErpStanding } from './store-pause.ts';

export interface GateTools {
  readonly database: Sql;
  readonly clock: Clock;
  readonly settings: { readonly submission: SubmissionSettings };
}

/** How an order finds the way to the ERP. PROBE: it alone goes, to see whether the ERP answers again. */
export type Passage =
  | { readonly kind: 'OPEN'; readonly standing: ErpStanding }
  | { readonly kind: 'PROBE'; readonly standing: ErpStanding; readonly claimant: string; readonly until: Instant }
  | { readonly kind: 'CLOSED'; readonly until: Instant; readonly reason: string };

/** ANSWERED: the ERP spoke, though it said no. SILENT: it did not serve us. NOTHING: what happened says nothing of it. */
export type Hearing = { readonly kind: 'ANSWERED' } | { readonly kind: 'NOTHING' } | { readonly kind: 'SILENT'; readonly failure: Failure };

/** The ERP serves nobody: no order is to blame. A refused key is like silence, a refused order is an answer. */
const NOT_SERVED: readonly FailureCode[] = ['UPSTREAM_UNAVAILABLE', 'UPSTREAM_RATE_LIMITED', 'UPSTREAM_TIMEOUT', 'UNAUTHENTICATED', 'MISCONFIGURED'];

/** Whether the failure of a call is the ERP's silence, and not our own budget holding the call back. */
export const isErpSilence = ({ code, cause }: Failure): boolean =>
  NOT_SERVED.includes(code) && !(cause instanceof CallInterruption && (cause.kind === 'budget-spent' || cause.kind === 'queue-full'));

/** Where the queue stands, without taking anything: null = all may go; an instant = nobody before then, and then one. */
export function closedUntil({ pausedSince, pausedUntil, probingUntil, windowUntil }: ErpStanding, now: Instant): Instant | null {
  if (windowUntil !== null) return windowUntil;
  if (pausedSince === null) return null;
  if (probingUntil !== null) return probingUntil;
  return pausedUntil ?? now;
}

/** When an order that found the way closed comes again: a probe is over long before its lease. */
const nextTurn = (standing: ErpStanding, now: Instant, { pauseMs }: SubmissionSettings): Instant | null => {
  const until = closedUntil(standing, now);
  const soon = addMs(now, pauseMs);
  return until !== null && standing.windowUntil === null && standing.probingUntil !== null && until > soon ? soon : until;
};

/** Asks for the way to the ERP. Whoever gets through tells what came of it (see `leaveGate`). */
export async function enterGate({ database, clock, settings: { submission } }: GateTools, system: string): Promise<Passage> {
  const now = instant(clock.now());
  const standing = await readStanding(database, system, now);
  const until = nextTurn(standing, now, submission);
  if (until === null) return { kind: 'OPEN', standing };
  const reason = standing.windowUntil === null ? (standing.reason ?? 'the ERP does not answer') : `maintenance: ${standing.windowReason}`;
  if (standing.windowUntil !== null || until > now) return { kind: 'CLOSED', until, reason };
  const claimant = randomUUID();
  const leaseUntil = addMs(now, submission.probeLeaseMs);
  if (await claimProbe(database, system, claimant, now, leaseUntil)) return { kind: 'PROBE', standing, claimant, until: leaseUntil };
  return { kind: 'CLOSED', until: addMs(now, submission.pauseMs), reason };
}

/** Tells what came of a passage. Answers until when the queue is closed now; null: it runs. */
export async function leaveGate(tools: GateTools, system: string, passage: Extract<Passage, { readonly standing: ErpStanding }>, hearing: Hearing): Promise<Instant | null> {
  const { database, clock, settings: { submission } } = tools;
  const now = instant(clock.now());
  if (passage.kind === 'PROBE') {
    const { claimant, standing } = passage;
    if (hearing.kind === 'ANSWERED') await endPause(database, system, claimant, now);
    else await releaseProbe(database, system, claimant, hearing.kind === 'SILENT' ? { pausedUntil: pauseEnd(submission, now, standing.failures + 1, hearing.failure), reason: reasonOf(hearing.failure) } : null);
  } else if (hearing.kind === 'ANSWERED') {
    await recordAnswer(database, system);
    return null;
  } else if (hearing.kind === 'SILENT') {
    const pausedUntil = pauseEnd(submission, now, submission.pauseAfter, hearing.failure);
    await recordErpSilence(database, system, { now, reason: reasonOf(hearing.failure), pauseAfter: submission.pauseAfter, pausedUntil });
  }
  return nextTurn(await readStanding(database, system, now), now, submission);
}

const reasonOf = ({ code, message }: Failure): string => `${code}: ${message}`;

/** Doubles with every probe in vain, never sooner than the ERP asked for. */
function pauseEnd({ pauseAfter, pauseMs, maxPauseMs }: SubmissionSettings, now: Instant, failures: number, { retryAfterMs }: Failure): Instant {
  const doubled = pauseMs * 2 ** Math.min(Math.max(0, failures - pauseAfter), 20);
  return addMs(now, Math.max(Math.min(maxPauseMs, doubled), retryAfterMs ?? 0));
}
