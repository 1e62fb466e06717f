import type { SubgraphCall, SubgraphRequest, SubrequestLane } from '../execution/subgraph-client.ts';

export type LaneOf = (request: SubgraphRequest, call: SubgraphCall) => SubrequestLane;

/** Which subrequests are the checkout's: those of an operation told to be, every mutation, and what is read for its answer afterwards. */
export function createLaneOf(): LaneOf {
  // All subrequests of one execution are called under one signal; no other mark goes with them.
  const changing = new WeakSet<AbortSignal>();
  return ({ operationKind }, { signal, lane }) => {
    if (operationKind === 'mutation') changing.add(signal);
    if (operationKind === 'subscription') return 'EVENTS';
    return changing.has(signal) ? 'CHECKOUT' : (lane ?? 'BROWSING');
  };
}
