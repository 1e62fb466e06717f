import { randomUUID } from 'node:crypto';
import type { Clients } from '../../domain/clients.ts';

import type { GraphQLError } from 'graphql';
import type { Sources } from '../../connectors/sources.ts';
import type { CallBudgets } from '../../platform/call/budget.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Config } from '../../platform/config.ts';
import type { FeedProgress } from '../../platform/feed.ts';
import type { Jobs } from '../../platform/jobs.ts';
import type { Log } from '../../platform/log.ts';
import type { EventLog } from '../../platform/stores/event-log.ts';
import type { Kv } from '../../platform/stores/kv.ts';
import type { Database } from '../../platform/stores/sql.ts';
import { SUBGRAPH_NAMES, type GraphContext, type RequestScope, type Subgraph, type SubgraphName } from '../../subgraphs/frame/module.ts';
import { loadSubgraph } from '../../subgraphs/roster.ts';
import { collectedTags } from '../../subgraphs/graph/cache-tags.ts';
import { presentError } from '../../subgraphs/graph/errors.ts';
import { createInProcessClient } from '../clients/transport/in-process-client.ts';
import type { SubgraphClient } from '../execution/subgraph-client.ts';
import { openForeign } from './foreign-subgraphs.ts';
import type { Hosting, PartReport } from './hosting.ts';

export interface EmbeddedOptions {
  readonly config: Config;
  readonly database: Database;
  readonly jobs: Jobs;
  readonly eventLog: EventLog;
  readonly kv: Kv;
  readonly budgets?: CallBudgets;
  readonly sources: Sources;
  readonly clock: Clock;
  readonly log: Log;
  readonly onFeedProgress?: (progress: FeedProgress) => void;
}

export interface EmbeddedHosting extends Hosting {
  /** Resolves when every subgraph has data. */
  readonly ready: () => Promise<void>;
}

/** All five subgraphs in this process, called without HTTP. */
export async function openEmbedded(options: EmbeddedOptions): Promise<EmbeddedHosting> {
  const { eventLog, kv, sources, log } = options;
  const subgraphs = await createSubgraphs(options);
  const all = Object.values(subgraphs);
  await Promise.all(all.map((subgraph) => subgraph.start()));
  const clients = Object.fromEntries(all.map((subgraph) => [subgraph.name, clientOf(subgraph, log)]));
  const foreign = openForeign(options.config, clients);
  return {
    clients,
    connect: foreign.connect,
    catalog: subgraphs.catalog.client,
    pricing: subgraphs.pricing.client,
    customer: subgraphs.customer.client,
    eventLog,
    kv,
    ready: async () => void (await Promise.all(all.map((subgraph) => subgraph.ready()))),
    notReady: async () => (await Promise.all(all.map(whyNotReady))).flat(),
    report: () => Promise.all(all.map(reportOf)),
    resync: async (options) => {
      for (const subgraph of all) subgraph.resync(options);
      return [];
    },
    readMedia: (code) => sources.readMedia(code),
    receiveWebhook: async (connection, headers, rawBody) => {
      const hints = sources.decodeWebhook(connection, headers, rawBody);
      if (!hints) return false;
      for (const hint of hints) for (const subgraph of all) subgraph.wake(hint.flow);
      return true;
    },
    close: async () => void (await Promise.all([foreign.close(), ...all.map((subgraph) => subgraph.stop())])),
  };
}

async function whyNotReady(subgraph: Subgraph): Promise<readonly string[]> {
  const { ok, reasons } = await subgraph.health();
  return ok ? [] : reasons.map((reason) => `${subgraph.name}: ${reason}`);
}

const reportOf = async (subgraph: Subgraph): Promise<PartReport> =>
  ({ subgraph: subgraph.name, ...(await subgraph.health()), feeds: await subgraph.feeds(), ...(subgraph.details && { details: await subgraph.details() }) });

type Subgraphs = { readonly [Name in SubgraphName]: Subgraph<Name> };

async function createSubgraphs(options: EmbeddedOptions): Promise<Subgraphs> {
  const created: Partial<Record<SubgraphName, Subgraph>> = {};
  const dependencies = { ...options, ports: options.sources, clients: lazyClients(created), troubles: options.budgets?.troubles ?? (() => []) };
  for (const name of SUBGRAPH_NAMES) created[name] = await (await loadSubgraph(name)).create(dependencies);
  return created as Subgraphs;
}

/** Subgraphs know each other only after all exist; they are asked for when a request needs them. */
function lazyClients(created: Partial<Record<SubgraphName, Subgraph>>): Clients {
  return {
    get catalog() {
      return (created.catalog as Subgraph<'catalog'>).client;
    },
    get inventory() {
      return (created.inventory as Subgraph<'inventory'>).client;
    },
    get pricing() {
      return (created.pricing as Subgraph<'pricing'>).client;
    },
    get customer() {
      return (created.customer as Subgraph<'customer'>).client;
    },
  };
}

/** Errors leave a subgraph in the words of the failure table, in process as over HTTP. */
function clientOf(subgraph: Subgraph, log: Log): SubgraphClient {
  const client = createInProcessClient({
    schema: subgraph.schema,
    readExtensions: (context) => collectedTags((context as GraphContext).scope),
    createContext: ({ context, signal, deadlineAtMs }) => {
      const scope = context as RequestScope;
      return subgraph.createContext({ ...scope, signal, deadlineAtMs: deadlineAtMs ?? scope.deadlineAtMs });
    },
  });
  return {
    execute: async (request, call) => {
      const answer = await client.execute(request, call);
      if (!answer.errors) return answer;
      return { ...answer, errors: answer.errors.map((error) => presentError(error as GraphQLError, log, randomUUID)) };
    },
  };
}

