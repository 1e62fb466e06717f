import { describe, expect, it } from 'vitest';
import { chosenScale } from './chosen-scale.ts';
import { runSimulation } from './simulation/run.ts';
import { isExact } from './world/world.ts';

const { replays } = chosenScale();
const MINUTES = 600_000;

async function traces(): Promise<ReadonlyMap<number, readonly string[]>> {
  const found = new Map<number, readonly string[]>();
  await runSimulation({ firstSeed: 1, seeds: replays, workers: 1, wantsTrace: true, onSeed: ({ seed, trace }) => void found.set(seed, trace) });
  return found;
}

describe('replay', () => {
  it(`gives the same trace twice, line for line, of each exact seed of ${replays}`, async () => {
    const [once, again] = [await traces(), await traces()];
    for (const [seed, trace] of once) {
      if (!isExact(seed)) continue;
      expect(trace.length, `seed ${seed}`).toBeGreaterThan(50);
      expect(again.get(seed), `seed ${seed}`).toEqual(trace);
    }
  }, MINUTES);
});
