import { registerEnumType } from 'type-graphql';
import type { Freshness } from '../../domain/inventory.ts';

/** How old a figure is; the same enum in every subgraph that shows one. */
export const GraphFreshness = { LIVE: 'LIVE', RECENT: 'RECENT', STALE: 'STALE' } as const satisfies { [K in Freshness]: K };

registerEnumType(GraphFreshness, {
  name: 'Freshness',
  description: 'How fresh a figure is.',
  valuesConfig: {
    LIVE: { description: 'Read from the owning system for this very request.' },
    RECENT: { description: 'From the read model, in step with the owning system as of `asOf`.' },
    STALE: { description: 'The owning system has been silent for longer than promised; the last known figure.' },
  },
});
