import { describe, expect, it } from 'vitest';
import { chosenScale } from './chosen-scale.ts';
import { chooseMutations } from './mutations/mutation.ts';
import { checkApplies, hunt, tellHunt } from './mutations/run.ts';
import { ORDER_MUTATIONS } from './orders/mutations.ts';
import { runOrdersSimulation } from './orders/run.ts';

const { seedsPerMutation } = chosenScale().orders;
const HOUR = 3_600_000;

describe('bugs planted in orders', () => {
  it.each(ORDER_MUTATIONS)('$name fits the source it is to mutate', (mutation) => {
    expect(() => checkApplies(mutation)).not.toThrow();
  });

  it('are hunted by a name that is one of theirs', () => {
    expect(chooseMutations(ORDER_MUTATIONS, undefined)).toEqual(ORDER_MUTATIONS);
    expect(chooseMutations(ORDER_MUTATIONS, 'ack before commit').map(({ name }) => name)).toEqual(['ack before commit']);
    expect(() => chooseMutations(ORDER_MUTATIONS, 'ack after commit')).toThrow(/no mutation is called 'ack after commit'; there are 'resend without look-up', .*'ack before commit'/);
  });

  // Minutes of work: only where all of the proof is run.
  it.each(seedsPerMutation > 0 ? ORDER_MUTATIONS : [])('$name is caught', async (mutation) => {
    const found = await hunt(mutation, seedsPerMutation, runOrdersSimulation);
    console.log(tellHunt(mutation, found));
    expect(found.caught, tellHunt(mutation, found)).not.toBeNull();
  }, HOUR);
});
