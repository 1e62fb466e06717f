import type { SubgraphDependencies } from '../../frame/module.ts';
import type { ChangeSettings } from './settings.ts';

export interface ChangeTools extends SubgraphDependencies {
  readonly settings: ChangeSettings;
  /** Aborted when the process stops. */
  readonly signal: AbortSignal;
}
