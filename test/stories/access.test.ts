import { createHmac } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSigner } from '../../platform/signed.ts';
import { systemClock } from '../../platform/clock.ts';
import { hostings, startDeployment, type Deployment } from '../support/deployment.ts';
import { createGraph, watchWebSocket } from '../support/graph-client.ts';
import { eventually } from '../support/storefront-operations.ts';
import { startTokenIssuer, type TokenFault, type TokenIssuer } from '../support/token-issuer.ts';

const BROWSE = 'catalog:read availability:read price:read';
const NAMES = '{ products(first: 1) { nodes { code } } }';
const PRICES = '{ products(first: 60, sort: NAME_ASC) { nodes { variants { sku price { unitPrice { amount } } availability { quantity } } } } }';

/** Makes a key as an operator does, and reads what the command prints. */
function makeKey(prefix: string): { readonly key: string; readonly entry: object } {
  const script = "const { spawnSync } = require('node:child_process'); const r = spawnSync(process.execPath, ['--import', 'tsx', 'scripts/new-key.ts', process.argv[1]], { encoding: 'utf8' }); process.stdout.write(JSON.stringify([r.stdout, r.stderr]))";
  const [stdout, stderr] = JSON.parse(execFileSync(process.execPath, ['-e', script, prefix], { encoding: 'utf8' })) as [string, string];
  return { key: /the key, shown once: (\S+)/.exec(stderr)![1]!, entry: JSON.parse(stdout) as object };
}

