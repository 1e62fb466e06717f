import type { PricePort } from '../../../domain/connector.ts';
import type { PriceRule } from '../../../domain/pricing.ts';
import type { Feed, FeedRunner } from '../../../platform/feed.ts';
import { askSource } from '../../../platform/feed-call.ts';
import { isUnstorable } from '../../frame/mirror-table.ts';
import { keepAnswer, keepFailure, readWatch, rememberListed, settleMark, type WatchState } from './removal-store.ts';

type RuleFeed = Pick<Feed<PriceRule>, 'apply'> & Required<Pick<Feed, 'finishFullPass' | 'finishPass'>>;

/**
 * A delta lists what was written, never what is gone: a contract price would outlive its rule until the daily pass. So the
 * source is asked whether anything is missing, once a minute and after a hint at once, and the pass is a full one if so.
 * That judges removals as ever; one the guard keeps is gone at the source all the same, so the mark moves on and it is not
 * found again.
 */
export function watchRemovals(feed: RuleFeed, find: NonNullable<PricePort['findRemovedRules']>): RuleFeed & Required<Pick<Feed, 'owesFullPass'>> {
  return {
    ...feed,
    apply: async (tx, records) => {
      await rememberListed(tx, records.map(({ reference }) => reference).filter((reference) => !isUnstorable({ reference })));
      return feed.apply(tx, records);
    },
    finishFullPass: async (tx, passStartedAt) => {
      const removed = await feed.finishFullPass(tx, passStartedAt);
      await settleMark(tx);
      return removed;
    },
    owesFullPass: async (runner, { full, hinted }, stopping) => {
      const state = await readWatch(runner.database);
      // Known already, and not yet its turn: what changed is read meanwhile.
      if (state.fullOwed && state.resting && !full) return false;
      const opensFull = full || state.fullOwed;
      const urgent = opensFull || (hinted && !state.failing);
      if (!urgent && !state.due) return false;
      const owed = await ask(runner, find, { state, opensFull }, stopping);
      return state.fullOwed || (owed && !state.resting);
    },
  };
}

interface Opening {
  readonly state: WatchState;
  /** The pass is a full one whatever is answered: the answer's mark is all that counts. */
  readonly opensFull: boolean;
}

/** Whether rules are gone. No answer is none to act on: the delta is read as ever, and asked for again in a minute. */
async function ask(runner: FeedRunner, find: NonNullable<PricePort['findRemovedRules']>, { state, opensFull }: Opening, stopping: AbortSignal): Promise<boolean> {
  const { database, log } = runner;
  const { mark, listed } = state;
  try {
    const answer = await askSource(runner, stopping, (call) => find({ mark, listed }, { ...call, lane: 'FEED' }));
    // Without a mark nobody knows what went before: only a full pass does.
    const owesFull = opensFull || answer.removed || mark === null;
    await keepAnswer(database, state, answer, owesFull);
    if (answer.removed) log.info({}, 'price rules are gone from their source: the pass is a full one');
    return owesFull;
  } catch (error) {
    stopping.throwIfAborted();
    const { message } = error as Error;
    log.warn({ error: message }, 'the source does not say whether price rules were deleted; what changed is read as ever');
    await keepFailure(database, message);
    return false;
  }
}
