import type { Random } from './random.ts';
import { realTimers } from './real-time.ts';
import { describe } from './trace.ts';
import type { Sessions } from './sessions.ts';
import { settleBlocked, startStatement, type PendingStatement, type RunningStatement } from './statements.ts';
import { START_MS } from './virtual-time.sql.ts';

interface Timer {
  readonly id: number;
  readonly atMs: number;
  readonly fire: () => void;
}

export interface Scheduler {
  /** Virtual milliseconds since the Unix epoch. */
  now(): number;
  submit(statement: PendingStatement): void;
  /** Calls back when virtual time has come so far. */
  at(atMs: number, fire: () => void): number;
  cancel(timer: number): void;
  /** Takes steps until the promise settles. @throws what it rejects with; Error when nothing could happen any more */
  run<T>(until: Promise<T>): Promise<T>;
  /** Adds a line to the trace. */
  note(line: () => string): void;
  readonly steps: number;
  trace(): readonly string[];
}

export interface SchedulerOptions {
  readonly sessions: Sessions;
  readonly random: Random;
  /** Called after each step that may have changed what others see. */
  readonly afterChange: () => Promise<void>;
  /** Chance that a step lets time jump to the next timer although statements are waiting: a process that was slow. */
  readonly jumpiness: () => number;
}

/** All of JavaScript that can run now has run: every process waits for a statement, a timer or the network. */
const settled = async (): Promise<void> => {
  for (let round = 0; round < 3; round += 1) await new Promise<void>((done) => realTimers.setImmediate(() => done()));
};

const MAX_STEPS = 20_000;
/** Longer than any hold lives; a process that stood still for longer is one that died. */
const MAX_JUMP_MS = 11_000;

/** Picks, by the seed alone, what happens next: a statement is sent, or time passes. */
export function createScheduler({ sessions, random, afterChange, jumpiness }: SchedulerOptions): Scheduler {
  let nowMs = START_MS;
  let databaseMs = -1;
  let timerId = 0;
  const ready: PendingStatement[] = [];
  let blocked: RunningStatement[] = [];
  const timers = new Map<number, Timer>();
  const trace: (() => string)[] = [];

  const note = (line: () => string): void => {
    const atMs = nowMs - START_MS;
    trace.push(() => `${String(atMs).padStart(7)} ms  ${line()}`);
  };
  const tellDatabase = async (): Promise<void> => {
    if (databaseMs === nowMs) return;
    await sessions.monitor.query({ name: 'time', text: 'update sim.clock set at = $1', values: [new Date(nowMs)] });
    databaseMs = nowMs;
  };
  const deliver = (finished: readonly RunningStatement[]): void => {
    for (const { statement, outcome } of finished) {
      if (outcome!.ok) statement.resolve(outcome!.result);
      else statement.reject(outcome!.error);
    }
  };
  const send = async (statement: PendingStatement): Promise<void> => {
    await tellDatabase();
    const running = await startStatement(statement, sessions.monitor);
    const { outcome } = running;
    note(() => describe(running, outcome));
    if (!outcome) {
      blocked.push(running);
      return;
    }
    if (!statement.endsTransaction && outcome.ok) return deliver([running]);
    // Nobody is told anything before it is settled who got through: how long that takes must decide nothing.
    const finished = [running];
    if (blocked.length > 0) {
      const woken = await settleBlocked(blocked, sessions.monitor);
      blocked = blocked.filter((one) => !woken.includes(one));
      for (const one of woken) note(() => `got its lock: ${describe(one, one.outcome)}`);
      finished.push(...woken);
    }
    deliver(finished);
    await settled();
    await afterChange();
  };
  const nextTimer = (): Timer | null => {
    let next: Timer | null = null;
    for (const timer of timers.values()) if (!next || timer.atMs < next.atMs || (timer.atMs === next.atMs && timer.id < next.id)) next = timer;
    return next;
  };
  const passTime = (): void => {
    const timer = nextTimer();
    if (!timer) throw new Error(`nothing can happen any more: ${blocked.map(({ statement }) => `${statement.who} waits for a lock`).join(', ') || 'no statement, no timer'}`);
    timers.delete(timer.id);
    nowMs = Math.max(nowMs, timer.atMs);
    timer.fire();
  };
  const step = async (): Promise<void> => {
    if (random.chance(0.3)) nowMs += random.int(0, 6);
    const aheadMs = (nextTimer()?.atMs ?? Infinity) - nowMs;
    if (ready.length === 0 || aheadMs <= 0 || (aheadMs <= MAX_JUMP_MS && random.chance(jumpiness()))) passTime();
    else {
      const [statement] = ready.splice(random.int(0, ready.length - 1), 1);
      await send(statement!);
    }
    await settled();
  };

  const scheduler = {
    steps: 0, note,
    trace: () => trace.map((line) => line()),
    now: () => nowMs,
    submit: (statement: PendingStatement) => void ready.push(statement),
    at: (atMs: number, fire: () => void) => {
      timerId += 1;
      timers.set(timerId, { id: timerId, atMs, fire });
      return timerId;
    },
    cancel: (timer: number) => void timers.delete(timer),
    run: async <T>(until: Promise<T>): Promise<T> => {
      let over = false;
      until.then(() => (over = true), () => (over = true));
      await settled();
      while (!over) {
        scheduler.steps += 1;
        if (scheduler.steps > MAX_STEPS) throw new Error(`no end after ${MAX_STEPS} steps`);
        await step();
      }
      return until;
    },
  };
  return scheduler;
}
