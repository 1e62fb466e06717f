import type { Database } from '../../../../platform/stores/sql.ts';
import type { Life } from '../../world/life.ts';
import type { Random } from '../../world/random.ts';
import type { Scheduler } from '../../world/scheduler.ts';

/** Advisory locks of all processes by name; whose each is. */
export type LockTable = Map<string, object>;

export interface LockOptions {
  readonly locks: LockTable;
  readonly life: Life;
  readonly scheduler: Scheduler;
  readonly random: Random;
  readonly lossiness: () => number;
}

/** Locks that live as long as a connection does: lost with their process, and now and then while its work goes on. */
export function createLocks({ locks, life, scheduler, random, lossiness }: LockOptions): Database['tryWithLock'] {
  return async (name, work) => {
    if (locks.has(name)) return null;
    const holder = {};
    locks.set(name, holder);
    const letGo = (): void => void (locks.get(name) === holder && locks.delete(name));
    life.onEnd(letGo);
    if (random.chance(lossiness())) {
      scheduler.at(scheduler.now() + random.pick([0, 0, 30, 150, 2_000, 16_000]), () => {
        if (locks.get(name) === holder) scheduler.note(() => `the lock ${name} is lost`);
        letGo();
      });
    }
    try {
      return await work();
    } finally {
      letGo();
    }
  };
}
