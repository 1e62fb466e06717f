/** What executes now, so that a drain can wait for it. */
export interface RunningWork {
  track<T>(work: Promise<T>): Promise<T>;
  /** Resolves when everything tracked has ended, well or not. */
  settled(): Promise<void>;
}

export function createRunningWork(): RunningWork {
  const running = new Set<Promise<unknown>>();
  return {
    track: async (work) => {
      running.add(work);
      try {
        return await work;
      } finally {
        running.delete(work);
      }
    },
    settled: async () => {
      while (running.size > 0) await Promise.allSettled(running);
      // The answers just computed are written in the next turn; a socket closed before would lose them.
      await new Promise((done) => setImmediate(done));
    },
  };
}
