/** How much of the proof is run: all of it where it is asked for, a taste of it among the other tests. */
export interface Scale {
  readonly seeds: number;
  /** The simulation ends by then, however many seeds it has run: a slow machine must end as well. */
  readonly simulationMinutes: number;
  /** Seeds run twice to see that they replay. */
  readonly replays: number;
  /** A planted bug not caught within so many seeds is one the proof cannot see. Zero: only that each still applies is checked. */
  readonly seedsPerMutation: number;
  readonly buyers: { readonly units: number; readonly buyers: number; readonly processes: number; readonly inFlight: number };
  readonly storm: { readonly processes: number; readonly inFlight: number; readonly kills: number; readonly everyMs: number; readonly seed: number };
}

export const FULL: Scale = {
  seeds: 10_000,
  simulationMinutes: 22,
  replays: 20,
  seedsPerMutation: 1_500,
  buyers: { units: 100, buyers: 5_000, processes: 4, inFlight: 64 },
  storm: { processes: 4, inFlight: 16, kills: 60, everyMs: 1_500, seed: 1 },
};

export const TASTE: Scale = {
  seeds: 6,
  simulationMinutes: 10,
  replays: 3,
  seedsPerMutation: 0,
  buyers: { units: 10, buyers: 200, processes: 2, inFlight: 16 },
  storm: { processes: 2, inFlight: 4, kills: 2, everyMs: 1_000, seed: 1 },
};

/** Two: one per core of a small machine, PostgreSQL beside them. */
export const WORKERS = 2;
