import type { SubgraphDependencies } from '../../frame/module.ts';
import type { OrdersSettings } from '../settings.ts';

export interface SubmissionTools extends SubgraphDependencies {
  readonly settings: OrdersSettings;
  /** Aborted when the process stops. */
  readonly signal: AbortSignal;
}
