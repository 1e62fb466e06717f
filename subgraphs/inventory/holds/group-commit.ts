/**
 * Group commit: while a batch is under way, requests queue; the next batch takes what waits. One transaction then serves
 * many, and a lone request waits for nobody. Nothing is delayed on purpose: the size of a batch follows from the load.
 */
export interface GroupCommit<Request, Answer> {
  submit(request: Request): Promise<Answer>;
}

export interface GroupCommitOptions<Request, Answer> {
  /** Answers every request of the batch, in order. A throw refuses them all. */
  readonly run: (batch: readonly Request[]) => Promise<readonly Settled<Answer>[]>;
  readonly weightOf: (request: Request) => number;
}

export type Settled<Answer> = { readonly ok: true; readonly value: Answer } | { readonly ok: false; readonly error: unknown };

/** While one is in the database, the next is prepared, and those of the last are told. */
const BATCHES_AT_ONCE = 2;
const MAX_REQUESTS = 512;
const MAX_WEIGHT = 4_000;
/** Not worth halving: below this, one transaction for all is cheaper than two. */
const SMALL_BATCH = 16;

interface Waiting<Request, Answer> {
  readonly request: Request;
  readonly answer: (value: Answer) => void;
  readonly refuse: (error: unknown) => void;
}

export function createGroupCommit<Request, Answer>({ run, weightOf }: GroupCommitOptions<Request, Answer>): GroupCommit<Request, Answer> {
  const queue: Waiting<Request, Answer>[] = [];
  let batches = 0;
  let inFlight = 0;
  let due = false;

  /** Half of all there is, so that both batches stay of one size. */
  const takeBatch = (): Waiting<Request, Answer>[] => {
    const share = Math.min(MAX_REQUESTS, Math.max(SMALL_BATCH, Math.ceil((queue.length + inFlight) / BATCHES_AT_ONCE)));
    let count = 0;
    for (let weight = 0; count < Math.min(share, queue.length); count += 1) {
      weight += weightOf(queue[count]!.request);
      if (count > 0 && weight > MAX_WEIGHT) break;
    }
    return queue.splice(0, count);
  };
  const runBatch = async (batch: readonly Waiting<Request, Answer>[]): Promise<void> => {
    try {
      const settled = await run(batch.map((waiting) => waiting.request));
      for (const [index, waiting] of batch.entries()) {
        const outcome = settled[index]!;
        if (outcome.ok) waiting.answer(outcome.value);
        else waiting.refuse(outcome.error);
      }
    } catch (error) {
      for (const waiting of batch) waiting.refuse(error);
    }
    batches -= 1;
    inFlight -= batch.length;
    start();
  };
  const start = (): void => {
    due = false;
    // The second batch waits until it is worth its transaction, or until there is none before it.
    while (queue.length > 0 && batches < BATCHES_AT_ONCE && (batches === 0 || queue.length >= Math.min(inFlight, MAX_REQUESTS))) {
      const batch = takeBatch();
      batches += 1;
      inFlight += batch.length;
      void runBatch(batch);
    }
  };
  return {
    submit: (request) =>
      new Promise((answer, refuse) => {
        queue.push({ request, answer, refuse });
        if (due) return;
        due = true;
        // After the callers of this turn have asked as well.
        queueMicrotask(start);
      }),
  };
}
