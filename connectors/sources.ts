import { z } from 'zod';
import type { CallContext, Capabilities, ChangeHint, Connector } from '../domain/connector.ts';
import { Failure } from '../domain/failure.ts';
import type { OwnedPort, PortMap, PortName, PortSource } from '../domain/ports.ts';
import type { CallBudgets } from '../platform/call/budget.ts';
import type { Clock } from '../platform/clock.ts';
import type { Log } from '../platform/log.ts';
import {
  defaultOwner, FIELD_OF_PORT, keepOwned, OWNABLE, OWNED_FIELDS, type Entities, type EntityName, type Kept, type OwnedField, type Owners,
} from './ownership.ts';
import { checkClaims, countRefusals, enforcePort } from './enforcement.ts';
import { ROSTER, type OpenConnector } from './roster.ts';

/** Capabilities that are a plain yes or no. */
type Ability = { [K in keyof Capabilities]-?: Capabilities[K] extends boolean ? K : never }[keyof Capabilities];
const ABILITIES = ['liveStock', 'nativeAtp', 'stockByLocation', 'trackingNumbers', 'serverPrice'] as const satisfies readonly Ability[];

const sourcesConfig = z.strictObject({
  /** Instance name -> vendor and its settings. `{ "env": "NAME" }` anywhere in them is a secret looked up by name. */
  connections: z.record(z.string().regex(/^[a-z][a-z0-9-]*$/), z.looseObject({ vendor: z.string() })),
  /** Owned field -> instance name; what is left out goes to the first connection that can. */
  owners: z.partialRecord(z.enum(OWNED_FIELDS as [OwnedField, ...OwnedField[]]), z.string()).default({}),
  /** What an owner must be able to do, e.g. { "stock": ["liveStock"] }. */
  needs: z.partialRecord(z.enum(OWNED_FIELDS as [OwnedField, ...OwnedField[]]), z.array(z.enum(ABILITIES))).default({}),
});

export type SourcesConfig = z.input<typeof sourcesConfig>;

export interface SourcesOptions {
  readonly log: Log;
  readonly clock: Clock;
  readonly secrets: (name: string) => string | undefined;
  /** The vendors there are; tests hand in their own. */
  readonly roster?: Readonly<Record<string, OpenConnector>>;
  /** Where the connectors' requests are counted, over all processes; left out: in each connector alone. */
  readonly budgets?: CallBudgets | undefined;
}

/** Which system says what. */
export interface Sources extends PortSource {
  readonly connectors: ReadonlyMap<string, Connector>;
  /** Instance name; null where no connection can deliver the field. */
  ownerOf(field: OwnedField): string | null;
  /** Like `port`, for who cannot do without. @throws Failure UNSUPPORTED where nobody owns the port */
  portFor<N extends PortName>(name: N): OwnedPort<N>;
  /** Empties and names what a source has no say in. The ports handed out do so by themselves. */
  keepOwned<E extends EntityName>(entity: E, source: string, record: Entities[E]): Kept<Entities[E]>;
  /** "Item.name (owned by pim)" and how often it was refused so far, by instance. */
  refusals(): ReadonlyMap<string, ReadonlyMap<string, number>>;
  /** Bytes from the system that owns media; null where it has none of this code. */
  readMedia(code: string): Promise<{ readonly mimeType: string; readonly body: Uint8Array } | null>;
  /** Hints of a vendor's push; null where the connection is unknown or takes no pushes. @throws Failure UNAUTHENTICATED, INVALID_INPUT */
  decodeWebhook(connection: string, headers: Readonly<Record<string, string | undefined>>, rawBody: Uint8Array): readonly ChangeHint[] | null;
  /** Reaches every system. @throws the first Failure */
  ping(call: CallContext): Promise<void>;
  /** Sentences about systems that cannot be reached now. */
  unreachable(timeoutMs: number): Promise<readonly string[]>;
  close(): Promise<void>;
}

/** Opens the configured connectors. @throws Failure MISCONFIGURED naming the setting and the remedy */
export async function loadSources(config: unknown, options: SourcesOptions): Promise<Sources> {
  const checked = sourcesConfig.safeParse(config);
  if (!checked.success) {
    const [issue] = checked.error.issues;
    throw misconfigured((issue?.path ?? []).map(String), issue?.message ?? 'invalid');
  }
  const { connections, owners, needs } = checked.data;
  const opened = await Promise.all(Object.entries(connections).map(([name, settings]) => open(name, settings, options)));
  const connectors = new Map(opened.map((connector) => [connector.name, connector]));
  const table = Object.fromEntries(OWNED_FIELDS.map((field) => [field, owners[field] ?? defaultOwner(field, opened)])) as Owners;
  try {
    opened.forEach(checkClaims);
    for (const field of OWNED_FIELDS) checkOwner(field, table[field], connectors, needs[field] ?? []);
  } catch (error) {
    await Promise.all(opened.map((connector) => connector.close()));
    throw error;
  }
  return createSources(connectors, table, options);
}

