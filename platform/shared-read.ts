export interface SharedReadOptions<Key, Value> {
  /** One value for each key, in the order of the keys. */
  readonly read: (keys: readonly Key[]) => Promise<readonly Value[]>;
  /** A read that lasts longer no longer holds up those who ask after it. */
  readonly patienceMs?: number;
}

export type SharedRead<Key, Value> = (keys: readonly Key[]) => Promise<readonly Value[]>;

interface Ask<Key, Value> {
  readonly keys: readonly Key[];
  readonly resolve: (values: readonly Value[]) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Reads of concurrent requests as one. An idle store is asked at once; what is asked while a read is under way waits for
 * the next and travels together. A read starts after all its keys were asked, so that nobody gets an answer older than
 * the question: a request still sees what was written before it. Values are shared between requests: never change them.
 */
export function createSharedRead<Key, Value>({ read, patienceMs = 20 }: SharedReadOptions<Key, Value>): SharedRead<Key, Value> {
  let busy = false;
  let waiting: Ask<Key, Value>[] = [];
  const start = (): void => {
    if (busy || waiting.length === 0) return;
    const batch = waiting;
    waiting = [];
    busy = true;
    let passedOn = false;
    const passOn = (): void => {
      if (passedOn) return;
      passedOn = true;
      clearTimeout(patience);
      busy = false;
      start();
    };
    const patience = setTimeout(passOn, patienceMs);
    void answerTogether(read, batch).finally(passOn);
  };
  return (keys) =>
    new Promise((resolve, reject) => {
      waiting.push({ keys, resolve, reject });
      start();
    });
}

async function answerTogether<Key, Value>(read: SharedRead<Key, Value>, batch: readonly Ask<Key, Value>[]): Promise<void> {
  const keys = [...new Set(batch.flatMap((ask) => ask.keys))];
  try {
    const values = await read(keys);
    const byKey = new Map(keys.map((key, index) => [key, values[index]!]));
    for (const ask of batch) ask.resolve(ask.keys.map((key) => byKey.get(key)!));
  } catch (error) {
    // One request's unreadable key must not fail its neighbours.
    if (batch.length === 1) batch[0]!.reject(error);
    else await Promise.all(batch.map((ask) => read(ask.keys).then(ask.resolve, ask.reject)));
  }
}
