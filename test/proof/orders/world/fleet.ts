import { Failure } from '../../../../domain/failure.ts';
import type { Network } from '../../world/network.ts';
import type { Random } from '../../world/random.ts';
import type { Scheduler } from '../../world/scheduler.ts';
import { createLife, type Life } from '../../world/life.ts';
import type { OrdersProcess } from './process.ts';

/** The processes, each of which may die at any moment and comes again some time later. */
export interface Fleet {
  /** Those alive. */
  alive(): readonly OrdersProcess[];
  /** Asks one of them over the network. @throws Failure when nobody hears, or no answer comes, also because it died. */
  ask<T>(work: (process: OrdersProcess) => Promise<T>): Promise<T>;
  /** kill -9 of one of them. */
  kill(): void;
  /** Kills all of them for good, and waits until the database has rolled back what they had begun. */
  close(): Promise<void>;
}

export interface FleetOptions {
  readonly scheduler: Scheduler;
  readonly network: Network;
  readonly random: Random;
  readonly processes: number;
  /** Whether a process dies now. */
  readonly omen: () => boolean;
  readonly start: (slot: number, life: Life) => OrdersProcess;
  readonly onKill: (process: OrdersProcess) => void;
}

/** Longer than a placement may take. */
const PATIENCE_MS = 15_000;

export function createFleet(options: FleetOptions): Fleet {
  const { scheduler, network, random, start, onKill, omen } = options;
  const lives: Life[] = [];
  const slots: (OrdersProcess | null)[] = Array.from({ length: options.processes }, () => null);
  let closing = false;
  const launch = (slot: number): void => {
    const life = createLife(omen);
    lives.push(life);
    const process = start(slot, life);
    slots[slot] = process;
    life.onEnd(() => {
      slots[slot] = null;
      if (closing) return;
      scheduler.note(() => `${process.name} is killed`);
      onKill(process);
      scheduler.at(scheduler.now() + random.pick([1, 200, 5_000]), () => closing || launch(slot));
    });
  };
  const alive = (): OrdersProcess[] => slots.flatMap((process) => process ?? []);
  slots.forEach((_, slot) => launch(slot));
  return {
    alive,
    kill: () => {
      if (alive().length > 0) random.pick(alive()).life.end();
    },
    ask: (work) => network.ask(async () => {
      const process = random.pick(slots);
      if (!process) throw new Failure('UPSTREAM_UNAVAILABLE', 'the process is not there (simulated)', { system: 'process' });
      return impatient(scheduler, work(process));
    }),
    close: async () => {
      closing = true;
      for (const process of alive()) process.life.end();
      await Promise.all(lives.map((life) => life.buried()));
    },
  };
}

/** Who waits for a dead process gives up some time. */
function impatient<T>(scheduler: Scheduler, answer: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = scheduler.at(scheduler.now() + PATIENCE_MS, () => reject(new Failure('UPSTREAM_TIMEOUT', 'no answer (simulated)', { system: 'process' })));
    answer.then(resolve, reject).finally(() => scheduler.cancel(timer));
  });
}
