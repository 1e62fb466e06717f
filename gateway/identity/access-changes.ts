import type { AccessChanged } from '../../domain/events.ts';
import { topicOf } from '../../domain/events.ts';
import type { Log } from '../../platform/log.ts';
import type { EventLog } from '../../platform/stores/event-log.ts';
import type { AccessChanges } from './identity.ts';
import type { StoredKeys } from './stored-keys.ts';

export interface FollowedChanges extends AccessChanges {
  close(): void;
}

export interface FollowOptions {
  readonly eventLog: EventLog;
  readonly keys: Pick<StoredKeys, 'forget' | 'doubt'>;
  readonly log: Log;
  readonly retryMs?: number;
}

const RETRY_MS = 1_000;

/** Follows the changes of API keys, from now on and for as long as it takes to reach the event log; until then keys go by their age. */
export function followAccessChanges({ eventLog, keys, log, retryMs = RETRY_MS }: FollowOptions): FollowedChanges {
  const listeners = new Set<(subject: string | null) => void>();
  const tell = (subject: string | null): void => listeners.forEach((listener) => listener(subject));
  let unsubscribe: (() => void) | null = null;
  let isClosed = false;

  const onLost = (): void => {
    keys.doubt();
    tell(null);
  };
  const follow = async (): Promise<void> => {
    while (!isClosed && unsubscribe === null) {
      try {
        unsubscribe = await eventLog.subscribe(topicOf('access.changed'), ({ payload }) => {
          const { prefix } = payload as AccessChanged;
          keys.forget(prefix);
          tell(`key:${prefix}`);
        }, onLost);
        // What changed before is in nobody's events.
        onLost();
      } catch (error) {
        log.warn({ error: (error as Error).message }, 'changes of API keys cannot be followed yet');
        await new Promise((done) => setTimeout(done, retryMs).unref());
      }
    }
    if (isClosed) unsubscribe?.();
  };
  void follow();
  return {
    onChanged: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    close: () => {
      isClosed = true;
      unsubscribe?.();
    },
  };
}
