import { describe, expect, it } from 'vitest';
import { chosenScale } from './chosen-scale.ts';
import { MUTATIONS } from './mutations/mutations.ts';
import { checkApplies, hunt, tellHunt } from './mutations/run.ts';

const { seedsPerMutation } = chosenScale();
const HOURS = 3 * 3_600_000;

describe('planted bugs', () => {
  it.each(MUTATIONS)('$name fits the source it is to mutate', (mutation) => {
    expect(() => checkApplies(mutation)).not.toThrow();
  });

  // Minutes of work: only where all of the proof is run.
  it.each(seedsPerMutation > 0 ? MUTATIONS : [])('$name is caught', async (mutation) => {
    const found = await hunt(mutation, seedsPerMutation);
    console.log(tellHunt(mutation, found));
    expect(found.caught, tellHunt(mutation, found)).not.toBeNull();
  }, HOURS);
});
