import type { Log } from '../../../platform/log.ts';
import type { HoldTools } from './hold-tools.ts';
import { expireOverdue } from './transitions.ts';
import { MIN_TTL_SECONDS } from '../promise/input-checks.ts';

export interface ExpiryTimer {
  stop(): Promise<void>;
}

/** Half the shortest life of a hold: one placed since we looked cannot expire before we look again. */
const LOOK_AGAIN_MS = (MIN_TTL_SECONDS * 1_000) / 2;
const AFTER_FAILURE_MS = 1_000;

/**
 * Sleeps until the earliest expiry, by the database's clock, then releases and publishes. Nothing depends on it being
 * on time: availability ignores expired holds by itself. Several processes may run one each.
 */
export function startExpiryTimer(tools: Pick<HoldTools, 'database' | 'clock'>, log: Log): ExpiryTimer {
  let stopped = false;
  let wakeUp: () => void = () => undefined;
  const sleep = (ms: number): Promise<void> =>
    new Promise((done) => {
      const timer = setTimeout(done, ms);
      wakeUp = () => {
        clearTimeout(timer);
        done();
      };
    });

  const tick = async (): Promise<number> => {
    while ((await expireOverdue(tools)) > 0);
    const [next] = await tools.database.query<{ ms: string | null }>(
      `select ceil(extract(epoch from min(expires_at) - clock_timestamp()) * 1000) as ms from inventory.hold where state = 'HELD'`,
    );
    return Math.max(1, Math.min(LOOK_AGAIN_MS, next?.ms == null ? LOOK_AGAIN_MS : Number(next.ms)));
  };
  const loop = async (): Promise<void> => {
    while (!stopped) {
      const waitMs = await tick().catch((error: Error) => {
        log.warn({ error: error.message }, 'expired holds could not be released; they count for nobody meanwhile');
        return AFTER_FAILURE_MS;
      });
      if (!stopped) await sleep(waitMs);
    }
  };
  const finished = loop();
  return {
    stop: async () => {
      stopped = true;
      wakeUp();
      await finished;
    },
  };
}
