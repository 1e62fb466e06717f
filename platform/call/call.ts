import { breaker } from './breaker.ts';
import type { CallBudget, CallBudgets } from './budget.ts';
import { createMemoryBudgets } from './budgets.ts';
import type { Attempt, CallRequest, Policy, PolicyTools } from './policy.ts';
import { retry } from './retry.ts';
import { timeout } from './timeout.ts';
import { traced } from './traced.ts';

export interface CallPolicy {
  /** One attempt. */
  readonly timeoutMs: number;
  readonly attempts: number;
  readonly baseDelayMs: number;
  readonly maxDelayMs: number;
  /** Of all processes that share the budget. */
  readonly maxConcurrency: number;
  readonly maxQueued: number;
  /** Of all processes that share the budget; null = no limit of our own. */
  readonly requestsPerMinute: number | null;
  readonly breakAfter: number;
  readonly breakForMs: number;
}

export const DEFAULT_CALL_POLICY: CallPolicy = {
  timeoutMs: 10_000,
  attempts: 3,
  baseDelayMs: 100,
  maxDelayMs: 5_000,
  maxConcurrency: 8,
  maxQueued: 1_000,
  requestsPerMinute: null,
  breakAfter: 5,
  breakForMs: 10_000,
};

/** One per target: the breaker keeps its state in it, the budget is shared. */
export type Caller = <T>(request: CallRequest, attempt: Attempt<T>) => Promise<T>;

export interface CallerTools extends PolicyTools {
  /** Where the count is kept; left out: in this caller alone. */
  readonly budgets?: CallBudgets | undefined;
  /** Which system `target` is, for processes that share its budget; `target` unless told. */
  readonly address?: string;
}

/** Folds policies around an attempt, the first outermost. */
export const fold = (policies: readonly Policy[]): Caller => (request, attempt) =>
  policies.reduceRight<typeof attempt>((next, policy) => (inner) => policy(inner, next), attempt)(request);

const budgeted = (budget: CallBudget): Policy => async (request, next) => {
  const giveBack = await budget.take(request);
  try {
    return await next(request);
  } finally {
    giveBack();
  }
};

/**
 * An attempt is one request: the budget counts attempts. Retry is outermost, so that a waiting call holds no place; the
 * timeout is innermost, so that waiting for the budget is not taken for the target's silence.
 */
export function createCaller(target: string, policy: CallPolicy, { budgets, address = target, ...tools }: CallerTools): Caller {
  const { maxConcurrency, requestsPerMinute, timeoutMs: callTimeoutMs, maxQueued } = policy;
  const shared = budgets ?? createMemoryBudgets(tools);
  return fold([
    traced(target),
    retry(policy, tools),
    budgeted(shared.open({ source: target, address }, { maxConcurrency, requestsPerMinute, callTimeoutMs }, maxQueued)),
    breaker({ target, breakAfter: policy.breakAfter, breakForMs: policy.breakForMs }),
    timeout(policy.timeoutMs, tools),
  ]);
}
