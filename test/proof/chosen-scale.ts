import { FULL, TASTE, type Scale } from './scale.ts';

/** Among the other tests a taste; PROOF=full runs all of it, as CI does. */
export const chosenScale = (): Scale => (process.env['PROOF'] === 'full' ? FULL : TASTE);
