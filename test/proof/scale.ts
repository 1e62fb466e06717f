import type { StormScale } from './orders/processes/parts.ts';

/** How much of the proof is run: all of it where it is asked for, a taste of it among the other tests. */
export interface Scale {
  readonly seeds: number;
  /** The simulation ends by then, however many seeds it has run: a slow machine must end as well. */
  readonly simulationMinutes: number;
  /**
   * Fewer within that time are no proof. Far fewer than any machine runs that others do not keep from its work - CI has run
   * 1,504 of inventory's - and more than most planted bugs need to be caught.
   */
  readonly leastSeeds: number;
  /** Seeds run twice to see that they replay. */
  readonly replays: number;
  /** A planted bug not caught within so many seeds is one the proof cannot see. Zero: only that each still applies is checked. */
  readonly seedsPerMutation: number;
  /** The same of the orders' simulation. */
  readonly orders: OrdersScale;
  readonly buyers: { readonly units: number; readonly buyers: number; readonly processes: number; readonly inFlight: number };
  /** Of whole gateways, with the sandbox as ERP; on a real Odoo a tenth of the kills. Null: not among these tests. */
  readonly orderStorm: StormScale | null;
  readonly storm: { readonly processes: number; readonly inFlight: number; readonly kills: number; readonly everyMs: number; readonly seed: number };
}

export interface OrdersScale {
  readonly seeds: number;
  /** Ends by then, however many seeds it has run. */
  readonly simulationMinutes: number;
  /** As of inventory's: two cores alone run 800 in three minutes, and 150 where four others want them too. */
  readonly leastSeeds: number;
  /** Zero: only that each planted bug still applies is checked. */
  readonly seedsPerMutation: number;
}

export const FULL: Scale = {
  seeds: 10_000,
  simulationMinutes: 7,
  leastSeeds: 200,
  replays: 20,
  seedsPerMutation: 1_500,
  orders: { seeds: 3_000, simulationMinutes: 3, leastSeeds: 50, seedsPerMutation: 300 },
  buyers: { units: 100, buyers: 5_000, processes: 4, inFlight: 64 },
  orderStorm: { kills: 14, inFlight: 12, downMs: 15_000, replays: 3 },
  storm: { processes: 4, inFlight: 16, kills: 60, everyMs: 1_500, seed: 1 },
};

export const TASTE: Scale = {
  seeds: 6,
  simulationMinutes: 10,
  leastSeeds: 1,
  replays: 3,
  seedsPerMutation: 0,
  orders: { seeds: 6, simulationMinutes: 4, leastSeeds: 1, seedsPerMutation: 0 },
  buyers: { units: 10, buyers: 200, processes: 2, inFlight: 16 },
  orderStorm: null,
  storm: { processes: 2, inFlight: 4, kills: 2, everyMs: 1_000, seed: 1 },
};

/** Two: one per core of a small machine, PostgreSQL beside them. */
export const WORKERS = 2;
