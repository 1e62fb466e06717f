import type { SubgraphCall, SubgraphRequest, SubrequestLane } from '../execution/subgraph-client.ts';

/** Which subrequests are the checkout's. */
export interface Lanes {
  laneOf(request: SubgraphRequest, call: SubgraphCall): SubrequestLane;
  /** What is asked under this scope's signal is checkout work, reads too: for whoever judges whole operations. */
  favour(signal: AbortSignal): void;
}

/** A mutation, what is read for its answer afterwards, and what was favoured. */
export function createLanes(): Lanes {
  // All subrequests of one execution are called under one signal; no other mark goes with them.
  const favoured = new WeakSet<AbortSignal>();
  const isFavoured = ({ signal, context }: SubgraphCall): boolean => {
    const asked = (context as { readonly signal?: AbortSignal } | null | undefined)?.signal;
    return favoured.has(signal) || (asked !== undefined && favoured.has(asked));
  };
  return {
    laneOf: ({ operationKind }, call) => {
      if (operationKind === 'mutation') favoured.add(call.signal);
      if (operationKind === 'subscription') return 'EVENTS';
      return isFavoured(call) ? 'CHECKOUT' : 'BROWSING';
    },
    favour: (signal) => void favoured.add(signal),
  };
}
