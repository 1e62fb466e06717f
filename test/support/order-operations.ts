import { randomUUID } from 'node:crypto';
import { SCOPES } from '../../domain/principal.ts';
import { silentLog } from '../../platform/log.ts';
import { openPostgres } from '../../platform/stores/postgres.ts';
import { access, credentials } from './access.ts';
import { startDeployment, type Deployment, type DeploymentOptions, type HostingName } from './deployment.ts';
import { createGraph } from './graph-client.ts';
import type { SandboxControl } from './sandbox-control.ts';
import { eventually } from './storefront-operations.ts';
import { startTokenIssuer } from './token-issuer.ts';

/** Somebody who uses the graph: with an API key, or with a token of the shop's own issuer. */
export interface Caller {
  /** For HTTP, server-sent events, and as connection parameters of a WebSocket. */
  readonly headers: Readonly<Record<string, string>>;
  /** Data of an operation that is answered without errors. */
  // Read as the story knows them; it asserts on what is there.
  read(query: string, variables?: object): Promise<any>;
  /** Payload of a mutation, under a new key unless the input has one: `selection` and the userErrors. */
  mutate(name: string, input: object, selection?: string): Promise<any>;
  /** Codes of the errors of an operation that is refused. */
  refusals(query: string, variables?: object): Promise<readonly unknown[]>;
}

export interface Shop {
  readonly house: Deployment;
  /** A service with every scope. */
  readonly service: Caller;
  /** A person with a token of these claims. */
  person(claims: object): Promise<Caller>;
  close(): Promise<void>;
}

/** Input types that are not named after their mutation. */
const INPUTS: Readonly<Record<string, string>> = {
  authoriseReturn: 'ReturnDecisionInput', declineReturn: 'ReturnDecisionInput', cancelReturn: 'ReturnDecisionInput', closeReturn: 'ReturnStepInput', retryReturn: 'ReturnStepInput',
};

/** A house whose callers are known by keys and tokens, in either hosting. */
export async function openShop(hosting: HostingName, options: Partial<DeploymentOptions> = {}): Promise<Shop> {
  const issuer = await startTokenIssuer();
  const house = await startDeployment({ ...options, hosting, env: { ...issuer.env, ...access('services'), ...options.env } });
  return {
    house,
    service: callerOf(house.url, credentials('services')),
    person: async (claims) => {
      const expiresAt = Math.floor(Date.now() / 1000) + 3_600;
      return callerOf(house.url, { authorization: `Bearer ${await issuer.issue({ scope: SCOPES.join(' '), ...claims }, { expiresAt })}` });
    },
    close: async () => {
      const { exitCode } = await house.stop();
      await issuer.close();
      if (exitCode !== 0) throw new Error(`the house ended with ${exitCode}:\n${house.output()}`);
    },
  };
}

function callerOf(url: string, headers: Readonly<Record<string, string>>): Caller {
  const graph = createGraph(url, headers);
  const read: Caller['read'] = async (query, variables = {}) => {
    const { data, errors } = await graph<any>(query, variables);
    if (errors.length > 0) throw new Error(`refused: ${JSON.stringify(errors)}`);
    return data;
  };
  return {
    headers,
    read,
    mutate: async (name, input, selection = '') => {
      const type = INPUTS[name] ?? `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`;
      const keyed = name === 'importOrders' ? input : { idempotencyKey: randomUUID(), ...input };
      return (await read(`mutation ($input: ${type}!) { ${name}(input: $input) { ${selection} userErrors { code field message retryable } } }`, { input: keyed }))[name];
    },
    refusals: async (query, variables = {}) => (await graph<any>(query, variables)).errors.map(({ extensions }) => extensions?.['code']),
  };
}

export interface Article {
  readonly sku: string;
  readonly price: string;
  readonly cost?: string;
  /** At MAIN; left out: a service. */
  readonly stock?: string;
}

