import type { RequestScope, SubgraphDependencies } from '../../frame/module.ts';
import type { OrdersSettings } from '../settings.ts';
import type { Placement } from './placement.ts';

export interface PlacementTools extends SubgraphDependencies {
  readonly settings: OrdersSettings;
  readonly holdTtlSeconds: number;
}

/** One request on its way: what was asked, by whom, and who wants the answer. */
export interface PlacementRequest {
  readonly placement: Placement;
  readonly customerNumber: string | null;
  readonly payloadHash: string;
  readonly scope: RequestScope;
}
