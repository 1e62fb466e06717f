import { SubgraphFailure, type SubgraphCall } from '../execution/subgraph-client.ts';

/** What a call ends with whose signal was aborted: the caller is gone, or its deadline has passed. Neither is the subgraph's doing. */
export function callerLeft({ deadlineAtMs }: SubgraphCall, nowMs: number): SubgraphFailure {
  const late = deadlineAtMs !== null && nowMs >= deadlineAtMs;
  return late
    ? new SubgraphFailure('UPSTREAM_TIMEOUT', 'The deadline passed before the subgraph answered.', { reason: 'DEADLINE' })
    : new SubgraphFailure('UPSTREAM_TIMEOUT', 'The caller left before the subgraph answered.', { reason: 'CALLER_LEFT' });
}
