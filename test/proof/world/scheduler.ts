import type { Random } from './random.ts';
import { createInFlight } from './in-flight.ts';
import { realTurn } from './real-time.ts';
import type { Sessions } from './sessions.ts';
import type { PendingStatement } from './statements.ts';
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
  /** Takes back what has not been sent yet. False: it has. */
  withdraw(statement: PendingStatement): boolean;
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
  /** As many transactions as may be open at a time. */
  readonly atOnce: number;
  /** Called after each step that may have changed what others see. */
  readonly afterChange: () => Promise<void>;
  /** Chance that a step lets time jump to the next timer although statements are waiting: a process that was slow. */
  readonly jumpiness: () => number;
  /** Statements that change what the rules are about; those of inventory unless told. */
  readonly writes?: RegExp;
}

/** Told of the time only what may ask for it: by itself, in a default of a column, in a function of the schema. */
const mayAskTime = (text: string): boolean => /_timestamp\(|now\(|insert into|inventory\.\w+\(/.test(text);

const MAX_STEPS = 20_000;
/** Longer than any hold lives; a process that stood still for longer is one that died. */
const MAX_JUMP_MS = 11_000;

/** Picks, by the seed alone, what happens next: a statement is sent, or time passes. */
export function createScheduler({ sessions, atOnce, random, afterChange, jumpiness, writes }: SchedulerOptions): Scheduler {
  let nowMs = START_MS;
  let databaseMs = -1;
  let timerId = 0;
  const ready: PendingStatement[] = [];
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
  const inFlight = createInFlight({ monitor: sessions.monitor, atOnce, note, ...(writes && { writes }) });
  const send = async (statement: PendingStatement): Promise<void> => {
    if (mayAskTime(statement.text)) await tellDatabase();
    if (!(await inFlight.send(statement))) return;
    await realTurn();
    await afterChange();
  };
  const nextTimer = (): Timer | null => {
    let next: Timer | null = null;
    for (const timer of timers.values()) if (!next || timer.atMs < next.atMs || (timer.atMs === next.atMs && timer.id < next.id)) next = timer;
    return next;
  };
  const passTime = (): void => {
    const timer = nextTimer();
    if (!timer) throw new Error(`nothing can happen any more: ${inFlight.waiting().map((who) => `${who} waits for a lock`).join(', ') || 'no statement, no timer'}`);
    timers.delete(timer.id);
    nowMs = Math.max(nowMs, timer.atMs);
    timer.fire();
  };
  const step = async (): Promise<void> => {
    if (random.chance(0.3)) nowMs += random.int(0, 6);
    const aheadMs = (nextTimer()?.atMs ?? Infinity) - nowMs;
    const mayBeSent = ready.filter(inFlight.mayBeSent);
    if (mayBeSent.length === 0 || aheadMs <= 0 || (aheadMs <= MAX_JUMP_MS && random.chance(jumpiness()))) passTime();
    else {
      const statement = random.pick(mayBeSent);
      ready.splice(ready.indexOf(statement), 1);
      await send(statement);
    }
    await realTurn();
  };

  const scheduler = {
    steps: 0, note,
    trace: () => trace.map((line) => line()),
    now: () => nowMs,
    submit: (statement: PendingStatement) => void ready.push(statement),
    withdraw: (statement: PendingStatement) => {
      const index = ready.indexOf(statement);
      if (index >= 0) ready.splice(index, 1);
      return index >= 0;
    },
    at: (atMs: number, fire: () => void) => {
      timerId += 1;
      timers.set(timerId, { id: timerId, atMs, fire });
      return timerId;
    },
    cancel: (timer: number) => void timers.delete(timer),
    run: async <T>(until: Promise<T>): Promise<T> => {
      let over = false;
      until.then(() => (over = true), () => (over = true));
      await realTurn();
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
