import { describe, expect, it } from 'vitest';
import { hasRedisServer } from '../support/redis-server.ts';
import { chosenScale } from './chosen-scale.ts';
import { runBuyers } from './concurrency/run-buyers.ts';
import { runStorm } from './concurrency/run-storm.ts';

const { buyers, storm } = chosenScale();
const HOUR = 3_600_000;

describe('no oversell, in real processes', () => {
  it(`${buyers.buyers} buyers for ${buyers.units} units over ${buyers.processes} processes, ${buyers.inFlight} at once each: ${buyers.units} are sold`, async () => {
    const report = await runBuyers(buyers);
    console.log(JSON.stringify(report));
    expect(report).toMatchObject({ asked: buyers.buyers, sold: buyers.units, committed: buyers.units, held: buyers.units });
  }, HOUR);

  it(`kits, expiry, releases and snapshots under ${storm.kills} kill -9: nothing acknowledged is lost, nothing is sold twice`, async () => {
    const withRedis = hasRedisServer();
    const report = await runStorm({ ...storm, withRedis, onKill: (kills, acknowledged) => console.log(`${kills} kills, ${acknowledged} commits acknowledged`) });
    console.log(JSON.stringify(report));
    expect(report.failures).toEqual({});
    expect(report.outboxLeft).toBe(0);
    expect(report.acknowledged).toBeGreaterThan(storm.kills);
    if (withRedis && storm.kills > 10) expect(report.acknowledgedWithoutRedis).toBeGreaterThan(0);
  }, HOUR);
});
