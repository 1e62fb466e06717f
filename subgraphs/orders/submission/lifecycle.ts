import type { Lifecycle } from '../../frame/lifecycle.ts';
import type { SubgraphDependencies } from '../../frame/module.ts';
import { reasonsOfOrders } from '../health.ts';
import { startPruning, type Pruning } from '../placing/pruning.ts';
import { startAlerts, type Alerts } from '../alerts/watch.ts';
import { startReleaseWorker } from '../resolution/release-stock.ts';
import type { OrdersSettings } from '../settings.ts';
import { startSubmissionWorker, type SubmissionWorker } from './worker.ts';

/** Adds to the moving parts what brings orders to the ERP, forgets old keys and looks for trouble. */
export function withSubmission(dependencies: SubgraphDependencies, settings: OrdersSettings, lifecycle: Lifecycle): Pick<Lifecycle, 'start' | 'health' | 'stop'> {
  const { database, clock, config, ports } = dependencies;
  const stopping = new AbortController();
  let worker: SubmissionWorker | null = null;
  let pruning: Pruning | null = null;
  let alerts: Alerts | null = null;
  return {
    start: async () => {
      await lifecycle.start();
      worker = await startSubmissionWorker({ ...dependencies, settings, signal: stopping.signal });
      await startReleaseWorker(dependencies);
      pruning = startPruning(dependencies, settings.policy);
      alerts = startAlerts(dependencies, settings.alerts);
    },
    health: async () => {
      const { ok, reasons } = await lifecycle.health();
      return { ok, reasons: [...reasons, ...(await reasonsOfOrders(database, clock, ports.port('orders')?.source).catch((error: Error) => [`how orders stand cannot be read: ${error.message}`]))] };
    },
    stop: async () => {
      await alerts?.stop();
      await pruning?.stop();
      await worker?.stop(config.DRAIN_TIMEOUT_MS / 2);
      stopping.abort(new Error('stopping'));
      await lifecycle.stop();
    },
  };
}
