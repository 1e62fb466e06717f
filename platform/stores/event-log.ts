/** An event as it was logged. Cursors of one topic grow; they are opaque to clients. */
export interface LoggedEvent {
  readonly cursor: string;
  readonly topic: string;
  readonly payload: unknown;
}

export interface EventRange {
  readonly events: readonly LoggedEvent[];
  /** Where to read on from. */
  readonly end: string;
  /** True when events after the cursor may be gone (trimmed, or the log has begun anew): the reader must take a snapshot. */
  readonly lagged: boolean;
}

/** Ordered, bounded log of change events, shared by all processes of a deployment. Never the truth. */
export interface EventLog {
  append(topic: string, payloads: readonly unknown[]): Promise<readonly string[]>;
  /** Events strictly after the cursor, oldest first. */
  readAfter(topic: string, cursor: string, limit: number): Promise<EventRange>;
  /** The latest events up to and including the cursor that are still kept, oldest first. */
  readBefore(topic: string, cursor: string, limit: number): Promise<readonly LoggedEvent[]>;
  /** Where the topic ends now: every event appended from now on comes after it. */
  position(topic: string): Promise<string>;
  /**
   * Calls back for every event appended from now on, in order. `onLost` is called where some may be gone before they could
   * be told; what is told afterwards is in order again.
   */
  subscribe(topic: string, onEvent: (event: LoggedEvent) => void, onLost?: () => void): Promise<() => void>;
  /**
   * Monotonic milliseconds: whatever had been appended by then, to any topic somebody here subscribes to, has been told; and
   * the log took writes. Null: not known of any moment.
   */
  currentAt(): number | null;
  close(): Promise<void>;
}

/*
 * A cursor is "<milliseconds>-<sequence>.<epoch>": an id as Redis streams have them, and which life of the log it is from.
 * A log that begins anew (a process that restarts, a Redis that comes back) has another epoch: what its last life had told
 * and not kept would otherwise go missing without a word.
 */

/** The beginning of whatever the log holds by now. */
export const FROM_BEGINNING = '0-0';

const CURSOR = /^\d{1,15}-\d{1,19}\.[0-9a-z]{1,20}$/;

/** Whether the text is a cursor that a client can have been given. */
export const isCursor = (text: string): boolean => CURSOR.test(text);

export const cursorOf = (id: string, epoch: string): string => `${id}.${epoch}`;

/** The epoch is null in FROM_BEGINNING. */
export function parseCursor(cursor: string): { readonly id: string; readonly epoch: string | null } {
  const [id = FROM_BEGINNING, epoch = null] = cursor.split('.');
  return { id, epoch };
}

/** Of two cursors of one epoch. Negative when a is earlier. */
export function compareCursors(a: string, b: string): number {
  const [aMs = '0', aSeq = '0'] = parseCursor(a).id.split('-');
  const [bMs = '0', bSeq = '0'] = parseCursor(b).id.split('-');
  return Number(aMs) - Number(bMs) || Number(aSeq) - Number(bSeq);
}