/** Who may see and do what, with a real issuer of tokens, on the shape that is deployed where its stores are at hand. */
const hosting = hostings().at(-1)!;
describe(`access on ${hosting} hosting`, () => {
  let issuer: TokenIssuer;
  let house: Deployment;
  const made = makeKey('browse');

  beforeAll(async () => {
    issuer = await startTokenIssuer();
    const file = join(mkdtempSync(join(tmpdir(), 'ucg-keys-')), 'keys.json');
    writeFileSync(file, JSON.stringify([made.entry]));
    house = await startDeployment({ hosting, env: { ...issuer.env, API_KEYS_FILE: file, LOG_LEVEL: 'info', CHANNEL_PRICE_LISTS: 'trade=WHOLESALE' } });
  }, 120_000);
  afterAll(async () => {
    await house.stop();
    await issuer.close();
  }, 60_000);

  const graph = () => createGraph(house.url);
  const bearer = async (claims: object, fault: TokenFault = {}) => ({ authorization: `Bearer ${await issuer.issue(claims as never, fault)}` });
  const codeOf = async (query: string, headers: Record<string, string>, variables: object = {}) => {
    const { status, errors } = await graph()(query, variables, headers);
    return [status, errors[0]?.extensions?.['code'] ?? null];
  };

  it('opens to a valid token, and to a key made by npm run key', async () => {
    expect(await codeOf(NAMES, await bearer({ scope: BROWSE }))).toEqual([200, null]);
    expect(await codeOf(NAMES, { 'x-api-key': made.key })).toEqual([200, null]);
    expect(await codeOf(NAMES, { 'x-api-key': `${made.key}x` })).toEqual([401, 'UNAUTHENTICATED']);
  });

  it.each<[string, TokenFault]>([
    ['of another issuer', { issuer: 'https://other.example/' }],
    ['for another audience', { audience: 'another-api' }],
    ['that has expired', { expiresAt: 1_700_000_000 }],
    ['with an unknown key id', { kid: 'two' }],
    ['signed by another key', { foreignKey: true }],
  ])('stays shut to a token %s', async (_what, fault) => {
    expect(await codeOf(NAMES, await bearer({ scope: BROWSE }, fault))).toEqual([401, 'UNAUTHENTICATED']);
  });

  it('stays shut to tokens nobody signed, or that anybody could have', async () => {
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const claims = part({ sub: 'x', iss: issuer.env['JWT_ISSUER'], aud: issuer.env['JWT_AUDIENCE'], exp: Math.floor(Date.now() / 1000) + 300, scope: BROWSE });
    const none = `${part({ alg: 'none' })}.${claims}.`;
    const unsigned = `${part({ alg: 'HS256', kid: 'one' })}.${claims}`;
    const keys = await (await fetch(issuer.env['JWKS_URL']!)).text();
    const symmetric = `${unsigned}.${createHmac('sha256', keys).update(unsigned).digest('base64url')}`;
    for (const token of [none, symmetric, 'nonsense', 'a.b.c']) expect(await codeOf(NAMES, { authorization: `Bearer ${token}` })).toEqual([401, 'UNAUTHENTICATED']);
    expect(await codeOf(NAMES, { authorization: 'Basic YTpi' })).toEqual([401, 'UNAUTHENTICATED']);
  });

  it('tells strangers to sign in and others what they lack', async () => {
    expect(await codeOf(NAMES, {})).toEqual([401, 'UNAUTHENTICATED']);
    expect(await codeOf(NAMES, await bearer({ scope: 'price:read' }))).toEqual([403, 'FORBIDDEN']);
    expect(await codeOf('{ customers { nodes { number } } }', await bearer({ scope: `${BROWSE} customer:read` }))).toEqual([403, 'FORBIDDEN']);
    expect(await codeOf('{ __schema { types { name } } }', await bearer({ scope: BROWSE }))).toEqual([403, 'FORBIDDEN']);
    expect(await codeOf('{ __schema { types { name } } }', await bearer({ scope: 'operations' }))).toEqual([200, null]);
  });

  interface Priced {
    readonly products: { readonly nodes: readonly { readonly variants: readonly { readonly sku: string; readonly price: { readonly unitPrice: { readonly amount: string } } | null; readonly availability: { readonly quantity: string } | null }[] }[] };
  }
  const variants = async (claims: object) => {
    const { data, errors } = await graph()<Priced>(PRICES, {}, await bearer(claims));
    expect(errors).toEqual([]);
    return data!.products.nodes.flatMap((product) => product.variants);
  };

  it('shows a contract price to its buyer and to nobody else', async () => {
    const [anybody, buyer, again] = [await variants({ scope: BROWSE }), await variants({ scope: BROWSE, customer_number: 'C1001', company_number: 'C1001' }), await variants({ scope: BROWSE })];
    const amounts = (list: typeof anybody) => list.map(({ price }) => price?.unitPrice.amount ?? null);
    expect(amounts(buyer)).not.toEqual(amounts(anybody));
    expect(amounts(again)).toEqual(amounts(anybody));
  });

  it('shows exact quantities only with availability:exact', async () => {
    const [capped, exact] = [await variants({ scope: BROWSE }), await variants({ scope: `${BROWSE} availability:exact` })];
    const most = (list: typeof capped) => Math.max(...list.map(({ availability }) => Number(availability?.quantity ?? 0)));
    expect(most(exact)).toBeGreaterThan(most(capped));
    const exactOf = new Map(exact.map(({ sku, availability }) => [sku, Number(availability?.quantity ?? 0)]));
    for (const { sku, availability } of capped) expect(Number(availability?.quantity ?? 0)).toBe(Math.min(exactOf.get(sku)!, most(capped)));
  });

  it('keeps a caller in the channel its token is bound to', async () => {
    const pricesIn = async (claims: object) => {
      const { data } = await graph()<Priced>(PRICES, {}, { ...(await bearer({ scope: BROWSE, ...claims })), 'x-channel': 'trade' });
      return data!.products.nodes.flatMap((product) => product.variants.map(({ price }) => price?.unitPrice.amount ?? null));
    };
    const [unbound, bound, elsewhere] = [await pricesIn({}), await pricesIn({ channel: 'web' }), await variants({ scope: BROWSE })];
    expect(bound).toEqual(elsewhere.map(({ price }) => price?.unitPrice.amount ?? null));
    expect(unbound).not.toEqual(bound);
  });

  it('keeps it there over WebSocket too, whatever its connection or an argument says', async () => {
    const bound = await bearer({ scope: `${BROWSE} availability:exact`, channel: 'web' });
    const overSocket = async (query: string, params: Record<string, string>) => {
      const watch = await watchWebSocket<{ data?: Priced; errors?: readonly { extensions?: Record<string, unknown> }[] }>(house.url, query, {}, params);
      const told = await watch.until(() => true);
      watch.stop();
      return told;
    };
    const amounts = ({ data }: { data?: Priced }) => data!.products.nodes.flatMap((product) => product.variants.map(({ price }) => price?.unitPrice.amount ?? null));
    const elsewhere = amounts(await overSocket(PRICES, { ...bound, 'x-channel': 'trade' }));
    expect(elsewhere).toEqual(amounts(await overSocket(PRICES, bound)));
    expect(elsewhere).not.toEqual(amounts(await overSocket(PRICES, { ...(await bearer({ scope: BROWSE })), 'X-Channel': 'trade' })));
    const asked = await overSocket('subscription { stockChanged(channel: "trade") { cursor } }', bound);
    expect(asked.errors?.[0]?.extensions?.['code']).toBe('FORBIDDEN');
    expect(await codeOf('{ channelListings(channel: "trade") { nodes { channel } } }', bound)).toEqual([200, 'FORBIDDEN']);
  });

  it('gives roles of a token what their business needs', async () => {
    expect(await codeOf(NAMES, await bearer({ roles: ['shopper'] }))).toEqual([200, null]);
    expect(await codeOf('{ customers { nodes { number } } }', await bearer({ roles: ['shopper'] }))).toEqual([403, 'FORBIDDEN']);
    expect(await codeOf('{ customers { nodes { number } } }', await bearer({ roles: ['finance'] }))).toEqual([200, null]);
    expect(await codeOf('{ apiKeys { nodes { id } } }', await bearer({ roles: ['operations', 'finance'] }))).toEqual([403, 'FORBIDDEN']);
    expect(await codeOf('{ apiKeys { nodes { id } } }', await bearer({ roles: ['admin'] }))).toEqual([200, null]);
    expect(await codeOf('{ apiKeys { nodes { id } } }', await bearer({ roles: ['admin'], channel: 'web' }))).toEqual([200, 'FORBIDDEN']);
    // Whoever says nothing but to be a storefront sends what was registered.
    expect(await codeOf(NAMES, await bearer({ roles: ['storefront'] }))).toEqual([403, 'FORBIDDEN']);
  });

  it('shows customers to themselves, and all of them only to whoever may see all', async () => {
    const lookUp = async (number: string, claims: object) =>
      (await graph()<{ customer: { number: string } | null }>('query ($number: ID!) { customer(by: { number: $number }) { number email } }', { number }, await bearer(claims))).data?.customer?.number ?? null;
    const shopper = { scope: 'customer:read', customer_number: 'C2001' };
    expect(await lookUp('C2001', shopper)).toBe('C2001');
    expect(await lookUp('C2002', shopper)).toBeNull();
    expect(await lookUp('C2002', { scope: 'customer:read:all' })).toBe('C2002');
  });

  it('believes no principal that a client states itself', async () => {
    const forged = createSigner({ secret: 'a-secret-that-the-house-does-not-know-at-all', ttlMs: 60_000, clock: systemClock })
      .sign({ principal: { subject: 'root', kind: 'OPERATIONS', scopes: ['operations', 'catalog:read'], channel: null, customerNumber: null, companyNumber: null }, shopping: { channel: null, locale: null, currencyCode: null, companyLocation: null } });
    expect(await codeOf(NAMES, { 'x-request-scope': forged })).toEqual([401, 'UNAUTHENTICATED']);
    expect(await codeOf('{ me { number } }', { ...(await bearer({ scope: BROWSE })), 'x-request-scope': forged })).toEqual([403, 'FORBIDDEN']);
  });

  it.runIf(hosting === 'services')('reaches no subgraph past the gateway', async () => {
    const principal = { subject: 'x', kind: 'SERVICE', scopes: ['catalog:read'], channel: null, customerNumber: null, companyNumber: null };
    const statement = { principal, shopping: { channel: null, locale: null, currencyCode: null, companyLocation: null } };
    const sign = (secret: string, ttlMs: number) => createSigner({ secret, ttlMs, clock: systemClock }).sign(statement);
    const statusWith = async (headers: Record<string, string>) =>
      (await fetch(house.subgraphs['catalog']!, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify({ query: NAMES }) })).status;
    const secret = 'story-story-story-story-story-story';
    expect(await statusWith({})).toBe(401);
    expect(await statusWith({ 'x-request-scope': sign('another-secret-of-at-least-32-characters', 60_000) })).toBe(401);
    expect(await statusWith({ 'x-request-scope': sign(secret, -1_000) })).toBe(401);
    expect(await statusWith({ 'x-request-scope': `${sign(secret, 60_000).split('.')[0]}.` })).toBe(401);
    expect(await statusWith({ 'x-request-scope': sign(secret, 60_000) })).toBe(200);
  });

  it('follows an issuer that changes its keys, and stays open while it is away', async () => {
    await issuer.rotate('next', ['one', 'next']);
    await eventually(async () => expect(await codeOf(NAMES, await bearer({ scope: BROWSE }, { kid: 'next' }))).toEqual([200, null]));
    issuer.behave({ status: 503, body: 'gone fishing' });
    expect(await codeOf(NAMES, await bearer({ scope: BROWSE }, { kid: 'next' }))).toEqual([200, null]);
    // Perhaps a newer key: nobody can say, and nobody is called a stranger.
    await eventually(async () => expect(await codeOf(NAMES, await bearer({ scope: BROWSE }, { kid: 'later' }))).toEqual([503, 'UPSTREAM_UNAVAILABLE']));
    issuer.behave(null);
  });

  it('never writes credentials into its log, only who was refused', async () => {
    const headers = await bearer({ scope: 'price:read' });
    await graph()('query Refused { products(first: 1) { nodes { code } } }', {}, { ...headers, 'x-request-id': 'refused-1' });
    await eventually(async () => expect(house.output()).toMatch(/"operation":"Refused".*"operation failed"/));
    expect(house.output()).toContain('"subject":"jwt:somebody"');
    expect(house.output()).not.toContain(headers.authorization.slice('Bearer '.length + 20));
    expect(house.output()).not.toContain(made.key.split('.')[1]);
  });
});
