import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';

/** The only reader of the environment. Everything else is handed what it needs. */

const port = z.coerce.number('must be a port number').int('must be a port number').min(0, 'must be a port number').max(65_535, 'must be at most 65535');
const milliseconds = z.coerce.number('must be whole milliseconds').int('must be whole milliseconds').positive('must be more than 0 milliseconds');
const file = z.string().refine((path) => existsSync(path), { error: ({ input }) => `no such file ${String(input)}` });
const quantity = z.string().regex(/^[1-9]\d{0,8}$/, 'must be a whole number from 1 to 999999999');
const streams = z.coerce.number('must be a number of streams').int('must be a whole number of streams').min(0, 'must be 0 (any number) or more');
const list = z.string().transform((text) => text.split(',').map((part) => part.trim()).filter(Boolean));

const environmentSchema = z.object({
  HOSTING: z.enum(['embedded', 'services']).default('embedded'),
  HOST: z.string().default('127.0.0.1'),
  PORT: port.default(4000),
  DATA_DIR: z.string().default('.data'),
  DATABASE_URL: z.url().optional(),
  REDIS_URL: z.url().optional(),
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('warn'),

  SANDBOX: z.enum(['on', 'off']).optional(),
  SANDBOX_PORT: port.optional(),
  SANDBOX_URL: z.url().optional(),
  CONNECTIONS_FILE: file.optional(),
  /** JSON: horizon, safety stock, back- and preorder, channels, regions. See docs/inventory-policy.md. */
  INVENTORY_POLICY_FILE: file.optional(),
  /** JSON: what ERPs call our payments, taxes, charges, carriers, SKUs and units, for the start; people change it in the graph. See subgraphs/orders/codes. */
  ORDER_CODES_FILE: file.optional(),
  /** JSON: what customers may change of an order, and until when, per channel. See subgraphs/orders/README.md. */
  ORDER_AMENDMENT_POLICY_FILE: file.optional(),
  /** JSON: which returns need nobody's look, and when exchanges are placed, per channel. See subgraphs/orders/README.md. */
  RETURN_POLICY_FILE: file.optional(),

  SUPERGRAPH: z.string().default('schema/supergraph.graphql'),
  /** How often that file is looked at for a new supergraph, which then comes into service; 0: never. */
  SUPERGRAPH_POLL_MS: z.coerce.number('must be whole milliseconds').int('must be whole milliseconds').min(0, 'must be 0 (never) or more').default(2_000),
  /** Labels of @override(label:) that are on, separated by commas; percent(n) needs no entry. */
  OVERRIDE_LABELS: list.default([]),
  SUBGRAPH_URLS: list.default([]),
  /** JSON: documents that are trusted from the start, whatever is registered; npm run documents writes it. No such file: none are. */
  TRUSTED_DOCUMENTS: z.string().default('schema/client/manifest.json'),
  /** Where registered documents are kept: a folder that every gateway reads and writes; default trusted-documents in DATA_DIR. */
  TRUSTED_DOCUMENTS_DIR: z.string().optional(),
  /** So many manifests of one storefront stay trusted, the newest first: builds that are still out there. */
  TRUSTED_DOCUMENTS_KEPT: z.coerce.number('must be a number of manifests').int('must be a whole number').min(1, 'must be at least 1').max(1_000, 'must be at most 1000').default(20),
  SUBGRAPH_SECRET: z.string().min(32).optional(),

  JWKS_URL: z.url().optional(),
  JWT_ISSUER: z.string().optional(),
  JWT_AUDIENCE: z.string().optional(),
  /** An OpenID provider: its keys are found by its discovery document, in place of JWKS_URL; it is the issuer unless JWT_ISSUER says otherwise. */
  OIDC_ISSUER_URL: z.url().optional(),
  /** `azp` or `client_id` of the applications whose tokens are taken; empty: of any. */
  JWT_CLIENTS: list.default([]),
  /** Claim of a token that names roles; a path where dots separate names, e.g. realm_access.roles. See docs/access.md. */
  JWT_ROLES_CLAIM: z.string().default('roles'),
  /** Roles of tokens whose bearers may send trusted documents only. */
  JWT_TRUSTED_ONLY_ROLES: list.default(['storefront']),
  /** By how much the issuer's clock may differ from ours. */
  JWT_CLOCK_SKEW_MS: z.coerce.number('must be whole milliseconds').int('must be whole milliseconds').min(0, 'must be 0 or more').max(120_000, 'must be at most 120000 milliseconds').default(5_000),
  API_KEYS_FILE: file.optional(),
  CORS_ORIGINS: list.default([]),
  /** "name=scope+scope" or "name=role:finance": who the policies of `@policy` hold for; see gateway/graph/rules/policies.ts. */
  POLICIES: list.default([]),
  /** "off", or "name=rate/burst" and "name=off" over the defaults: units of 100 objects a second and at once, by kind of caller; see gateway/limits/rate/rate-limits.ts. */
  RATE_LIMITS: list.default([]),
  /** Operations of one process at a time in each lane; default by the machine's cores. Browsing is turned away first. */
  LANE_BROWSING: z.coerce.number('must be a number of operations').int('must be a whole number of operations').min(1, 'must be at least 1').optional(),
  LANE_CHECKOUT: z.coerce.number('must be a number of operations').int('must be a whole number of operations').min(1, 'must be at least 1').optional(),
  /** An operation that may return more objects is browsing, whatever it asks for and whoever asks. */
  LANE_CHECKOUT_MAX_COST: z.coerce.number('must be a number of objects').int('must be a whole number of objects').positive('must be more than 0 objects').default(5_000),
  /** Root fields of the checkout lane, "Mutation.placeOrder", for a graph of somebody else's; default: those of this graph. */
  LANE_CHECKOUT_FIELDS: list.default([]),
  /** A process whose event loop lags more lets fewer browse at a time. */
  LANE_MAX_LAG_MS: milliseconds.default(100),
  /** Addresses and CIDRs of our own proxies, or "loopback", "private": X-Forwarded-For is believed from them only. */
  TRUSTED_PROXIES: list.default([]),
  /** Open connections of one client address (IPv6: of one /64); 0: any number. Trusted proxies may have any number. */
  MAX_SOCKETS_PER_ADDRESS: z.coerce.number('must be a number of connections').int('must be a whole number of connections').min(0, 'must be 0 (any number) or more').default(2_000),
  /** WebSockets and event streams open at once on this gateway; 0: any number. Each takes some 30 KiB. */
  MAX_STREAMS: streams.default(20_000),
  /** The same of one client address, behind trusted proxies the one they saw; 0: any number. */
  MAX_STREAMS_PER_ADDRESS: streams.default(256),
  /** The same of one API key; 0: any number. A person, by token, may have 32. */
  MAX_STREAMS_PER_PRINCIPAL: streams.default(10_000),
  /** Answers of 2 KiB and more are compressed for clients that ask for it; off where a CDN in front does that. */
  RESPONSE_COMPRESSION: z.enum(['on', 'off']).default('on'),

  REQUEST_DEADLINE_MS: milliseconds.default(10_000),
  /** What one request to a subgraph may take, unless it is a mutation; where time is left a read is then asked again. */
  SUBGRAPH_TIMEOUT_MS: milliseconds.default(5_000),
  /** Requests to one subgraph at a time, an eighth of them for the checkout alone; sixteen times as many may wait. */
  SUBGRAPH_CONCURRENCY: z.coerce.number('must be a number of requests').int('must be a whole number of requests').min(2, 'must be at least 2').max(10_000, 'must be at most 10000').default(64),
  /** Percent of reads that may be asked of a subgraph a second time when they take longer than 95 of 100 do; 0: none. */
  SUBGRAPH_HEDGING: z.coerce.number('must be percent').min(0, 'must be 0 (none) or more').max(20, 'must be at most 20 percent').default(0),
  CHECK_DEADLINE_MS: milliseconds.default(2_000),
  STOCK_POLL_MS: milliseconds.default(2_000),
  ORDER_POLL_MS: milliseconds.default(2_000),
  PRICE_POLL_MS: milliseconds.default(5_000),
  CONTENT_POLL_MS: milliseconds.default(10_000),
  /** SKUs that sell fast are read this often, at most so many (0: none), for at most this part (%) of the source's requests a minute. */
  HOT_REFRESH_MS: milliseconds.min(500, 'must be at least 500 milliseconds').default(3_000),
  HOT_LANE_SIZE: z.coerce.number('must be a number of SKUs').int('must be a whole number').min(0, 'must be 0 (no lane) or more').max(10_000, 'must be at most 10000').default(200),
  HOT_CALL_SHARE: z.coerce.number('must be percent').min(1, 'must be at least 1 percent').max(90, 'must be at most 90 percent').default(25),
  /** "channel=list": the price list of every buyer of a sales channel; a contract or a group's list goes before it. */
  CHANNEL_PRICE_LISTS: list.default([]),
  /** The most of one line of an order. */
  ORDER_MAX_LINE_QUANTITY: quantity.optional(),
  /** Whose account in the ERP a guest's order is booked on; see subgraphs/orders/README.md. */
  ORDER_GUEST_POLICY: z.enum(['CREATE', 'WEB_GUEST', 'MATCH']).default('CREATE'),
  ORDER_WEB_GUEST_NUMBER: z.string().optional(),
  /** Which orders are checked against the customer's credit limit, and what happens when it cannot be asked for. */
  ORDER_CREDIT_APPLIES_TO: z.enum(['ON_ACCOUNT', 'ON_ACCOUNT_OR_UNPAID']).default('ON_ACCOUNT_OR_UNPAID'),
  ORDER_CREDIT_SILENCE: z.enum(['REFUSE', 'ACCEPT_FLAGGED']).default('REFUSE'),
  /** Channels whose customers hear of a shipment only once its carrier has it; see subgraphs/orders/README.md. */
  ORDER_NOTIFY_AFTER_PICKUP: list.default([]),
  /**
   * "source=across/within": how a source's price lists are read. Across lists FIRST_LIST (the buyer's first list decides alone, as in
   * Odoo), FIRST_WINS (the first with a fitting rule) or LOWEST_WINS; within a list FIRST_WINS or LOWEST_WINS. Default FIRST_LIST/FIRST_WINS.
   */
  PRICE_RESOLUTION: list.default([]),
  /** "source=list": the list whose rules are the base price, where it is dated. */
  BASE_PRICE_LISTS: list.default([]),
  /** "group=list": the price list of a customer group. */
  GROUP_PRICE_LISTS: list.default([]),
  /** Currencies prices are also answered in, converted at the source's rates. */
  CONVERTED_CURRENCIES: list.default([]),
  /** Channels that show prices to known buyers only. */
  PRIVATE_PRICE_CHANNELS: list.default([]),
  /** "channel=DE": the country whose taxes a channel's prices are shown with, where the caller names none. */
  CHANNEL_TAX_COUNTRIES: list.default([]),
  /** "channel=GROSS" or "=NET": whether a channel shows prices with their taxes or without. */
  CHANNEL_TAX_DISPLAY: list.default([]),
  /** "channel=SHOW_MAP" (every channel's default) or "=HIDE": what becomes of a price below the minimum advertised one: that is shown in its place, or none until the cart. */
  MAP_CHANNELS: list.default([]),
  /** What becomes of an order whose prices the ERP, asked for its own at checkout, would charge otherwise. off: it is not asked. */
  CHECKOUT_PRICE_CHECK: z.enum(['off', 'warn', 'refuse']).default('off'),
  /** What price quotes are signed with, at least 32 characters; else it follows from SUBGRAPH_SECRET, or is made and kept in the store. */
  PRICE_QUOTE_SECRET: z.string().min(32, 'must have at least 32 characters').optional(),
  /** How long a price quote can be ordered by. */
  PRICE_QUOTE_TTL_MS: milliseconds.min(10_000, 'must be at least 10000 milliseconds').max(86_400_000, 'must be at most 86400000 milliseconds, a day').default(900_000),
  /**
   * "default=20", "erp=15", "erp:list or group=30/10": percent a price may rise / fall without somebody's approval, the most particular
   * entry wins; 0 or off: not guarded. See subgraphs/pricing/README.md.
   */
  PRICE_GUARD: list.default(['default=20']),
  /** Prices of so many SKUs, or of this share of them, may move without approval in one pass and within the window; at least 50. */
  PRICE_GUARD_MAX_SKUS: z.string().regex(/^(?:[1-9]\d{0,8}|[1-9]\d?%|100%)$/, 'must be a number of SKUs, or a share such as 25%').default('25%'),
  PRICE_GUARD_WINDOW_MS: milliseconds.default(3_600_000),
  /** A parked change nobody has decided on lapses after this long; the old price stays. */
  PRICE_GUARD_EXPIRY_MS: milliseconds.default(604_800_000),
  /** Feeds that may lose most of their rows in one pass, e.g. "inventory.stock"; else such a pass is undone and told in health. */
  CONFIRM_REMOVALS: list.default([]),
  /** Whether answers of subgraphs are kept for as long as the schema allows, and until something in them changes. */
  CACHE: z.enum(['on', 'off']).default('on'),
  /** Memory for that in each gateway process. */
  CACHE_MAX_BYTES: z.coerce.number('must be whole bytes').int('must be whole bytes').min(1_048_576, 'must be at least 1048576 bytes, 1 MiB').default(134_217_728),
  /** How long beyond its lifetime an unchanged part may stand in for a subgraph that is silent; the answer says so. */
  CACHE_GRACE_MS: z.coerce.number('must be whole milliseconds').int('must be whole milliseconds').min(0, 'must be 0 (not at all) or more').max(86_400_000, 'must be at most 86400000 milliseconds, a day').default(300_000),
  /** The longest that caches outside (CDN, browser) may repeat an answer to a GET that is everybody's; they hear of no change. */
  SHARED_MAX_AGE_MS: z.coerce.number('must be whole milliseconds').int('must be whole milliseconds').min(0, 'must be 0 (not at all) or more').default(10_000),
  STALE_AFTER_MS: milliseconds.default(60_000),
  DRAIN_TIMEOUT_MS: milliseconds.default(10_000),
  /** How long a gateway that was told to stop still answers after it said that it is not ready: until balancers have heard. */
  DRAIN_DELAY_MS: z.coerce.number('must be whole milliseconds').int('must be whole milliseconds').min(0, 'must be 0 (none) or more').default(0),
  /** Operations that take longer are told in the log. */
  SLOW_OPERATION_MS: milliseconds.default(1_000),
  /** Opens /metrics to a scraper that sends it as a bearer token; else the scope operations does. */
  METRICS_TOKEN: z.string().min(16).optional(),
  OTEL_EXPORTER_OTLP_ENDPOINT: z.url().optional(),
  /** Of traces that begin here, so many are kept: 0 to 1. Those that callers began are kept as they say. */
  TRACE_SAMPLE_RATIO: z.coerce.number('must be a number from 0 to 1').min(0, 'must be at least 0').max(1, 'must be at most 1').default(1),
});

