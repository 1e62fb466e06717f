import { Failure } from '../../../../domain/failure.ts';
import type { Network } from '../../world/network.ts';
import type { Random } from '../../world/random.ts';
import type { Scheduler } from '../../world/scheduler.ts';
import { DEFAULT_SETTINGS } from '../../../../subgraphs/orders/settings.ts';
import type { ErpTemper } from './plan.ts';

/** The way to the ERP and back. */
export interface ErpLine {
  /** @throws Failure in every way an ERP may fail; or never answers. What was carried out by then stays. */
  ask<T>(what: string, work: () => T): Promise<T>;
  /** Whether nobody answers at the other end. */
  isDown(): boolean;
}

export interface ErpLineOptions {
  readonly scheduler: Scheduler;
  readonly network: Network;
  readonly random: Random;
  /** Nothing goes wrong while it is null. */
  readonly temper: () => ErpTemper | null;
  /** What the outage is counted from. */
  readonly beganAtMs: number;
}

const silence = (): Promise<never> => new Promise(() => undefined);
const unavailable = (message: string, unprocessed: boolean): Failure => new Failure('UPSTREAM_UNAVAILABLE', `${message} (simulated)`, { system: 'erp', unprocessed });

const carryOut = (_what: string, work: () => unknown): void => {
  try {
    work();
  } catch {
    // Nobody hears of a refusal.
  }
};

/**
 * How a call may end. LATE: after its caller has given up, while the ERP may still be at work on it. After RESET and
 * GATEWAY_ERROR nobody knows whether it was, is, or will never be.
 */
const FATES = ['LOST', 'RESET', 'REFUSED_CONNECTION', 'BUSY', 'UNHEARD', 'GATEWAY_ERROR', 'GATEWAY_ERROR', 'MALFORMED', 'LATE', 'LATE'] as const;
type Fate = (typeof FATES)[number];

const SLUGGISH_MS = [100, 4_000] as const;
const { callTimeoutMs, settleAfterSilenceMs } = DEFAULT_SETTINGS.submission;

export function createErpLine({ scheduler, network, random, temper, beganAtMs }: ErpLineOptions): ErpLine {
  const isDown = (): boolean => {
    const outage = temper()?.outage;
    const sinceMs = scheduler.now() - beganAtMs;
    return outage != null && sinceMs >= outage.fromMs && sinceMs < outage.untilMs;
  };
  const late = (what: string, work: () => unknown, askedAtMs: number): void => {
    // It may be held back, by a budget or on its way, for as long as anybody waits for it, and then the ERP works on it.
    const atMs = askedAtMs + callTimeoutMs + (random.chance(0.4) ? settleAfterSilenceMs - 1 : random.int(0, settleAfterSilenceMs - 1));
    scheduler.at(atMs, () => {
      scheduler.note(() => `ERP: ${what} arrives ${atMs - askedAtMs} ms late`);
      carryOut(what, work);
    });
  };
  const meet = <T>(fate: Fate, what: string, work: () => T, askedAtMs: number): Promise<T> => {
    scheduler.note(() => `ERP: ${what} meets ${fate}`);
    if (fate === 'LOST') return silence();
    if (fate === 'REFUSED_CONNECTION') throw unavailable('the connection was refused', true);
    if (fate === 'BUSY') throw new Failure('UPSTREAM_RATE_LIMITED', 'too many requests (simulated)', { system: 'erp', retryAfterMs: random.int(100, 5_000) });
    if (fate === 'LATE') {
      late(what, work, askedAtMs);
      return silence();
    }
    if (fate === 'RESET' || fate === 'GATEWAY_ERROR') {
      if (!isDown() && random.chance(0.7)) (random.chance(0.5) ? late : carryOut)(what, work, askedAtMs);
      throw unavailable(fate === 'RESET' ? 'the connection was reset' : '504 of a proxy', false);
    }
    work();
    if (fate === 'UNHEARD') return silence();
    throw new Failure('UPSTREAM_MALFORMED', 'no JSON (simulated)', { system: 'erp' });
  };
  return {
    isDown,
    ask: async (what, work) => {
      const askedAtMs = scheduler.now();
      await network.pause(random.chance(temper()?.sluggishness ?? 0) ? random.int(...SLUGGISH_MS) : random.int(1, 60));
      if (isDown()) return meet(random.pick(['LOST', 'REFUSED_CONNECTION', 'RESET']), what, work, askedAtMs);
      if (random.chance(temper()?.trouble ?? 0)) return meet(random.pick(FATES), what, work, askedAtMs);
      const answer = work();
      await network.pause(random.int(1, 60));
      return answer;
    },
  };
}
