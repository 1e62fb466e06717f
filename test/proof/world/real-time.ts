/** The machine's own timers, kept from before virtual ones take their names: for what watches the simulation. Load it first. */
export const realTimers = { setTimeout, clearTimeout, setImmediate };

export const realPause = (ms: number): Promise<void> => new Promise((done) => void realTimers.setTimeout(done, ms));