export type Environment = z.infer<typeof environmentSchema>;

export interface Config extends Environment {
  /** Whether a sandbox ERP and PIM is started and used: default in embedded hosting without CONNECTIONS_FILE. */
  readonly useSandbox: boolean;
  readonly sandboxPort: number;
  /** Reads a named secret for connector settings given as {"env": "NAME"}. */
  readonly secret: (name: string) => string | undefined;
}

/** Names whose values are never printed. */
const SECRET = /SECRET|PASSWORD|KEY|TOKEN|URL$/;

/**
 * Reads and validates configuration.
 * @throws Error that lists every unusable setting with its remedy; the process should print it and exit.
 */
export function readConfig(env: Readonly<Record<string, string | undefined>> = process.env): Config {
  const present = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));
  const parsed = environmentSchema.safeParse(present);
  const unreadable = parsed.error?.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`) ?? [];
  const problems = [...unreadable, ...contradictions(present)];
  if (!parsed.success || problems.length > 0) {
    throw new Error(`Configuration is unusable; mend these environment variables:\n${problems.map((line) => `  ${line}`).join('\n')}`);
  }
  const settings = parsed.data;
  return {
    ...settings,
    useSandbox: settings.SANDBOX ? settings.SANDBOX === 'on' : settings.HOSTING === 'embedded' && !settings.CONNECTIONS_FILE,
    sandboxPort: settings.SANDBOX_PORT ?? (settings.PORT === 0 ? 0 : settings.PORT + 1),
    secret: (name) => env[name],
  };
}

/** For the start of a process: what is unusable is printed line by line, and the process exits with 1. */
export function requireConfig(env?: Readonly<Record<string, string | undefined>>): Config {
  try {
    return readConfig(env);
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`);
    process.exit(1);
  }
}

