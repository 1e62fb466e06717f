import type { Sql } from '../../../platform/stores/sql.ts';
import { readStanding, type ParkedStanding } from './store-parked.ts';

const WORDS: Readonly<Record<ParkedStanding['state'], string>> = {
  PENDING: 'wait for approval',
  REJECTED: 'were rejected and are still what the source says: mend them there',
  EXPIRED: 'have expired undecided and are still what the source says: mend them there',
};

/** One sentence on each way in which old prices are served. */
export const reasonsOfGuard = async (sql: Sql): Promise<readonly string[]> =>
  (await readStanding(sql)).map(({ state, count, oldest }) => `${count} price change(s) ${WORDS[state]}, the oldest since ${oldest}; the old prices are served: pendingPriceChanges(filter: {state: ${state}})`);
