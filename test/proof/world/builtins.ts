import crypto from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';
import timers from 'node:timers/promises';
import type { Random } from './random.ts';
import { isOutsideTheWorld } from './real-time.ts';
import type { Scheduler } from './scheduler.ts';

/** What the code under proof asks of the machine by itself: time-outs, pauses, identifiers, jitter. */
export interface Simulated {
  readonly scheduler: Scheduler;
  readonly random: Random;
}

let current: Simulated | null = null;

/** Whose time and chance the built-in functions answer with from here on. */
export function simulate(simulated: Simulated): void {
  current = simulated;
}

const handles = new Map<object, { timer: number }>();

function schedule(fire: () => void, ms: number, repeats: boolean): object {
  const { scheduler } = current!;
  const handle = { unref: () => handle, ref: () => handle, hasRef: () => true };
  const plan = (): void => {
    handles.set(handle, { timer: scheduler.at(scheduler.now() + Math.max(1, ms), tick) });
  };
  const tick = (): void => {
    handles.delete(handle);
    fire();
    if (repeats) plan();
  };
  plan();
  return handle;
}

function cancel(handle: unknown): void {
  const planned = handles.get(handle as object);
  if (!planned) return;
  handles.delete(handle as object);
  current!.scheduler.cancel(planned.timer);
}

const hex = (random: Random, digits: number): string => Array.from({ length: digits }, () => random.int(0, 15).toString(16)).join('');

/**
 * Puts virtual time and seeded chance behind the built-ins, once a process, before the code under proof is loaded. Only
 * for a process that does nothing else: nobody's timer runs by the machine's clock afterwards.
 */
export function replaceBuiltins(): void {
  Object.assign(globalThis, {
    setTimeout: (fire: (...args: unknown[]) => void, ms = 0, ...args: unknown[]) => schedule(() => fire(...args), ms, false),
    setInterval: (fire: (...args: unknown[]) => void, ms = 0, ...args: unknown[]) => schedule(() => fire(...args), ms, true),
    clearTimeout: cancel,
    clearInterval: cancel,
  });
  AbortSignal.timeout = (ms) => {
    const controller = new AbortController();
    schedule(() => controller.abort(new DOMException('The operation was aborted due to timeout', 'TimeoutError')), ms, false);
    return controller.signal;
  };
  Math.random = () => current!.random.next();
  crypto.randomUUID = () => {
    const { random } = current!;
    return `${hex(random, 8)}-${hex(random, 4)}-4${hex(random, 3)}-8${hex(random, 3)}-${hex(random, 12)}`;
  };
  crypto.randomFillSync = (<T extends Uint8Array>(buffer: T): T => {
    for (let index = 0; index < buffer.length; index += 1) buffer[index] = current!.random.int(0, 255);
    return buffer;
  }) as typeof crypto.randomFillSync;
  const { randomBytes } = crypto;
  crypto.randomBytes = ((size: number, ...rest: []) =>
    current === null || isOutsideTheWorld() ? randomBytes(size, ...rest) : Buffer.from(Array.from({ length: size }, () => current!.random.int(0, 255)))) as typeof crypto.randomBytes;
  timers.setTimeout = (<T>(ms: number, value: T) => new Promise<T>((done) => schedule(() => done(value), ms, false))) as typeof timers.setTimeout;
  syncBuiltinESMExports();
}
