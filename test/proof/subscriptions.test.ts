import { describe, expect, it } from 'vitest';
import { hasRedisServer } from '../support/redis-server.ts';
import { checkApplies } from './mutations/run.ts';
import { FULL, huntSubscriptionBug, TASTE } from './subscriptions/hunt.ts';
import { SUBSCRIPTION_MUTATIONS } from './subscriptions/mutations.ts';
import { runSubscriptionProof } from './subscriptions/run.ts';
import { tellProof } from './subscriptions/tell.ts';
import { judge } from './subscriptions/verdict.ts';
import { Witness } from './subscriptions/witness.ts';

/** The whole storm is `npm run proof:subscriptions`: half an hour, and a machine with nothing else to do. */
const isFull = process.env['PROOF_SUBSCRIPTIONS'] === 'full';
const STORMS = isFull ? FULL : [TASTE, { ...TASTE, redis: 'LOSES_ITS_END', nodeKills: 1 } as const];
const HOUR = 3_600_000;

describe('the judge of subscriptions', () => {
  const verdict = (play: (witness: Witness) => void, keepsAll = false) => {
    const witness = new Witness();
    witness.shipment(1, '1-1.a');
    witness.stock('A', 1);
    play(witness);
    return judge([witness.testify()], { isWarm: true, lastShipment: 4, figures: new Map([['A', 2]]), keepsAll }).violations;
  };
  const all = (witness: Witness): void => {
    for (const number of [2, 3, 4]) witness.shipment(number, `1-${number}.a`);
    witness.stock('A', 2);
  };

  it('finds nothing where everything came once and in order', () => {
    expect(verdict(all, true)).toEqual([]);
  });

  it('finds what is missing, late, old or told twice, and lets only what was reported be missing', () => {
    expect(verdict((witness) => [witness.shipment(2, '1-2.a'), witness.shipment(4, '1-4.a'), witness.stock('A', 2)])).toEqual(['client 0: 1 shipments are missing and nobody said so']);
    expect(verdict((witness) => [witness.shipment(2, '1-2.a'), witness.lagged('1-3.b', true), witness.shipment(4, '1-4.b'), witness.stock('A', 2)])).toEqual([]);
    expect(verdict((witness) => [witness.lagged('1-2.b', true), witness.shipment(2, '1-2.b'), witness.shipment(4, '1-4.b'), witness.stock('A', 2)], true)).toEqual(['client 0: 1 shipments are missing that the log had']);
    expect(verdict((witness) => [witness.shipment(2, '1-2.a'), witness.shipment(4, '1-4.a'), witness.shipment(3, '1-5.a'), witness.stock('A', 2)])).toEqual(['client 0: 1 shipments came after later ones']);
    expect(verdict((witness) => [all(witness), witness.shipment(3, '1-5.a')], true)).toEqual(['client 0: 1 shipments were told twice']);
    expect(verdict((witness) => [all(witness), witness.stock('A', 1)])).toEqual(['client 0: 1 figures were older than one told before', 'client 0: 1 figures are not the last ones: [["A",1]]']);
    expect(verdict((witness) => [witness.shipment(2, '1-2.a'), witness.stock('A', 2)])).toEqual(['client 0: the last shipment it was told of is 2 of 4']);
  });
});

describe('bugs planted in subscriptions', () => {
  it.each(SUBSCRIPTION_MUTATIONS)('$name fits the source it is to mutate', (mutation) => {
    expect(() => checkApplies(mutation)).not.toThrow();
  });

  // Minutes of work: only where all of the proof is run.
  it.skipIf(!hasRedisServer()).each(isFull ? SUBSCRIPTION_MUTATIONS : [])('$name is caught', async (mutation) => {
    const { caught } = await huntSubscriptionBug(mutation);
    console.log(`${mutation.name}: ${caught}`);
    expect(caught).not.toBeNull();
  }, HOUR);
});

describe.skipIf(!hasRedisServer())('subscribers while nodes and Redis die and clients come and go', () => {
  it.each(STORMS)('are told everything once and in order, or that something is missing: $nodes nodes, Redis $redis', async (storm) => {
    const report = await runSubscriptionProof(storm);
    console.log(tellProof(report));
    expect(report.violations).toEqual([]);
    expect(report.totals.missingUnreported).toBe(0);
    // Nothing is proven of deaths that did not happen.
    expect([report.nodesKilled + report.nodesDrained, report.redisKilled]).toEqual([storm.nodeKills, storm.redisKills]);
    expect(report.totals.reconnects).toBeGreaterThan(report.clients);
  }, HOUR);
});
