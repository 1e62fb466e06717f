import type { SubscriptionMutation } from './mutations.ts';
import { runSubscriptionProof, type ProofOptions } from './run.ts';

export const TASTE: ProofOptions = {
  nodes: 2, clientProcesses: 1, clientsPerProcess: 8, events: 3_000, perSecond: 600, redis: 'KEEPS_ALL', redisKills: 1, nodeKills: 3, capacity: 100_000, leavesAfterMs: 2_500,
};

/** The storms of the full proof: 100,000 events each. */
export const FULL: readonly ProofOptions[] = [
  { nodes: 3, clientProcesses: 3, clientsPerProcess: 8, events: 100_000, perSecond: 1_000, redis: 'KEEPS_ALL', redisKills: 6, nodeKills: 20, capacity: 100_000, leavesAfterMs: 8_000 },
  { nodes: 2, clientProcesses: 2, clientsPerProcess: 8, events: 100_000, perSecond: 1_000, redis: 'LOSES_ITS_END', redisKills: 6, nodeKills: 12, capacity: 2_000, leavesAfterMs: 8_000 },
];

export interface Hunted {
  /** The first rule that was seen broken; null: none. */
  readonly caught: string | null;
  readonly storms: number;
}

/** Storms with the bug in every node until one of them shows it. */
export async function huntSubscriptionBug({ shows, ...mutation }: SubscriptionMutation, atMost = 3): Promise<Hunted> {
  for (let storms = 1; storms <= atMost; storms += 1) {
    const { violations } = await runSubscriptionProof({ ...TASTE, redis: shows, redisKills: 2, mutation });
    if (violations.length > 0) return { caught: violations[0]!, storms };
  }
  return { caught: null, storms: atMost };
}
