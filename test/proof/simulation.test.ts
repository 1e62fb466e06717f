import { describe, expect, it } from 'vitest';
import { WORKERS } from './scale.ts';
import { chosenScale } from './chosen-scale.ts';
import { tellProgress, tellViolation } from './simulation/progress.ts';
import { runSimulation } from './simulation/run.ts';

const { seeds } = chosenScale();
const HOURS = 3 * 3_600_000;

describe('no oversell, simulated', () => {
  it(`holds after every step of ${seeds} seeded worlds`, async () => {
    const report = await runSimulation({ firstSeed: 1, seeds, workers: WORKERS, onSeed: tellProgress(seeds, console.log) });
    console.log(JSON.stringify(report.counts));
    expect(report.violated ? tellViolation(report.violated) : null).toBeNull();
    expect(report.seeds).toBe(seeds);
    // A world in which nobody gets anything proves nothing.
    for (const what of ['held', 'short', 'committed', 'accepted']) expect(report.counts[what], what).toBeGreaterThan(seeds / 4);
  }, HOURS);
});
