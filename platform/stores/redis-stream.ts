import { cursorOf, FROM_BEGINNING, type LoggedEvent } from './event-log.ts';

export type StreamEntry = [id: string, fields: string[]];

const PREFIX = 'events:';

export const keyOf = (topic: string): string => `${PREFIX}${topic}`;
export const topicOfKey = (key: string): string => key.slice(PREFIX.length);

/** Null for an entry that is none of ours: it must not stop those behind it. */
export function toEvent(topic: string, [id, fields]: StreamEntry, epoch: string): LoggedEvent | null {
  try {
    return { cursor: cursorOf(id, epoch), topic, payload: JSON.parse(fields[1]!) };
  } catch {
    return null;
  }
}

/** Which run of the server it is, from INFO: a server that restarted may have lost the end of what it had acknowledged. */
export function epochIn(info: string): string {
  const runId = /^run_id:([0-9a-f]+)/m.exec(info)?.[1];
  if (runId === undefined) throw new Error('this Redis does not tell its run_id');
  return runId.slice(0, 12);
}

export interface StreamFacts {
  readonly firstId: string | null;
  /** Highest id there ever was. */
  readonly lastId: string;
  /** Highest id that was trimmed away; "0-0" while none was. Told since Redis 7. */
  readonly deletedId: string;
}

/** What XINFO STREAM says; null where there is no stream. */
export function streamFacts([error, info]: readonly [error: Error | null, result: unknown]): StreamFacts | null {
  if (error) {
    if (error.message.includes('no such key')) return null;
    throw error;
  }
  const facts = info as readonly unknown[];
  const read = (name: string): unknown => facts[facts.indexOf(name) + 1];
  return {
    firstId: (read('first-entry') as StreamEntry | null)?.[0] ?? null,
    lastId: read('last-generated-id') as string,
    deletedId: facts.includes('max-deleted-entry-id') ? (read('max-deleted-entry-id') as string) : FROM_BEGINNING,
  };
}
