import { Failure } from '../domain/failure.ts';
import type { CallBudgets } from '../platform/call/budget.ts';
import type { Clock } from '../platform/clock.ts';
import { readJsonFile, type Config } from '../platform/config.ts';
import type { Log } from '../platform/log.ts';
import { sandboxConnections } from './sandbox-connections.ts';
import { loadSources, type Sources } from './sources.ts';

export interface OpenSourcesOptions {
  readonly config: Pick<Config, 'CONNECTIONS_FILE' | 'secret'>;
  readonly clock: Clock;
  readonly log: Log;
  /** Base of a sandbox to use where no CONNECTIONS_FILE is given. */
  readonly sandboxUrl: string | null;
  /** Where the connectors' requests are counted, over all processes; left out: in each connector alone. */
  readonly budgets?: CallBudgets | undefined;
}

/** Opens what CONNECTIONS_FILE describes, else the sandbox vendors. @throws Failure MISCONFIGURED */
export async function openSources({ config, clock, log, sandboxUrl, budgets }: OpenSourcesOptions): Promise<Sources> {
  const described = config.CONNECTIONS_FILE === undefined ? null : readJsonFile(config.CONNECTIONS_FILE);
  const connections = described ?? (sandboxUrl === null ? null : sandboxConnections(sandboxUrl));
  if (connections === null) throw new Failure('MISCONFIGURED', 'no ERP and no PIM: set CONNECTIONS_FILE to a connections file, or SANDBOX_URL to a running sandbox', { field: ['CONNECTIONS_FILE'] });
  return loadSources(connections, { log, clock, secrets: config.secret, budgets });
}