/** What is set but does not go together, seen before its values are read, so that everything is told at once. */
function contradictions(settings: Readonly<Record<string, string | undefined>>): string[] {
  const problems: string[] = [];
  if (settings['HOSTING'] === 'services') {
    if (!settings['DATABASE_URL']) problems.push('DATABASE_URL: required with HOSTING=services; the embedded PostgreSQL serves one process only');
    if (!settings['REDIS_URL']) problems.push('REDIS_URL: required with HOSTING=services; events and rate limits must be shared between processes');
    if (!settings['SUBGRAPH_SECRET']) problems.push('SUBGRAPH_SECRET: required with HOSTING=services; at least 32 characters, the same for gateway and subgraphs');
  }
  if (settings['JWKS_URL'] && !(settings['JWT_ISSUER'] && settings['JWT_AUDIENCE'])) {
    problems.push('JWT_ISSUER, JWT_AUDIENCE: required with JWKS_URL; a token for somebody else must not open this door');
  }
  if (settings['OIDC_ISSUER_URL'] && !settings['JWT_AUDIENCE']) problems.push('JWT_AUDIENCE: required with OIDC_ISSUER_URL; a token for somebody else must not open this door');
  if (settings['ORDER_GUEST_POLICY'] === 'WEB_GUEST' && !settings['ORDER_WEB_GUEST_NUMBER']) {
    problems.push('ORDER_WEB_GUEST_NUMBER: required with ORDER_GUEST_POLICY=WEB_GUEST; the number of the customer all guests are booked on');
  }
  return problems;
}

