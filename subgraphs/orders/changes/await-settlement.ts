import { setTimeout as sleep } from 'node:timers/promises';
import { asFailure } from '../../../domain/failure.ts';
import type { RequestScope } from '../../frame/module.ts';
import { readChange } from './store.ts';
import type { ChangeTools } from './tools.ts';
import { workOnChange } from './work-on-change.ts';

/** Left for the answer itself. */
const MARGIN_MS = 250;

/**
 * Works on the change now, and waits as long as the caller may: for its end, for the first silence, or for whoever is at it
 * already. What is not over by then goes on by itself.
 */
export async function awaitSettlement(tools: ChangeTools, changeId: string, scope: Pick<RequestScope, 'deadlineAtMs' | 'signal'>): Promise<void> {
  const { database, clock, settings, log } = tools;
  const until = Math.min(clock.now() + settings.answerWithinMs, scope.deadlineAtMs - MARGIN_MS);
  const change = await readChange(database, changeId);
  if (!change || (change.state !== 'REQUESTED' && change.stock !== 'PENDING')) return;
  const work = workOnChange(tools, { changeId, attempt: change.attempts }).catch((error: unknown) => {
    log.warn({ change: changeId, error: asFailure(error).message }, 'a change is left to its job');
  });
  const over = new AbortController();
  await Promise.race([work, sleep(Math.max(0, until - clock.now()), null, { signal: over.signal }).catch(() => null)]);
  over.abort();
  while (clock.now() + settings.waitPollMs < until && !scope.signal.aborted) {
    const now = await readChange(database, changeId);
    if (now?.state !== 'REQUESTED' || now.attempts > change.attempts) return;
    await sleep(settings.waitPollMs);
  }
}
