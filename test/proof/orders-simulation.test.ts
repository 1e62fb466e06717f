import { describe, expect, it } from 'vitest';
import { chosenScale } from './chosen-scale.ts';
import { runOrdersSimulation } from './orders/run.ts';
import { WORKERS } from './scale.ts';
import { tellProgress, tellViolation } from './simulation/progress.ts';

const { seeds, simulationMinutes, leastSeeds } = chosenScale().orders;
const MINUTE = 60_000;

describe('no duplicate orders, simulated', () => {
  it(`holds after every step of ${seeds} seeded worlds`, async () => {
    const report = await runOrdersSimulation({ firstSeed: 1, seeds, workers: WORKERS, atMostMs: simulationMinutes * MINUTE, onSeed: tellProgress(seeds, console.log) });
    console.log(`${report.seeds} of ${seeds} seeds within ${simulationMinutes} minutes: ${JSON.stringify(report.counts)}`);
    expect(report.violated ? tellViolation(report.violated, 60, 'npm run proof:orders') : null).toBeNull();
    // Fewer within the time are no proof: the machine, or the proof, has become too slow.
    expect(report.seeds).toBeGreaterThanOrEqual(leastSeeds);
    // A world in which nobody orders and nobody dies proves nothing.
    expect(report.counts['acknowledged']).toBeGreaterThan(report.seeds);
    expect(report.counts['killed']).toBeGreaterThan(report.seeds / 4);
  }, (simulationMinutes + 10) * MINUTE);
});
