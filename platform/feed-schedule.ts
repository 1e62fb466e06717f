import { recordFeedError, runFeedPass, type Feed, type FeedRunner, type PassKind } from './feed.ts';

export interface FeedSchedule {
  /** Runs the feed now rather than at its next turn: a webhook hinted that something changed. */
  wake(feed: string): void;
  /** Every feed reads its source whole at once, and retires what is no longer there; a pass under way ends first. */
  resync(options: { readonly confirmRemovals: boolean }): void;
  /** Resolves when every feed has completed a pass, this time or in an earlier run. */
  readonly ready: Promise<void>;
  stop(): Promise<void>;
}

const MAX_BACKOFF_MS = 60_000;
/** A hint that met another process at the feed asks again this soon: that process may have read past what the hint is about. */
const ELSEWHERE_MS = 100;

/** Keeps feeds running at their interval, each on its own; a failing feed backs off and does not stop the others. */
export function startFeeds(runner: FeedRunner, feeds: readonly Feed[]): FeedSchedule {
  const controller = new AbortController();
  const loops = feeds.map((feed) => startLoop(runner, feed, controller.signal));
  return {
    wake: (name) => loops.find((loop) => loop.name === name)?.wake('DUE'),
    resync: ({ confirmRemovals }) => loops.forEach((loop) => loop.wake(confirmRemovals ? 'FULL_WITH_REMOVALS' : 'FULL')),
    ready: Promise.all(loops.map((loop) => loop.firstPass)).then(() => undefined),
    stop: async () => {
      controller.abort(new Error('stopping'));
      await Promise.all(loops.map((loop) => loop.finished));
    },
  };
}

interface FeedLoop {
  readonly name: string;
  wake(pass: PassKind): void;
  readonly firstPass: Promise<void>;
  readonly finished: Promise<void>;
}

function startLoop(runner: FeedRunner, feed: Feed, signal: AbortSignal): FeedLoop {
  let announceFirst: () => void = () => undefined;
  let hinted = false;
  let asked: PassKind = 'DUE';
  let unheard = false;
  // A hint while a pass runs may be of what that pass has read already: it is remembered for the next turn.
  const remember = (): void => {
    hinted = true;
  };
  let wakeUp = remember;
  const firstPass = new Promise<void>((done) => (announceFirst = done));
  const sleep = (ms: number): Promise<void> =>
    new Promise((done) => {
      const timer = setTimeout(() => wakeUp(), hinted ? 0 : ms);
      hinted = false;
      wakeUp = () => {
        clearTimeout(timer);
        wakeUp = remember;
        done();
      };
    });
  signal.addEventListener('abort', () => wakeUp());

  const loop = async (): Promise<void> => {
    let failures = 0;
    while (!signal.aborted) {
      const kind = asked;
      asked = 'DUE';
      const wasHinted = unheard;
      unheard = false;
      const outcome = await runOnce(runner, feed, signal, kind === 'DUE' && wasHinted ? 'HINTED' : kind);
      // Not done yet when it failed, or while another process holds the feed.
      if (asked === 'DUE' && outcome !== 'applied') asked = kind;
      failures = outcome === 'failed' ? failures + 1 : 0;
      if (outcome !== 'failed') announceFirst();
      if (outcome === 'elsewhere' && wasHinted) unheard = true;
      const backoffMs = Math.min(feed.intervalMs * 2 ** Math.min(failures, 10), Math.max(MAX_BACKOFF_MS, feed.intervalMs));
      const restMs = unheard ? Math.min(ELSEWHERE_MS, feed.intervalMs) : failures === 0 ? feed.intervalMs : backoffMs;
      if (!signal.aborted) await sleep(restMs);
    }
  };
  return {
    name: feed.name,
    wake: (kind) => {
      if (kind === 'DUE') unheard = true;
      else asked = kind;
      wakeUp();
    },
    firstPass,
    finished: loop(),
  };
}

/** `elsewhere`: another process holds the feed's lock, and keeps it up to date. */
async function runOnce(runner: FeedRunner, feed: Feed, signal: AbortSignal, kind: PassKind): Promise<'applied' | 'elsewhere' | 'failed'> {
  try {
    const report = await runFeedPass(runner, feed, signal, kind);
    if (report && (report.rowsChanged > 0 || report.rowsRejected > 0)) {
      runner.log.info({ feed: `${runner.schema}.${feed.name}`, ...report }, 'feed pass applied');
    }
    return report ? 'applied' : 'elsewhere';
  } catch (error) {
    if (signal.aborted) return 'failed';
    const message = (error as Error).message;
    runner.log.warn({ feed: `${runner.schema}.${feed.name}`, error: message }, 'feed pass failed; will resume from its checkpoint');
    await recordFeedError(runner, feed.name, message).catch(() => undefined);
    return 'failed';
  }
}
