import { createHash, randomUUID } from 'node:crypto';
import { graphql, type ExecutionResult } from 'graphql';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Failure } from '../../../../domain/failure.ts';
import { ANONYMOUS, SCOPES, type Principal } from '../../../../domain/principal.ts';
import { rightsOf } from '../../../../domain/roles.ts';
import { findBrokenAudit, readAudit } from '../../../../platform/audit.ts';
import { manualClock } from '../../../../platform/clock.ts';
import { silentLog } from '../../../../platform/log.ts';
import { customerModule } from '../../../../subgraphs/customer/index.ts';
import type { Subgraph, SubgraphDependencies } from '../../../../subgraphs/frame/module.ts';
import { createTestDatabase, type TestDatabase } from '../../../support/database.ts';
import { dependenciesOf, PEOPLE, portsOf, syncCustomers } from './customer-fixture.ts';

const START = Date.parse('2026-11-21T12:00:00Z');
const DAY_MS = 86_400_000;
const clock = manualClock(START);
const ADMIN: Principal = { ...ANONYMOUS, subject: 'key:root', kind: 'OPERATIONS', scopes: ['access:admin'] };

let test: TestDatabase;
let dependencies: SubgraphDependencies;
let subgraph: Subgraph<'customer'>;

beforeAll(async () => {
  test = await createTestDatabase();
  dependencies = { ...dependenciesOf(test.database, portsOf(() => PEOPLE), silentLog), clock };
  subgraph = await customerModule.create(dependencies);
  await syncCustomers(test.database, () => PEOPLE, silentLog);
}, 60_000);
afterAll(() => test?.drop());

interface Shown {
  readonly id: string;
  readonly prefix: string;
  readonly state: string;
  readonly scopes: readonly string[];
  readonly documents: string;
  readonly lastUsedAt: string | null;
  readonly secrets: readonly { readonly createdAt: string; readonly expiresAt: string | null; readonly lastUsedAt: string | null }[];
}
interface Payload {
  readonly apiKey: Shown | null;
  readonly key: string | null;
  readonly userErrors: readonly { readonly code: string; readonly field: readonly string[] }[];
}

const FIELDS = 'id prefix label role scopes channel customerNumber companyNumber documents state expiresAt createdAt createdBy lastUsedAt revokedAt revokedBy secrets { createdAt expiresAt lastUsedAt }';
const run = (source: string, variableValues: Record<string, unknown> = {}, principal = ADMIN): Promise<ExecutionResult> =>
  graphql({
    schema: subgraph.schema, source, variableValues,
    contextValue: subgraph.createContext({ principal, shopping: { channel: null, locale: null, currencyCode: null, companyLocation: null }, signal: AbortSignal.timeout(5_000), deadlineAtMs: Date.now() + 5_000, traceparent: null }),
  });
async function change(field: string, input: object, principal = ADMIN): Promise<Payload> {
  const type = `${field[0]!.toUpperCase()}${field.slice(1)}Input!`;
  const { data, errors } = await run(`mutation ($input: ${type}) { ${field}(input: $input) { apiKey { ${FIELDS} } ${field === 'revokeApiKey' ? '' : 'key'} userErrors { code field } } }`, { input }, principal);
  if (errors) throw errors[0]!.originalError ?? errors[0]!;
  return JSON.parse(JSON.stringify(data![field])) as Payload;
}
const create = (input: object, principal = ADMIN) => change('createApiKey', { idempotencyKey: randomUUID(), label: 'a key', role: 'SERVICE', ...input }, principal);
const rotate = (id: string, more: object = {}) => change('rotateApiKey', { idempotencyKey: randomUUID(), id, ...more });
const find = async (prefix: string) => (await subgraph.client.findApiKeys({ prefixes: [prefix] }))[0]!;
const sha256 = (key: string) => createHash('sha256').update(key).digest('hex');
const faults = async (input: object) => (await create(input)).userErrors.map(({ code, field }) => `${code} ${field.join('.')}`);