/** Articles of the story's own, once the graph knows their price and stock. */
export async function sellArticles({ house, service }: Shop, articles: readonly Article[]): Promise<void> {
  for (const { sku, price, cost = '1.00', stock } of articles) {
    await house.sandbox.command('create-item', {
      code: sku, name: `Story article ${sku}`, category: 'Workshop', unit: 'unit', kind: stock === undefined ? 'service' : 'goods', listPrice: price, cost, sellable: true, active: true,
      variants: [{ sku, barcode: null, options: {} }],
    });
    if (stock !== undefined) await house.sandbox.command('set-stock', { sku, quantity: stock, location: 'MAIN' });
  }
  await eventually(async () => {
    for (const { sku, stock } of articles) {
      if (stock !== undefined && (await stockOf(service, sku)) !== stock) throw new Error(`${sku} is not on sale yet`);
    }
  }, 60_000);
}

/** What may be sold of it, as the graph says; null: it is not on sale yet. */
export async function stockOf(caller: Caller, sku: string): Promise<string | null> {
  const { productVariant } = await caller.read('query ($sku: ID!) { productVariant(by: { sku: $sku }) { price { unitPrice { amount } } availability { quantity } } }', { sku });
  return productVariant?.price ? productVariant.availability?.quantity ?? null : null;
}

export const usd = (amount: string): object => ({ amount, currencyCode: 'USD' });

export const HOME = { name: 'Ada Example', line1: '1 Main Street', city: 'Springfield', postalCode: '12345', countryCode: 'US' };

/** Places an order that must be taken, and waits until the ERP has it. */
export async function placeAccepted({ house }: Shop, caller: Caller, input: object): Promise<{ readonly id: string; readonly number: string }> {
  const { order, userErrors } = await caller.mutate('placeOrder', { contact: { name: 'Ada Example', email: 'ada@example.com' }, shipTo: HOME, ...input }, 'order { id number }');
  if (order === null) throw new Error(`not placed: ${JSON.stringify(userErrors)}`);
  await eventually(async () => {
    const states = (await house.sandbox.ordersOf(order.number)).map(({ state }) => state);
    const shown = await stateOf(caller, order.id);
    if (states.join() !== 'sale' || shown === 'RECEIVED') throw new Error(`${order.number} is ${shown} here, [${states.join()}] in the ERP`);
  });
  return order;
}

export const readOrder = async (caller: Caller, id: string, selection: string): Promise<any> => (await caller.read(`query ($id: ID) { order(by: { id: $id }) { ${selection} } }`, { id })).order;
export const stateOf = async (caller: Caller, id: string): Promise<string> => (await readOrder(caller, id, 'state')).state;

/** Rows of the sandbox's Odoo face, as Odoo's own screens would show them. */
export const readOdoo = (sandbox: SandboxControl, model: string, domain: readonly unknown[], fields: readonly string[]): Promise<readonly any[]> =>
  callOdoo(sandbox, model, 'search_read', { domain, fields });

/** What somebody does in the sandbox's Odoo face. @throws Error with what it answered */
export async function callOdoo(sandbox: SandboxControl, model: string, method: string, body: object): Promise<any> {
  const response = await fetch(`${sandbox.url}/json/2/${model}/${method}`, {
    method: 'POST', headers: { 'content-type': 'application/json', authorization: 'bearer sandbox-api-key', 'x-odoo-database': 'sandbox' }, body: JSON.stringify(body),
  });
  const answer: unknown = await response.json();
  if (!response.ok) throw new Error(`${model}: ${JSON.stringify(answer)}`);
  return answer;
}

/** Tables in which some row holds this text. */
export async function tablesHolding({ house }: Shop, text: string): Promise<readonly string[]> {
  const database = await openPostgres({ url: house.databaseUrl(), maxConnections: 1, applicationName: 'story', log: silentLog });
  try {
    const tables = await database.query<{ name: string }>(
      `select format('%I.%I', table_schema, table_name) as name from information_schema.tables where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema')`, [],
    );
    const holding: string[] = [];
    for (const { name } of tables) if ((await database.query(`select from ${name} t where strpos(t::text, $1) > 0 limit 1`, [text])).length > 0) holding.push(name);
    return holding;
  } finally {
    await database.close();
  }
}
