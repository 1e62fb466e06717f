import { execFileSync } from 'node:child_process';
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { hostings, startDeployment, type Deployment } from '../support/deployment.ts';
import { createGraph } from '../support/graph-client.ts';
import { eventually } from '../support/storefront-operations.ts';
import { startTokenIssuer, type TokenIssuer } from '../support/token-issuer.ts';

const ADMIN = `root.${randomBytes(32).toString('base64url')}`;
const PRICES = '{ products(first: 60, sort: NAME_ASC) { nodes { variants { sku price { unitPrice { amount } } } } } }';
const NAMES = '{ products(first: 1) { nodes { code } } }';
const LISTS = 'trade=WHOLESALE';

interface Priced {
  readonly products: { readonly nodes: readonly { readonly variants: readonly { readonly sku: string; readonly price: { readonly unitPrice: { readonly amount: string } } | null }[] }[] };
}
interface Made {
  readonly apiKey: { readonly id: string; readonly prefix: string } | null;
  readonly key: string | null;
  readonly userErrors: readonly object[];
}

function adminFile(): string {
  const file = join(mkdtempSync(join(tmpdir(), 'ucg-keys-')), 'keys.json');
  writeFileSync(file, JSON.stringify([{ prefix: 'root', sha256: createHash('sha256').update(ADMIN).digest('hex'), role: 'admin' }]));
  return file;
}

/** A connection that was let in; resolves to its close code once it is closed. */
async function connect(url: string, params: Record<string, string>): Promise<{ readonly closed: Promise<number> }> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
  const closed = new Promise<number>((done) => socket.once('close', (code) => done(code)));
  await new Promise((done) => socket.once('open', done));
  const acknowledged = new Promise((done) => socket.once('message', (data) => done(JSON.parse(String(data)))));
  socket.send(JSON.stringify({ type: 'connection_init', payload: params }));
  expect(await Promise.race([acknowledged, closed])).toMatchObject({ type: 'connection_ack' });
  socket.send(JSON.stringify({ type: 'subscribe', id: '1', payload: { query: 'subscription { stockChanged(skus: ["any"]) { cursor } }' } }));
  return { closed };
}

/** How a connection is refused. */
async function closeCodeOf(url: string, params: Record<string, string>): Promise<number> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
  socket.once('open', () => socket.send(JSON.stringify({ type: 'connection_init', payload: params })));
  return new Promise((done) => socket.once('close', (code) => done(code)));
}