describe('API keys', () => {
  it('are made with what their role may do, and told once', async () => {
    const { apiKey, key, userErrors } = await create({ role: 'STOREFRONT', label: 'shop', channel: 'web', expiresAt: '2027-01-01T00:00:00.000Z' });
    expect(userErrors).toEqual([]);
    expect(key).toMatch(/^ucg_[0-9a-f]{20}\.[\w-]{43}$/);
    expect(apiKey).toMatchObject({ prefix: key!.split('.')[0], state: 'ACTIVE', documents: 'TRUSTED', scopes: ['catalog:read', 'availability:read', 'price:read'], createdBy: 'key:root', secrets: [{ expiresAt: null }] });
    const record = await find(apiKey!.prefix);
    expect(record).toEqual({
      prefix: apiKey!.prefix, role: 'storefront', documents: 'TRUSTED', expiresAt: '2027-01-01T00:00:00.000Z', secrets: [{ id: expect.any(String) as string, sha256: sha256(key!), expiresAt: null }],
      principal: { subject: `key:${apiKey!.prefix}`, kind: 'SHOPPER', scopes: ['catalog:read', 'availability:read', 'price:read'], channel: 'web', customerNumber: null, companyNumber: null },
    });
  });

  it('are kept nowhere in clear: not in tables, events or audit', async () => {
    const { apiKey, key } = await create({});
    const secret = key!.split('.')[1]!;
    const tables = await test.database.query<{ name: string }>("select table_name as name from information_schema.tables where table_schema = 'customer'");
    const dump = await Promise.all(tables.map(({ name }) => test.database.query(`select to_jsonb(t) as row from customer.${name} t`)));
    expect(JSON.stringify(dump)).toContain(sha256(key!));
    expect(JSON.stringify(dump)).not.toContain(secret);
    expect(JSON.stringify(await readAudit(test.database, 'customer', apiKey!.id))).not.toContain(sha256(key!));
  });

  it('have no more than their role, however they are asked for', async () => {
    expect((await create({ role: 'SERVICE', scopes: ['price:read', 'catalog:read'] })).apiKey!.scopes).toEqual(['catalog:read', 'price:read']);
    expect(await faults({ role: 'STOREFRONT', scopes: ['catalog:read', 'order:read:all'] })).toEqual(['INVALID_INPUT scopes.1']);
    expect(await faults({ scopes: [] })).toEqual(['INVALID_INPUT scopes']);
    // A row that says more than its role has by now.
    const { apiKey } = await create({ role: 'CHECKOUT' });
    await test.database.run('update customer.api_key set scopes = $2 where id = $1', [apiKey!.id, [...SCOPES]]);
    expect((await find(apiKey!.prefix)).principal.scopes).toEqual(SCOPES.filter((scope) => rightsOf('checkout').scopes.includes(scope)));
  });

  it.each<[object, string]>([
    [{ label: ' ' }, 'INVALID_INPUT label'],
    [{ label: 'x'.repeat(101) }, 'INVALID_INPUT label'],
    [{ label: 'a\0b' }, 'INVALID_INPUT label'],
    [{ idempotencyKey: '' }, 'INVALID_INPUT idempotencyKey'],
    [{ channel: 'no such thing' }, 'INVALID_INPUT channel'],
    [{ role: 'MARKETPLACE' }, 'INVALID_INPUT channel'],
    [{ role: 'FINANCE', channel: 'web' }, 'INVALID_INPUT channel'],
    [{ expiresAt: '2026-11-21T12:00:00.000Z' }, 'INVALID_INPUT expiresAt'],
    [{ customerNumber: 'C-1001' }, 'INVALID_INPUT customerNumber'],
    [{ role: 'SHOPPER' }, 'INVALID_INPUT customerNumber'],
    [{ role: 'SHOPPER', customerNumber: 'C-1001', companyNumber: 'C-3001' }, 'INVALID_INPUT companyNumber'],
    [{ role: 'BUYER' }, 'INVALID_INPUT companyNumber'],
    [{ role: 'SHOPPER', customerNumber: 'C-9999' }, 'NOT_FOUND customerNumber'],
    [{ role: 'BUYER', companyNumber: 'C-1001' }, 'NOT_FOUND companyNumber'],
  ])('are not made of %j', async (input, fault) => {
    expect(await faults(input)).toEqual([fault]);
  });

  it('of a buyer act for the customer and company they name', async () => {
    const { apiKey } = await create({ role: 'BUYER', customerNumber: 'C-1001', companyNumber: 'C-3001' });
    expect((await find(apiKey!.prefix)).principal).toMatchObject({ kind: 'BUYER', customerNumber: 'C-1001', companyNumber: 'C-3001' });
  });

  it('are made once per idempotency key, and not shown again', async () => {
    const input = { idempotencyKey: randomUUID(), role: 'CHECKOUT', label: 'once' };
    const [first, second] = await Promise.all([create(input), create(input)]);
    expect(first.apiKey!.id).toBe(second.apiKey!.id);
    expect([first.key, second.key].filter((key) => key !== null)).toHaveLength(1);
    expect((await create({ ...input, label: 'another' })).userErrors).toEqual([{ code: 'CONFLICT', field: ['idempotencyKey'] }]);
    expect((await create(input, { ...ADMIN, subject: 'key:other' })).apiKey!.id).not.toBe(first.apiKey!.id);
  });

  it('are rotated with an overlap, two secrets at a time', async () => {
    const { apiKey, key } = await create({});
    const { id, prefix } = apiKey!;
    const rotated = await rotate(id, { overlapSeconds: 3_600 });
    expect(rotated.key!.split('.')[0]).toBe(prefix);
    expect((await find(prefix)).secrets.map(({ sha256: hash }) => hash)).toEqual([sha256(key!), sha256(rotated.key!)]);
    expect(rotated.apiKey!.secrets.map(({ expiresAt }) => expiresAt)).toEqual([new Date(clock.now() + 3_600_000).toISOString(), null]);
    expect((await rotate(id)).userErrors).toEqual([{ code: 'CONFLICT', field: ['overlapSeconds'] }]);
    const leaked = await rotate(id, { overlapSeconds: 0 });
    expect((await find(prefix)).secrets.map(({ sha256: hash }) => hash)).toEqual([sha256(leaked.key!)]);
    expect((await rotate(id, { overlapSeconds: -1 })).userErrors).toEqual([{ code: 'INVALID_INPUT', field: ['overlapSeconds'] }]);
    expect((await rotate(randomUUID())).userErrors).toEqual([{ code: 'NOT_FOUND', field: ['id'] }]);
  });

  it('lose the old secret when the overlap has passed', async () => {
    const { apiKey, key } = await create({});
    const { key: next } = await rotate(apiKey!.id, { overlapSeconds: 60 });
    expect((await find(apiKey!.prefix)).secrets.map((secret) => secret.sha256)).toEqual([sha256(key!), sha256(next!)]);
    clock.advance(60_000);
    expect((await find(apiKey!.prefix)).secrets.map((secret) => secret.sha256)).toEqual([sha256(next!)]);
    expect((await rotate(apiKey!.id)).userErrors).toEqual([]);
  });

  it('are rotated once, however many ask at the same time', async () => {
    const { apiKey } = await create({});
    const all = await Promise.all([1, 2, 3, 4].map(() => rotate(apiKey!.id)));
    expect(all.filter(({ key }) => key !== null)).toHaveLength(1);
    expect((await find(apiKey!.prefix)).secrets).toHaveLength(2);
  });

  it('are revoked for good, and once', async () => {
    const { apiKey } = await create({});
    const first = await change('revokeApiKey', { id: apiKey!.id });
    expect(first.apiKey).toMatchObject({ state: 'REVOKED', revokedBy: 'key:root', secrets: [] });
    expect(await find(apiKey!.prefix)).toBeNull();
    clock.advance(1_000);
    expect((await change('revokeApiKey', { id: apiKey!.id })).apiKey).toEqual(first.apiKey);
    expect((await rotate(apiKey!.id)).userErrors).toEqual([{ code: 'CONFLICT', field: ['id'] }]);
    expect((await change('revokeApiKey', { id: randomUUID() })).userErrors).toEqual([{ code: 'NOT_FOUND', field: ['id'] }]);
    await expect(change('revokeApiKey', { id: 'x' })).rejects.toMatchObject({ code: 'INVALID_INPUT', field: ['id'] });
  });

  it('leave a chained audit entry and an event for each change', async () => {
    await subgraph.start();
    const told: unknown[] = [];
    const { apiKey } = await create({});
    await dependencies.eventLog.subscribe('access', ({ payload }) => told.push((payload as { prefix: string }).prefix));
    await rotate(apiKey!.id);
    await change('revokeApiKey', { id: apiKey!.id });
    expect((await readAudit(test.database, 'customer', apiKey!.id)).map(({ action, actor }) => [action, actor])).toEqual([['access.create', 'key:root'], ['access.rotate', 'key:root'], ['access.revoke', 'key:root']]);
    expect(await findBrokenAudit(test.database, 'customer')).toBeNull();
    await vi.waitFor(() => expect(told.filter((prefix) => prefix === apiKey!.prefix).length).toBeGreaterThanOrEqual(2), 10_000);
    await subgraph.stop();
  });

  it('remember when each secret was used last, and never an earlier use', async () => {
    const { apiKey } = await create({});
    await rotate(apiKey!.id);
    const [old, young] = (await find(apiKey!.prefix)).secrets;
    const at = (ms: number) => new Date(START + ms).toISOString() as never;
    await subgraph.client.noteApiKeyUses({ uses: [{ secretId: old!.id, at: at(5_000) }, { secretId: young!.id, at: at(9_000) }, { secretId: randomUUID(), at: at(1) }] });
    await subgraph.client.noteApiKeyUses({ uses: [{ secretId: young!.id, at: at(2_000) }] });
    const { data } = await run(`{ apiKeys(first: 250) { nodes { ${FIELDS} } } }`);
    const shown = (data as { apiKeys: { nodes: readonly Shown[] } }).apiKeys.nodes.find(({ id }) => id === apiKey!.id)!;
    expect(shown.secrets.map(({ lastUsedAt }) => lastUsedAt)).toEqual([at(5_000), at(9_000)]);
    expect(shown.lastUsedAt).toBe(at(9_000));
  });

  it('are listed newest first, page by page, without a hash', async () => {
    const made: string[] = [];
    for (const label of ['1', '2', '3']) {
      clock.advance(1_000);
      made.unshift((await create({ label, channel: 'listed', role: label === '2' ? 'CHECKOUT' : 'SERVICE', expiresAt: label === '1' ? new Date(clock.now() + 10_000).toISOString() : null })).apiKey!.id);
    }
    const page = async (args: string) => {
      const { data, errors } = await run(`{ apiKeys(${args}) { nodes { id state } pageInfo { hasNextPage endCursor } } }`);
      expect(errors).toBeUndefined();
      return (data as { apiKeys: { nodes: { id: string; state: string }[]; pageInfo: { hasNextPage: boolean; endCursor: string } } }).apiKeys;
    };
    const first = await page('first: 2, filter: { channel: "listed" }');
    expect(first).toMatchObject({ nodes: [{ id: made[0] }, { id: made[1] }], pageInfo: { hasNextPage: true } });
    expect(await page(`first: 2, filter: { channel: "listed" }, after: "${first.pageInfo.endCursor}"`)).toMatchObject({ nodes: [{ id: made[2] }], pageInfo: { hasNextPage: false } });
    expect((await page('filter: { channel: "listed", role: CHECKOUT }')).nodes.map(({ id }) => id)).toEqual([made[1]]);
    clock.advance(DAY_MS);
    expect((await page('filter: { channel: "listed", state: EXPIRED }')).nodes).toEqual([{ id: made[2], state: 'EXPIRED' }]);
    expect((await run('{ apiKeys(after: "x") { nodes { id } } }')).errors?.[0]?.message).toContain('after is not a cursor');
    expect((await run('{ apiKeys { nodes { sha256 } } }')).errors?.[0]?.message).toContain('Cannot query field "sha256"');
  });

  it('are the business of access:admin alone, and of nobody bound to a channel', async () => {
    const others: readonly Principal[] = [ANONYMOUS, { ...ADMIN, scopes: SCOPES.filter((scope) => scope !== 'access:admin') }, { ...ADMIN, channel: 'web' }];
    const codes = await Promise.all(others.map(async (principal) => {
      const attempts = await Promise.all([create({}, principal), change('revokeApiKey', { id: randomUUID() }, principal), change('rotateApiKey', { idempotencyKey: 'x', id: randomUUID() }, principal)].map((work) => work.then(() => null, (error: Failure) => error.code)));
      const listed = (await run('{ apiKeys { nodes { id } } }', {}, principal)).errors?.[0]?.originalError as Failure;
      return [...attempts, listed.code];
    }));
    expect(codes).toEqual([Array(4).fill('UNAUTHENTICATED'), Array(4).fill('FORBIDDEN'), Array(4).fill('FORBIDDEN')]);
  });

  it('are looked up many at once, in the order asked', async () => {
    const [a, b] = [await create({}), await create({})];
    const found = await subgraph.client.findApiKeys({ prefixes: [b.apiKey!.prefix, 'nobody', a.apiKey!.prefix] });
    expect(found.map((record) => record?.prefix ?? null)).toEqual([b.apiKey!.prefix, null, a.apiKey!.prefix]);
    await expect(subgraph.client.findApiKeys({ prefixes: Array.from({ length: 501 }, String) })).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  });
});