/** One line per setting that differs from its default, secrets hidden: printed at start. */
export function summarise(config: Config): Readonly<Record<string, string>> {
  const defaults = environmentSchema.parse({}) as Record<string, unknown>;
  const changed = Object.entries(config).filter(
    ([name, value]) => name in environmentSchema.shape && value !== undefined && JSON.stringify(value) !== JSON.stringify(defaults[name]),
  );
  return Object.fromEntries(changed.map(([name, value]) => [name, SECRET.test(name) ? '[set]' : String(value)]));
}

/** Reads a JSON file named by configuration. @throws Error naming the file and what is wrong with it. */
export function readJsonFile(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    throw new Error(`${path} is not readable JSON: ${(cause as Error).message}`, { cause });
  }
}

/** The key that commands use to ask a running gateway; it is given in the environment, never as an argument that others on the machine can read. */
export const readApiKey = (env: Readonly<Record<string, string | undefined>> = process.env): string | null => env['GATEWAY_API_KEY'] || null;

/** Apollo's packages report usage to their maker unless told not to; ours are told, unless the operator says otherwise. */
export function keepTelemetryHome(): void {
  process.env['APOLLO_TELEMETRY_DISABLED'] ??= '1';
}

/** The environment of a local services run: what is set, plus the hosting and a secret of its own when none is given. */
export function serviceEnvironment({ subgraphSecret }: { readonly subgraphSecret: string }): Record<string, string | undefined> {
  return { SUBGRAPH_SECRET: subgraphSecret, ...process.env, HOSTING: 'services' };
}
