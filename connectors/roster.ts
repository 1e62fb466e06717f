import type { z } from 'zod';
import type { Connector } from '../domain/connector.ts';
import { Failure } from '../domain/failure.ts';
import type { CallBudgets } from '../platform/call/budget.ts';
import type { Clock } from '../platform/clock.ts';
import type { Log } from '../platform/log.ts';

/** What a vendor's `connector.ts` exports. */
export interface ConnectorModule<Settings> {
  readonly settingsSchema: z.ZodType<Settings>;
  readonly createConnector: (options: Omit<OpenOptions, 'settings'> & { readonly settings: Settings }) => Connector;
}

export interface OpenOptions {
  /** Instance name, e.g. "erp". */
  readonly name: string;
  /** As configured, secrets resolved, without `vendor`. */
  readonly settings: unknown;
  readonly log: Log;
  readonly clock: Clock;
  /** Where requests are counted, over all processes; left out: in the connector alone. */
  readonly budgets?: CallBudgets | undefined;
}

/** Checks the settings and builds the connector. @throws Failure MISCONFIGURED naming the setting */
export type OpenConnector = (options: OpenOptions) => Promise<Connector>;

const vendor = <Settings>(load: () => Promise<ConnectorModule<Settings>>): OpenConnector => async ({ name, settings, log, clock, budgets }) => {
  const { settingsSchema, createConnector } = await load();
  const checked = settingsSchema.safeParse(settings);
  if (checked.success) return createConnector({ name, settings: checked.data, log: log.child({ connector: name }), clock, budgets });
  const [issue] = checked.error.issues;
  const field = ['connections', name, ...(issue?.path ?? []).map(String)];
  throw new Failure('MISCONFIGURED', `${field.join('.')}: ${issue?.message ?? 'invalid'}`, { field, system: name });
};

/** Vendors by name; a folder is loaded only when a configuration names it. `connector:new` adds a line here. */
export const ROSTER: Readonly<Record<string, OpenConnector>> = {
  akeneo: vendor(() => import('./akeneo/connector.ts')),
  odoo: vendor(() => import('./odoo/connector.ts')),
};
