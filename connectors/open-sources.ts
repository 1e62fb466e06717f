import { readFile } from 'node:fs/promises';
import { Failure } from '../domain/failure.ts';
import type { Clock } from '../platform/clock.ts';
import type { Config } from '../platform/config.ts';
import type { Log } from '../platform/log.ts';
import { loadSources, type Sources, type SourcesConfig } from './sources.ts';

export interface OpenSourcesOptions {
  readonly config: Pick<Config, 'CONNECTIONS_FILE' | 'secret'>;
  readonly clock: Clock;
  readonly log: Log;
  /** Base of a sandbox to use where no CONNECTIONS_FILE is given. */
  readonly sandboxUrl: string | null;
}

/** Opens what CONNECTIONS_FILE describes, else the sandbox vendors. @throws Failure MISCONFIGURED */
export async function openSources({ config, clock, log, sandboxUrl }: OpenSourcesOptions): Promise<Sources> {
  const described = config.CONNECTIONS_FILE === undefined ? null : await readConnections(config.CONNECTIONS_FILE);
  const connections = described ?? (sandboxUrl === null ? null : sandboxConnections(sandboxUrl));
  if (connections === null) throw new Failure('MISCONFIGURED', 'neither CONNECTIONS_FILE nor a sandbox: name the systems to connect to', { field: ['CONNECTIONS_FILE'] });
  return loadSources(connections, { log, clock, secrets: config.secret });
}

async function readConnections(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as unknown;
  } catch (cause) {
    throw new Failure('MISCONFIGURED', `CONNECTIONS_FILE: ${cause instanceof Error ? cause.message : String(cause)}`, { field: ['CONNECTIONS_FILE'], cause });
  }
}

/** The sandbox' credentials are public: it listens on loopback and holds made-up data. */
export const sandboxConnections = (url: string): SourcesConfig => ({
  connections: {
    erp: { vendor: 'odoo', url, database: 'sandbox', login: 'bot', apiKey: 'sandbox-api-key' },
    pim: { vendor: 'akeneo', url: `${url}/akeneo`, clientId: 'sandbox', secret: 'sandbox-secret', username: 'bot', password: 'bot-password' },
  },
  needs: { stock: ['liveStock'] },
});
