/** What one subscriber has yet to take. Bounded; events with the same key are replaced by the latest. */
export interface DeliveryQueue<T> extends AsyncIterableIterator<T> {
  /** @param coalesceKey null = must be delivered */
  push(value: T, coalesceKey: string | null): 'queued' | 'coalesced' | 'overflow';
  /** Delivers what is queued, then ends. */
  end(): void;
}

interface Entry<T> {
  value: T;
  readonly key: string | null;
}

export function createDeliveryQueue<T>(capacity: number, onClosed: () => void): DeliveryQueue<T> {
  const entries: Entry<T>[] = [];
  let waiting: ((result: IteratorResult<T>) => void) | null = null;
  let ended = false;
  const done = { value: undefined, done: true } as IteratorResult<T>;

  const close = (): void => {
    if (!ended) onClosed();
    ended = true;
    waiting?.(done);
    waiting = null;
  };
  return {
    push: (value, key) => {
      if (ended) return 'overflow';
      if (waiting) {
        waiting({ value, done: false });
        waiting = null;
        return 'queued';
      }
      const same = key === null ? undefined : entries.find((entry) => entry.key === key);
      if (same) {
        same.value = value;
        return 'coalesced';
      }
      if (entries.length >= capacity) return 'overflow';
      entries.push({ value, key });
      return 'queued';
    },
    end: close,
    next: () => {
      const entry = entries.shift();
      if (entry) return Promise.resolve({ value: entry.value, done: false });
      if (ended) return Promise.resolve(done);
      return new Promise((resolve) => (waiting = resolve));
    },
    return: () => {
      entries.length = 0;
      close();
      return Promise.resolve(done);
    },
    throw: (error: unknown) => {
      close();
      return Promise.reject(error);
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