async function open(name: string, { vendor, ...settings }: { readonly vendor: string }, { log, clock, secrets, roster = ROSTER, budgets }: SourcesOptions): Promise<Connector> {
  const factory = Object.hasOwn(roster, vendor) ? roster[vendor] : undefined;
  const path = ['connections', name];
  if (factory === undefined) throw misconfigured([...path, 'vendor'], `no connector "${vendor}"; there are ${Object.keys(roster).sort().join(', ')}`);
  return factory({ name, settings: resolveSecrets(settings, path, secrets), log, clock, budgets });
}

/** Replaces every `{ "env": "NAME" }`. */
function resolveSecrets(value: unknown, path: readonly string[], secrets: SourcesOptions['secrets']): unknown {
  if (Array.isArray(value)) return value.map((one, index) => resolveSecrets(one, [...path, String(index)], secrets));
  if (typeof value !== 'object' || value === null) return value;
  const { env, ...rest } = value as { env?: unknown };
  if (typeof env === 'string' && Object.keys(rest).length === 0) {
    const secret = secrets(env);
    if (secret === undefined || secret === '') throw misconfigured(path, `the environment has no ${env}`);
    return secret;
  }
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, resolveSecrets(one, [...path, key], secrets)]));
}

function checkOwner(field: OwnedField, owner: string | null, connectors: ReadonlyMap<string, Connector>, needs: readonly Ability[]): void {
  if (owner === null) {
    if (needs.length > 0) throw misconfigured(['needs', field], `no connection has a ${OWNABLE[field].join(' or ')} port`);
    return;
  }
  const connector = connectors.get(owner);
  if (connector === undefined) throw misconfigured(['owners', field], `no connection "${owner}"; there are ${[...connectors.keys()].join(', ') || 'none'}`);
  if (!OWNABLE[field].some((port) => connector[port] !== undefined)) {
    throw misconfigured(['owners', field], `"${owner}" (${connector.vendor}) has no ${OWNABLE[field].join(' or ')} port: name another connection`);
  }
  const lacking = needs.filter((ability) => !connector.capabilities[ability]);
  if (lacking.length > 0) throw misconfigured(['needs', field], `"${owner}" (${connector.vendor}) lacks ${lacking.join(', ')}: name another owner or drop the need`);
}

const MEDIA_TIMEOUT_MS = 15_000;

function createSources(connectors: ReadonlyMap<string, Connector>, owners: Owners, { clock, log }: SourcesOptions): Sources {
  const refusals = countRefusals(log);
  const callWithin = (timeoutMs: number): CallContext => ({ signal: AbortSignal.timeout(timeoutMs), deadlineAtMs: clock.now() + timeoutMs });
  const port = <N extends PortName>(name: N): OwnedPort<N> | null => {
    const owner = owners[FIELD_OF_PORT[name]];
    const source = owner === null ? undefined : connectors.get(owner);
    const found = source?.[name];
    if (source === undefined || found === undefined) return null;
    const { name: instance, vendor, capabilities } = source;
    return { source: instance, vendor, capabilities, port: enforcePort(name, found as PortMap[N], instance, owners, refusals.count) };
  };
  return {
    connectors,
    port,
    ownerOf: (field) => owners[field],
    portFor: (name) => {
      const found = port(name);
      if (found === null) throw new Failure('UNSUPPORTED', `no connected system has a ${name} port`);
      return found;
    },
    keepOwned: (entity, source, record) => keepOwned(owners, entity, source, record),
    refusals: () => refusals.counts,
    readMedia: async (code) => {
      const read = connectors.get(owners['product.media'] ?? '')?.content?.readMedia;
      return read === undefined ? null : read(code, callWithin(MEDIA_TIMEOUT_MS));
    },
    decodeWebhook: (connection, headers, rawBody) => connectors.get(connection)?.changes?.decodeWebhook(headers, rawBody) ?? null,
    ping: async (call) => void (await Promise.all([...connectors.values()].map((connector) => connector.ping(call)))),
    unreachable: async (timeoutMs) => (await Promise.all([...connectors.values()].map((connector) => probe(connector, callWithin(timeoutMs))))).flat(),
    close: async () => void (await Promise.all([...connectors.values()].map((connector) => connector.close()))),
  };
}

const probe = (connector: Connector, call: CallContext): Promise<readonly string[]> =>
  connector.ping(call).then(() => [], (error: Error) => [`${connector.name} (${connector.vendor}): ${error.message}`]);

const misconfigured = (field: readonly string[], message: string): Failure => new Failure('MISCONFIGURED', `${field.join('.')}: ${message}`, { field });