describe.each(hostings())('API keys made in the graph, on %s hosting', (hosting) => {
  let house: Deployment;
  let issuer: TokenIssuer;

  beforeAll(async () => {
    issuer = await startTokenIssuer();
    house = await startDeployment({ hosting, env: { ...issuer.env, API_KEYS_FILE: adminFile(), LOG_LEVEL: 'info', CHANNEL_PRICE_LISTS: LISTS } });
  }, 120_000);
  afterAll(async () => {
    await house?.stop();
    await issuer?.close();
  }, 60_000);

  const ask = <T>(query: string, headers: Record<string, string>, variables: object = {}, url = house.url) => createGraph(url)<T>(query, variables, headers);
  const change = async (field: string, input: object): Promise<Made> => {
    const type = `${field[0]!.toUpperCase()}${field.slice(1)}Input!`;
    const { data, errors } = await ask<Record<string, Made>>(`mutation ($input: ${type}) { ${field}(input: $input) { apiKey { id prefix } ${field === 'revokeApiKey' ? '' : 'key'} userErrors { code field message } } }`, { 'x-api-key': ADMIN }, { input });
    expect(errors).toEqual([]);
    expect(data![field]!.userErrors).toEqual([]);
    return data![field]!;
  };
  const create = (input: object) => change('createApiKey', { idempotencyKey: randomUUID(), label: 'story', ...input });
  const statusOf = async (headers: Record<string, string>, url?: string): Promise<number> => (await ask(NAMES, headers, {}, url)).status;
  const prices = async (headers: Record<string, string>) => {
    const { data, errors } = await ask<Priced>(PRICES, headers);
    expect(errors).toEqual([]);
    return data!.products.nodes.flatMap(({ variants }) => variants.map(({ sku, price }) => `${sku} ${price?.unitPrice.amount ?? '-'}`));
  };
  const bearer = async (claims: object) => ({ authorization: `Bearer ${await issuer.issue(claims as never)}` });

  it('open at once, for what their role may do, on the channel they are bound to', async () => {
    const { key } = await create({ role: 'MARKETPLACE', channel: 'trade' });
    const { key: unbound } = await create({ role: 'SERVICE' });
    const [bound, trade, web] = [await prices({ 'x-api-key': key!, 'x-channel': 'web' }), await prices({ 'x-api-key': unbound!, 'x-channel': 'trade' }), await prices({ 'x-api-key': unbound!, 'x-channel': 'web' })];
    expect(bound).toEqual(trade);
    expect(bound).not.toEqual(web);
    const codeOf = async (query: string) => (await ask(query, { 'x-api-key': key! })).errors[0]?.extensions?.['code'] ?? null;
    expect(await codeOf('{ customers { nodes { number } } }')).toBe('FORBIDDEN');
    expect(await codeOf('{ apiKeys { nodes { id } } }')).toBe('FORBIDDEN');
    expect(await codeOf('{ channelListings(channel: "web") { nodes { channel } } }')).toBe('FORBIDDEN');
    expect(await codeOf('{ orders(filter: { channel: "web" }) { nodes { id } } }')).toBeNull();
  });

  it('the admin has no other business, and shows nobody a hash', async () => {
    expect(await statusOf({ 'x-api-key': ADMIN })).toBe(403);
    const { data } = await ask<{ apiKeys: { nodes: readonly object[] } }>('{ apiKeys { nodes { id prefix label role scopes channel state createdBy lastUsedAt secrets { createdAt lastUsedAt } } } }', { 'x-api-key': ADMIN });
    expect(data!.apiKeys.nodes[0]).toMatchObject({ createdBy: 'key:root', state: 'ACTIVE' });
    expect(JSON.stringify(data)).not.toMatch(/[0-9a-f]{64}/);
  });

  it('are rotated without anybody being locked out', async () => {
    const { apiKey, key: old } = await create({ role: 'SERVICE' });
    const { key: young } = await change('rotateApiKey', { idempotencyKey: randomUUID(), id: apiKey!.id });
    for (const key of [old!, young!, old!]) expect(await statusOf({ 'x-api-key': key })).toBe(200);
    const { key: last } = await change('rotateApiKey', { idempotencyKey: randomUUID(), id: apiKey!.id, overlapSeconds: 0 });
    await eventually(async () => expect(await Promise.all([old!, young!].map((key) => statusOf({ 'x-api-key': key })))).toEqual([401, 401]));
    expect(await statusOf({ 'x-api-key': last! })).toBe(200);
  });

  it('are refused when they are revoked, on every gateway, and their connections are closed', async () => {
    const { apiKey, key } = await create({ role: 'SERVICE' });
    const other = hosting === 'services' ? await house.startGateway() : null;
    const urls = [house.url, ...(other ? [other.url] : [])];
    const { key: another } = await create({ role: 'SERVICE' });
    const sockets = await Promise.all(urls.map((url) => connect(url, { 'x-api-key': key! })));
    const bystander = await connect(house.url, { 'x-api-key': another! });
    for (const url of urls) expect(await statusOf({ 'x-api-key': key! }, url)).toBe(200);
    await change('revokeApiKey', { id: apiKey!.id });
    expect(await Promise.all(sockets.map(({ closed }) => closed))).toEqual(urls.map(() => 4403));
    for (const url of urls) expect(await statusOf({ 'x-api-key': key! }, url)).toBe(401);
    expect(await closeCodeOf(house.url, { 'x-api-key': key! })).toBe(4403);
    expect(await Promise.race([bystander.closed, new Promise((done) => setTimeout(() => done('open'), 200))])).toBe('open');
    await other?.stop();
  }, 90_000);

  it('of a storefront show a shopper their prices, on its channel only', async () => {
    const { key } = await create({ role: 'STOREFRONT', channel: 'trade', documents: 'ANY' });
    const shop = { 'x-api-key': key! };
    const guest = await bearer({ roles: ['shopper'] });
    const contract = { roles: ['buyer'], customer_number: 'C1001', company_number: 'C1001' };
    expect(await prices({ ...shop, ...guest, 'x-channel': 'web' })).toEqual(await prices({ ...guest, 'x-channel': 'trade' }));
    expect(await prices({ ...shop, ...guest, 'x-channel': 'web' })).not.toEqual(await prices({ ...guest, 'x-channel': 'web' }));
    const theirs = await prices({ ...shop, ...(await bearer(contract)) });
    expect(theirs).toEqual(await prices({ ...(await bearer(contract)), 'x-channel': 'trade' }));
    expect(theirs).not.toEqual(await prices({ ...shop, ...guest }));
    expect(await prices(shop)).toEqual(await prices({ ...shop, ...guest }));
    const elsewhere = await ask(NAMES, { ...shop, ...(await bearer({ ...contract, channel: 'web' })) });
    expect([elsewhere.status, elsewhere.errors[0]?.extensions?.['code']]).toEqual([403, 'FORBIDDEN']);
    expect(await statusOf({ ...shop, authorization: 'Bearer nonsense' })).toBe(401);
    expect(await statusOf({ 'x-api-key': 'ucg_nobody.abcdefghijklmnopqrstuvwxyz', ...guest })).toBe(401);
  });

  it('of a storefront send trusted documents and no others, its shoppers with it', async () => {
    const { key } = await create({ role: 'STOREFRONT', channel: 'web' });
    const { operations } = JSON.parse(readFileSync('schema/client/manifest.json', 'utf8')) as { operations: { id: string; name: string; body: string }[] };
    const { body, name } = operations.find(({ body: text }) => /^query \w+ \{/.test(text) && text.includes('me {'))!;
    const shopper = await bearer({ roles: ['shopper'], customer_number: 'C2001' });
    const trusted = await ask<{ me: { number: string } }>(body, { 'x-api-key': key!, ...shopper });
    expect([name, trusted.errors]).toEqual(['Account', []]);
    expect(trusted.data!.me.number).toBe('C2001');
    for (const more of [{}, shopper]) expect((await ask(NAMES, { 'x-api-key': key!, ...more })).errors[0]?.extensions?.['code']).toBe('FORBIDDEN');
    expect((await ask(NAMES, shopper)).errors).toEqual([]);
  });

  it.runIf(hosting === 'services')('open while their keeper is silent, and nobody calls a good one wrong', async () => {
    const [{ key: known }, { key: cold }] = [await create({ role: 'SERVICE' }), await create({ role: 'SERVICE' })];
    expect(await statusOf({ 'x-api-key': known! })).toBe(200);
    const keeper = processOf(house.pid(), 'subgraphs/main.ts customer');
    process.kill(keeper, 'SIGSTOP');
    try {
      const refused = await ask(NAMES, { 'x-api-key': cold! });
      expect([refused.status, refused.errors[0]?.extensions]).toMatchObject([503, { code: 'UPSTREAM_UNAVAILABLE', retryable: true }]);
      expect(await closeCodeOf(house.url, { 'x-api-key': cold! })).toBe(1013);
      expect((await fetch(`${house.url}/operations/report`, { headers: { 'x-api-key': cold! } })).status).toBe(503);
      // Longer than it is believed without asking.
      await new Promise((done) => setTimeout(done, 5_500));
      expect(await statusOf({ 'x-api-key': known! })).toBe(200);
      expect(await statusOf({ 'x-api-key': ADMIN })).toBe(403);
    } finally {
      process.kill(keeper, 'SIGCONT');
    }
    await eventually(async () => expect(await statusOf({ 'x-api-key': cold! })).toBe(200));
  }, 60_000);

  it('leave nothing of themselves in the log, nor in an answer, right or wrong', async () => {
    const { apiKey, key } = await create({ role: 'SERVICE' });
    const { authorization } = await bearer({ roles: ['shopper'] });
    const spoiled = `${authorization.slice(0, -12)}AAAAAAAAAAAA`;
    const malformed = `Bearer eyJhbGciOiJub25lIn0.${randomBytes(30).toString('base64url')}`;
    const wrong = `${apiKey!.prefix}.${randomBytes(32).toString('base64url')}`;
    const attempts: Record<string, string>[] = [{ 'x-api-key': wrong }, { 'x-api-key': wrong.replace('ucg_', 'ucg-') }, { authorization: spoiled }, { authorization: malformed }, { authorization: malformed.replace('Bearer', 'Basic') }, { 'x-api-key': key!, authorization: spoiled }];
    const answers = await Promise.all(attempts.map((headers) => ask('query Secret { products(first: 1) { nodes { code } } }', headers)));
    expect(answers.map(({ status }) => status)).toEqual(attempts.map(() => 401));
    expect(await ask('query Forbidden { customers { nodes { number } } }', { 'x-api-key': key! })).toMatchObject({ status: 403 });
    await eventually(async () => expect(house.output()).toMatch(/"operation":"Forbidden".*"operation failed"/));
    const told = house.output() + JSON.stringify(answers);
    const secrets = [ADMIN, key!, wrong].map((text) => text.split('.')[1]!).concat([authorization, spoiled, malformed].map((text) => text.split(' ')[1]!.slice(-60)));
    for (const secret of secrets) expect(told.includes(secret) || told.includes(secret.slice(0, 16))).toBe(false);
    expect(told).toContain(`key:${apiKey!.prefix}`);
  });
});

/** The child of this process that runs it. */
function processOf(parent: number, what: string): number {
  const line = execFileSync('ps', ['-eo', 'pid=,ppid=,args='], { encoding: 'utf8' }).split('\n').find((text) => text.includes(what) && Number(/^\s*\d+\s+(\d+)/.exec(text)?.[1]) === parent);
  return Number(/^\s*(\d+)/.exec(line!)![1]);
}
