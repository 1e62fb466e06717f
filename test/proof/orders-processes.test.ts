import { describe, expect, it } from 'vitest';
import { findRealOdoo } from '../support/real-odoo.ts';
import { chosenScale } from './chosen-scale.ts';
import { holds, stormOnOdoo, stormOnSandbox, tellStorm } from './orders/processes/parts.ts';

const { orderStorm } = chosenScale();
const odoo = orderStorm === null ? null : await findRealOdoo();
if (orderStorm === null) console.log('the storm of orders runs with PROOF=full; test/faults/kill.test.ts is a taste of it');
const say = (line: string): void => console.log(`  ${line}`);

/** Whole gateways on real PostgreSQL and Redis: 600 s is what a create that nobody answered and the slowest back-off may take. */
const PATIENCE_MS = 1_500_000;

describe.runIf(orderStorm)('orders while everything dies', () => {
  it('each acknowledged one is there, with exactly one document in the ERP', async () => {
    const report = await stormOnSandbox(orderStorm!, 7, say);
    say(tellStorm('processes', report));
    expect(report).toMatchObject({ problems: [], wrongAnswers: [], replayed: { doubled: [] } });
    expect(report.acknowledged).toBeGreaterThan(0);
    expect(holds(report)).toBe(true);
  }, PATIENCE_MS);

  it.skipIf(!odoo)('the same on a real Odoo', async () => {
    const report = (await stormOnOdoo({ ...orderStorm!, kills: Math.ceil(orderStorm!.kills / 10), inFlight: 4, replays: 1 }, 7, say))!;
    say(tellStorm('odoo', report));
    expect(report).toMatchObject({ problems: [], wrongAnswers: [], replayed: { doubled: [] } });
    expect(report.acknowledged).toBeGreaterThan(0);
  }, PATIENCE_MS);
});
