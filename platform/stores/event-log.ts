/** An event as it was logged. Cursors of one topic grow; they are opaque to clients. */
export interface LoggedEvent {
  readonly cursor: string;
  readonly topic: string;
  readonly payload: unknown;
}

export interface EventRange {
  readonly events: readonly LoggedEvent[];
  /** True when events after the cursor were trimmed: the reader missed some and must take a snapshot. */
  readonly lagged: boolean;
}

/** Ordered, bounded log of change events, shared by all processes of a deployment. Never the truth. */
export interface EventLog {
  append(topic: string, payloads: readonly unknown[]): Promise<readonly string[]>;
  /** Events strictly after the cursor, oldest first. */
  readAfter(topic: string, cursor: string, limit: number): Promise<EventRange>;
  /** Calls back for every event appended from now on, in order. */
  subscribe(topic: string, onEvent: (event: LoggedEvent) => void): Promise<() => void>;
  close(): Promise<void>;
}

/** Cursors are "<milliseconds>-<sequence>" as Redis stream ids are. Negative when a is earlier. */
export function compareCursors(a: string, b: string): number {
  const [aMs = '0', aSeq = '0'] = a.split('-');
  const [bMs = '0', bSeq = '0'] = b.split('-');
  return Number(aMs) - Number(bMs) || Number(aSeq) - Number(bSeq);
}
