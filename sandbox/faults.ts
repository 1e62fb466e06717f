import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { setTimeout as delay } from 'node:timers/promises';
import { Rejection } from './engine/part.ts';
import { targetOf, type Target } from './target.ts';

/** What goes wrong. `...AfterProcessing`: the state has changed, the caller does not hear of it. */
type FaultKind =
  | { readonly kind: 'latency'; readonly latencyMs: number }
  | { readonly kind: 'timeout' }
  | { readonly kind: 'timeoutAfterProcessing' }
  | { readonly kind: 'status'; readonly status: number; readonly retryAfterSeconds?: number }
  | { readonly kind: 'dropBefore' }
  | { readonly kind: 'dropAfterProcessing' }
  | { readonly kind: 'malformed' }
  | { readonly kind: 'html'; readonly status?: number };

/** One knob: which calls, how often, what. Absent match fields match everything; `path` and `model` may end in `*`. */
export type FaultRule = FaultKind & {
  readonly match?: { readonly face?: string; readonly model?: string; readonly method?: string; readonly path?: string };
  /** How many calls it hits before it is used up; absent = all. */
  readonly times?: number;
  /** Share of matching calls it hits, 0..1, drawn from a generator seeded with `seed`; absent = all. */
  readonly probability?: number;
  readonly seed?: number;
};

interface FaultState {
  readonly id: number;
  readonly rule: FaultRule;
  readonly hits: number;
}

export interface Faults {
  add(rule: FaultRule): FaultState;
  remove(id: number): boolean;
  clear(): void;
  list(): readonly FaultState[];
  /** The first rule that hits this call; counts the hit. */
  take(target: Target): FaultRule | null;
}

const KINDS = ['latency', 'timeout', 'timeoutAfterProcessing', 'status', 'dropBefore', 'dropAfterProcessing', 'malformed', 'html'];

export function createFaults(): Faults {
  const held = new Map<number, { rule: FaultRule; hits: number; random: () => number }>();
  let lastId = 0;
  const stateOf = (id: number): FaultState => ({ id, rule: held.get(id)!.rule, hits: held.get(id)!.hits });
  return {
    add: (rule) => {
      checkRule(rule);
      lastId += 1;
      held.set(lastId, { rule, hits: 0, random: generator(rule.seed ?? lastId) });
      return stateOf(lastId);
    },
    remove: (id) => held.delete(id),
    clear: () => held.clear(),
    list: () => [...held.keys()].map(stateOf),
    take: (target) => {
      for (const fault of held.values()) {
        const { rule } = fault;
        if (fault.hits >= (rule.times ?? Infinity) || !matches(rule.match ?? {}, target)) continue;
        if (rule.probability !== undefined && fault.random() >= rule.probability) continue;
        fault.hits += 1;
        return rule;
      }
      return null;
    },
  };
}

function checkRule(rule: FaultRule): void {
  if (!KINDS.includes(rule.kind)) throw new Rejection('invalid', `kind must be one of ${KINDS.join(', ')}, got ${String(rule.kind)}`);
  if (rule.kind === 'latency' && !(rule.latencyMs >= 0)) throw new Rejection('invalid', 'latency needs latencyMs, a number of milliseconds');
  if (rule.kind === 'status' && !(rule.status >= 400 && rule.status <= 599)) throw new Rejection('invalid', 'status needs a status from 400 to 599');
}

function matches(match: NonNullable<FaultRule['match']>, target: Target): boolean {
  const fits = (wanted: string | undefined, actual: string): boolean =>
    wanted === undefined || wanted === actual || (wanted.endsWith('*') && actual.startsWith(wanted.slice(0, -1)));
  return fits(match.face, target.face) && fits(match.model, target.model) && fits(match.method, target.method) && fits(match.path, target.path);
}

/** Mulberry32: the same seed hits the same calls in every run. */
function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Puts the knobs around every route registered after it, except the control paths. */
export function registerFaults(app: FastifyInstance, faults: Faults): void {
  const after = new WeakMap<FastifyRequest, FaultRule>();
  app.addHook('preHandler', async (request, reply) => {
    const target = targetOf(request);
    const rule = target === null ? null : faults.take(target);
    if (rule === null) return;
    if (!(await applyBefore(rule, request, reply))) after.set(request, rule);
  });
  app.addHook('onSend', (request, reply, payload, done) => {
    const rule = after.get(request);
    done(null, rule === undefined ? payload : applyAfter(rule, request, reply, payload));
  });
}

/** True when nothing is left to do once the answer is ready. */
async function applyBefore(rule: FaultRule, request: FastifyRequest, reply: FastifyReply): Promise<boolean> {
  if (rule.kind === 'latency') return delay(rule.latencyMs, true);
  if (rule.kind === 'timeout') reply.hijack();
  else if (rule.kind === 'dropBefore') {
    reply.hijack();
    request.raw.socket.destroy();
  } else if (rule.kind === 'status') {
    if (rule.retryAfterSeconds !== undefined) void reply.header('retry-after', String(rule.retryAfterSeconds));
    await reply.code(rule.status).type('application/json; charset=utf-8').send(JSON.stringify({ code: rule.status, message: `The sandbox was told to answer ${String(rule.status)}` }));
  } else return false;
  return true;
}

const PAGE = '<!DOCTYPE html><html><head><title>502 Bad Gateway</title></head><body><h1>Bad Gateway</h1><p>nginx</p></body></html>';

function applyAfter(rule: FaultRule, request: FastifyRequest, reply: FastifyReply, payload: unknown): unknown {
  if (rule.kind === 'dropAfterProcessing') request.raw.socket.destroy();
  if (rule.kind === 'timeoutAfterProcessing') reply.hijack();
  if (rule.kind === 'html') {
    void reply.code(rule.status ?? 502).type('text/html; charset=utf-8').removeHeader('content-length');
    return PAGE;
  }
  if (rule.kind !== 'malformed') return payload;
  void reply.removeHeader('content-length');
  const text = typeof payload === 'string' ? payload : '{"';
  return text.slice(0, Math.max(1, Math.floor(text.length / 2))).concat('…');
}
