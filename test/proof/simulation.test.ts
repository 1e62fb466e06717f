import { describe, expect, it } from 'vitest';
import { WORKERS } from './scale.ts';
import { chosenScale } from './chosen-scale.ts';
import { tellProgress, tellViolation } from './simulation/progress.ts';
import { runSimulation } from './simulation/run.ts';

const { seeds, simulationMinutes, leastSeeds } = chosenScale();
const MINUTE = 60_000;

describe('no oversell, simulated', () => {
  it(`holds after every step of ${seeds} seeded worlds`, async () => {
    const report = await runSimulation({ firstSeed: 1, seeds, workers: WORKERS, atMostMs: simulationMinutes * MINUTE, onSeed: tellProgress(seeds, console.log) });
    console.log(`${report.seeds} of ${seeds} seeds within ${simulationMinutes} minutes: ${JSON.stringify(report.counts)}`);
    expect(report.violated ? tellViolation(report.violated) : null).toBeNull();
    // Fewer within the time are no proof: the machine, or the proof, has become too slow.
    expect(report.seeds).toBeGreaterThanOrEqual(leastSeeds);
    // A world in which nobody gets anything proves nothing.
    for (const what of ['held', 'short', 'committed', 'accepted']) expect(report.counts[what], what).toBeGreaterThan(report.seeds / 4);
  }, (simulationMinutes + 10) * MINUTE);
});
