import { Failure } from '../../../domain/failure.ts';
import type { Random } from './random.ts';
import type { Scheduler } from './scheduler.ts';

/** Between processes: everything takes a while there and a while back, and may be lost on either way. */
export interface Network {
  now(): number;
  pause(ms: number): Promise<void>;
  /** Does the work at the other end and brings the answer. @throws Failure UPSTREAM_TIMEOUT when one of them was lost */
  ask<T>(work: () => T | Promise<T>): Promise<T>;
}

export interface NetworkOptions {
  readonly scheduler: Scheduler;
  readonly random: Random;
  readonly lossiness: () => number;
}

export function createNetwork({ scheduler, random, lossiness }: NetworkOptions): Network {
  const pause = (ms: number): Promise<void> => new Promise((done) => scheduler.at(scheduler.now() + ms, done));
  // Mostly quick, now and then slower than anything else that happens.
  const way = (): Promise<void> => pause(random.chance(0.1) ? random.int(100, 4_000) : random.int(1, 40));
  const mayBeLost = async (): Promise<void> => {
    if (!random.chance(lossiness())) return;
    await way();
    throw new Failure('UPSTREAM_TIMEOUT', 'no answer (simulated)', { system: 'network' });
  };
  return {
    now: () => scheduler.now(),
    pause,
    ask: async (work) => {
      await way();
      await mayBeLost();
      const answer = await work();
      await way();
      await mayBeLost();
      return answer;
    },
  };
}
