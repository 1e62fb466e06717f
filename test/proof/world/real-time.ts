/** The machine's own timers, kept from before virtual ones take their names: for what watches the simulation. Load it first. */
const { setTimeout: setRealTimeout, setImmediate: setRealImmediate, performance: realPerformance } = globalThis;

export const realPause = (ms: number): Promise<void> => new Promise((done) => void setRealTimeout(done, ms));

/** One turn of the event loop: all that could run has run. */
export const realTurn = (): Promise<void> => new Promise((done) => void setRealImmediate(done));

export const realMs = (): number => realPerformance.now();

let outside = 0;

/** Work whose chance and time are the machine's: connecting to the database above all. Nothing of the world runs meanwhile. */
export async function outsideTheWorld<T>(work: () => Promise<T>): Promise<T> {
  outside += 1;
  return work().finally(() => (outside -= 1));
}

export const isOutsideTheWorld = (): boolean => outside > 0;
