export interface Job<T> {
  readonly id: string;
  readonly data: T;
  /** 0 on the first attempt. */
  readonly attempt: number;
}

export interface PumpOptions {
  /** Jobs at work at the same time. */
  readonly workers: number;
  /** How often an empty, or closed, queue is looked at. */
  readonly pollSeconds: number;
  /** How many more may be taken now; at most so many are. Left out: as many as there are workers free. */
  readonly admit?: (free: number) => Promise<number>;
}

/** Jobs fetched ahead, per worker. */
const AHEAD = 4;

/** The queue as the pump needs it. */
export interface JobSource<T> {
  fetch(limit: number): Promise<readonly Job<T>[]>;
  complete(ids: readonly string[]): Promise<void>;
  fail(id: string, error: Error): Promise<void>;
}

export interface Pump {
  /** Takes nothing new, waits for what is at work. */
  stop(): Promise<void>;
}

/** A sleep that can be cut short. */
function createAlarm(ms: number): { sleep(): Promise<void>; ring(): void } {
  let ring: () => void = () => undefined;
  const sleep = (): Promise<void> =>
    new Promise((awake) => {
      const timer = setTimeout(awake, ms);
      ring = () => {
        clearTimeout(timer);
        awake();
      };
    });
  return { sleep, ring: () => ring() };
}

/**
 * Keeps all workers busy as long as there are jobs: who is done makes room for the next at once, whatever the others are
 * waiting for, and only an empty queue is waited on. What is done is told in one statement for all.
 */
export function startPump<T>(source: JobSource<T>, handle: (job: Job<T>) => Promise<void>, options: PumpOptions, onTrouble: (error: Error) => void): Pump {
  const { workers, pollSeconds, admit = async (free) => free } = options;
  const running = new Set<Promise<void>>();
  const next: Job<T>[] = [];
  const done: string[] = [];
  const alarm = createAlarm(pollSeconds * 1_000);
  let stopping = false;

  const start = (job: Job<T>): void => {
    const work = handle(job)
      .then(() => void done.push(job.id), (error: unknown) => source.fail(job.id, error as Error).catch(onTrouble))
      .finally(() => {
        running.delete(work);
        alarm.ring();
      });
    running.add(work);
  };
  /** Told or not: a job that is done and not told of comes again, and finds nothing to do. */
  const tell = async (): Promise<void> => {
    if (done.length > 0) await source.complete(done.splice(0));
  };
  const fetchMore = async (free: number): Promise<void> => {
    const wanted = Math.min(free, await admit(free));
    // Nobody holds us back: some for those who will be free soon, as a look at a long queue costs more than what it brings.
    if (wanted > 0 && !stopping) next.push(...(await source.fetch(wanted === free ? free + AHEAD * workers : wanted)));
  };
  const turn = async (): Promise<void> => {
    if (next.length === 0 || done.length >= workers) await tell();
    if (next.length === 0 && running.size < workers) await fetchMore(workers - running.size);
    const isIdle = next.length === 0;
    while (running.size < workers && next.length > 0 && !stopping) start(next.shift()!);
    if ((isIdle || running.size >= workers) && (done.length === 0 || !isIdle) && !stopping) await alarm.sleep();
  };
  const run = async (): Promise<void> => {
    while (!stopping) {
      await turn().catch((error: unknown) => {
        onTrouble(error as Error);
        return alarm.sleep();
      });
    }
    for (const job of next.splice(0)) await source.fail(job.id, new Error('this process is stopping')).catch(onTrouble);
    await Promise.all(running);
    await tell().catch(onTrouble);
  };
  const ended = run();
  return {
    stop: () => {
      stopping = true;
      alarm.ring();
      return ended;
    },
  };
}
