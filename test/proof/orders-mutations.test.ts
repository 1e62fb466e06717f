import { describe, expect, it } from 'vitest';
import { chosenScale } from './chosen-scale.ts';
import { checkApplies, hunt, tellHunt } from './mutations/run.ts';
import { ORDER_MUTATIONS } from './orders/mutations.ts';
import { runOrdersSimulation } from './orders/run.ts';

const { seedsPerMutation } = chosenScale().orders;
const HOUR = 3_600_000;

describe('bugs planted in orders', () => {
  it.each(ORDER_MUTATIONS)('$name fits the source it is to mutate', (mutation) => {
    expect(() => checkApplies(mutation)).not.toThrow();
  });

  // Minutes of work: only where all of the proof is run.
  it.each(seedsPerMutation > 0 ? ORDER_MUTATIONS : [])('$name is caught', async (mutation) => {
    const found = await hunt(mutation, seedsPerMutation, runOrdersSimulation);
    console.log(tellHunt(mutation, found));
    expect(found.caught, tellHunt(mutation, found)).not.toBeNull();
  }, HOUR);
});
