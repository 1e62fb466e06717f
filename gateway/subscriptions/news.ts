import { GraphQLError, type ExecutionResult } from 'graphql';
import type { LoggedEvent } from '../../platform/stores/event-log.ts';

/** Between which places of the log events may be missing: what happened there is not told event by event. */
export interface Lagged {
  readonly from: string;
  /** Everything after it is told. */
  readonly to: string;
}

/** What subscribers are told: an event of the log, or what is told in the place of events that are gone. */
export interface News extends LoggedEvent {
  /** Told because events are missing, not because something happened. */
  readonly lagged?: Lagged | undefined;
  /** Nothing but that events are missing. */
  readonly isGap?: boolean;
}

const MISSING = 'Events between your cursor and now are no longer kept: read what you follow anew. What happens from here on is told.';

/** Never silence: whoever resumes too late hears of it, then of everything from there on. */
export const gapResult = ({ from, to }: Lagged): ExecutionResult => ({
  data: null,
  errors: [new GraphQLError(MISSING, { extensions: { code: 'LAGGED', retryable: false, lagged: { from, to } } })],
  extensions: { lagged: { from, to } },
});

/** How a subscription ends that cannot go on: with the place from which another one, here or on another node, misses nothing. */
export const endedBy = (message: string, extensions: Readonly<Record<string, unknown>>, resumeAfter: string): GraphQLError =>
  new GraphQLError(message, { extensions: { ...extensions, resumeAfter } });

export const slowConsumer = (resumeAfter: string): GraphQLError =>
  endedBy('You take events more slowly than they happen: subscribe again after the last one you have.', { code: 'SLOW_CONSUMER', retryable: true }, resumeAfter);
