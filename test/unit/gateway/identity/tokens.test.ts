import { createHmac, randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { SCOPES } from '../../../../domain/principal.ts';
import { rightsOf, ROLES } from '../../../../domain/roles.ts';
import { discoverKeys } from '../../../../gateway/identity/issuer-document.ts';
import { createTokens, type TokenOptions } from '../../../../gateway/identity/tokens.ts';
import { manualClock } from '../../../../platform/clock.ts';
import { startTokenIssuer, type TokenFault, type TokenIssuer } from '../../../support/token-issuer.ts';

const GARBAGE = ['', 'no json', '[]', 'null', '{}', '{"keys":"x"}', '{"keys":[]}', '{"keys":[null,{"kty":"oct","k":"AAAA"}]}', `{"keys":[{"kty":"EC"}],"x":"${'x'.repeat(300_000)}"}`];
/** By the clock tokens are verified by. */
const now = (): number => Math.floor(clock.now() / 1_000);

let issuer: TokenIssuer;
let clock: ReturnType<typeof manualClock>;

beforeEach(async () => {
  issuer = await startTokenIssuer();
  clock = manualClock(Date.now());
});
afterEach(() => issuer.close());

const open = (more: Partial<TokenOptions> = {}) =>
  createTokens({ issuer: issuer.env['JWT_ISSUER']!, audience: issuer.env['JWT_AUDIENCE']!, jwks: issuer.env['JWKS_URL']!, clock, ...more });

describe('a token', () => {
  it.each<[string, TokenFault | (() => TokenFault), boolean]>([
    ['that says nothing of its type', {}, true],
    ['typed JWT', { typ: 'JWT' }, true],
    ['typed as an access token', { typ: 'at+jwt' }, true],
    ['typed as an access token in full', { typ: 'application/at+JWT' }, true],
    ['typed as a logout token', { typ: 'logout+jwt' }, false],
    ['typed as a proof of possession', { typ: 'dpop+jwt' }, false],
    ['for several audiences, us among them', { audience: ['somebody-else', 'commerce-graph'] }, true],
    ['for several audiences without us', { audience: ['somebody-else', 'commerce-graphs'] }, false],
    ['for an audience that begins like us', { audience: 'commerce-graph-test' }, false],
    ['of an issuer without its last slash', { issuer: 'https://issuer.example' }, false],
    ['that ended', () => ({ expiresAt: now() - 6 }), false],
    ['that ended as far as our clocks may differ', () => ({ expiresAt: now() - 3 }), true],
    ['that is not good yet', () => ({ notBefore: now() + 30 }), false],
    ['that is not good yet as far as our clocks may differ', () => ({ notBefore: now() + 3 }), true],
    ['that names no key, where there is one', { kid: null }, true],
    ['that names a key nobody has', { kid: 'two' }, false],
    ['signed by another key under a name we know', { foreignKey: true }, false],
  ])('%s', async (_what, fault, isGood) => {
    expect((await open({ clockSkewMs: 5_000 })(await issuer.issue({}, typeof fault === 'function' ? fault() : fault))) !== null).toBe(isGood);
  });

  it('that names no key is nobody\'s where there are several', async () => {
    await issuer.rotate('two', ['one', 'two']);
    expect(await open()(await issuer.issue({}, { kid: null }))).toBeNull();
  });

  it('without an end or a subject, or longer than 8 KiB, is none', async () => {
    const tokens = open();
    expect(await tokens(await issuer.issue({ sub: undefined as never }))).toBeNull();
    const [head, body] = (await issuer.issue({})).split('.') as [string, string];
    const { exp: _exp, ...endless } = JSON.parse(Buffer.from(body, 'base64url').toString()) as Record<string, unknown>;
    expect(await tokens([head, Buffer.from(JSON.stringify(endless)).toString('base64url'), 'AA'].join('.'))).toBeNull();
    expect(await tokens(await issuer.issue({ padding: 'x'.repeat(4_000) }))).not.toBeNull();
    expect(await tokens(await issuer.issue({ padding: 'x'.repeat(8_192) }))).toBeNull();
  });

  it('is not signed by nobody, nor by what everybody can read', async () => {
    const tokens = open();
    const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    const claims = part({ sub: 'x', iss: issuer.env['JWT_ISSUER'], aud: issuer.env['JWT_AUDIENCE'], exp: now() + 300 });
    const published = await (await fetch(issuer.env['JWKS_URL']!)).text();
    const key = (JSON.parse(published) as { keys: { x: string }[] }).keys[0]!;
    const hmac = (alg: string, secret: string | Buffer): string => {
      const text = `${part({ alg, kid: 'one', typ: 'JWT' })}.${claims}`;
      return `${text}.${createHmac(alg.replace('HS', 'sha'), secret).update(text).digest('base64url')}`;
    };
    const critical = `${part({ alg: 'ES256', kid: 'one', crit: ['b64'], b64: false })}.${claims}.AA`;
    const ownKey = `${part({ alg: 'ES256', kid: 'one', jwk: key, jku: 'http://127.0.0.1:1/keys', x5u: 'http://127.0.0.1:1/' })}.${claims}.AA`;
    const forged = [
      `${part({ alg: 'none' })}.${claims}.`, `${part({ alg: 'NONE', kid: 'one' })}.${claims}.AA`, hmac('HS256', published), hmac('HS256', JSON.stringify(key)), hmac('HS512', Buffer.from(key.x, 'base64url')),
      critical, ownKey, `${part({ alg: ['ES256'], kid: 'one' })}.${claims}.AA`, `${part({ alg: 'ES256', kid: { a: 1 } })}.${claims}.AA`, '...', '.', 'a.b.c', `${claims}.${claims}`, `${part({ alg: 'dir', enc: 'A128GCM' })}....`,
      ...Array.from({ length: 50 }, () => [randomBytes(20), randomBytes(60), randomBytes(64)].map((bytes) => bytes.toString('base64url')).join('.')),
    ];
    for (const token of forged) expect([token, await tokens(token)]).toEqual([token, null]);
  });

  it('is of an application we know, where we say which', async () => {
    const tokens = open({ clients: ['shop'] });
    expect(await tokens(await issuer.issue({ azp: 'shop' }))).not.toBeNull();
    expect(await tokens(await issuer.issue({ client_id: 'shop' }))).not.toBeNull();
    for (const claims of [{ azp: 'other', client_id: 'shop' }, {}, { azp: ['shop', 'x'] }]) expect(await tokens(await issuer.issue(claims))).toBeNull();
  });

  it('is verified once a minute and no longer than it lasts', async () => {
    const tokens = open();
    const [long, short] = [await issuer.issue({}), await issuer.issue({}, { expiresAt: now() + 30 })];
    const first = await tokens(long);
    expect(await tokens(long)).toBe(first);
    await tokens(short);
    clock.advance(31_000);
    expect(await tokens(short)).toBeNull();
    expect(await tokens(long)).toBe(first);
    clock.advance(30_000);
    const again = await tokens(long);
    expect(again).not.toBe(first);
    expect(again).toEqual(first);
  });
});

describe('claims', () => {
  const principal = async (claims: object, more: Partial<TokenOptions> = {}) => (await open(more)(await issuer.issue(claims as never)))!.principal;

  it.each(ROLES)('of the role %s give what it needs', async (role) => {
    const { scopes, kind } = await principal({ roles: [role] });
    expect(scopes).toEqual(SCOPES.filter((scope) => rightsOf(role).scopes.includes(scope)));
    // Who acts for no company is a shopper, whatever the token calls them.
    expect(kind).toBe(role === 'buyer' ? 'SHOPPER' : rightsOf(role).kind);
  });

  it('of several roles add up with scopes, and what nobody knows is nothing', async () => {
    expect((await principal({ roles: ['storefront', 'root', 7], scope: 'finance:read everything' })).scopes).toEqual(['catalog:read', 'availability:read', 'price:read', 'finance:read']);
    expect((await principal({ scp: ['order:read', 'nothing'] })).scopes).toEqual(['order:read']);
    expect((await principal({ roles: 'checkout finance' })).kind).toBe('OPERATIONS');
    expect(await principal({ roles: { admin: true }, scope: { operations: 1 } })).toMatchObject({ scopes: [], kind: 'SERVICE' });
  });

  it('name roles where the issuer puts them', async () => {
    expect((await principal({ realm_access: { roles: ['admin'] } }, { rolesClaim: 'realm_access.roles' })).scopes).toEqual(['access:admin']);
    expect((await principal({ 'https://shop.example/roles': ['admin'] }, { rolesClaim: 'https://shop.example/roles' })).scopes).toEqual(['access:admin']);
    expect((await principal({ roles: ['admin'] }, { rolesClaim: 'constructor.name' })).scopes).toEqual([]);
  });

  it('make people of those who shop, and nobody who may act for others', async () => {
    expect((await principal({ roles: ['shopper'] })).kind).toBe('SHOPPER');
    expect(await principal({ roles: ['buyer'], customer_number: 'C1', company_number: 'C2' })).toMatchObject({ kind: 'BUYER', customerNumber: 'C1', companyNumber: 'C2' });
    expect((await principal({ roles: ['shopper', 'service'] })).kind).toBe('SERVICE');
    expect((await principal({ scope: 'checkout:write' })).kind).toBe('SERVICE');
  });

  it('say which documents and which lane', async () => {
    const identity = async (claims: object, more: Partial<TokenOptions> = {}) => (await open({ trustedOnly: ['storefront', 'shopper'], ...more })(await issuer.issue(claims as never)))!;
    expect(await identity({ roles: ['shopper'] })).toMatchObject({ documents: 'TRUSTED', traffic: 'browsing' });
    expect(await identity({ roles: ['shopper', 'service'] })).toMatchObject({ documents: 'ANY', traffic: 'service' });
    expect(await identity({ roles: ['checkout'] })).toMatchObject({ documents: 'ANY', traffic: 'checkout' });
    expect(await identity({ scope: 'operations' })).toMatchObject({ documents: 'ANY', traffic: 'operations' });
  });
});

describe('the issuer\'s keys', () => {
  it('are asked for again where a token names one we do not have, and as often as we like to', async () => {
    const tokens = open();
    expect(await tokens(await issuer.issue({}))).not.toBeNull();
    expect(issuer.asked()).toBe(1);
    await issuer.rotate('two', ['one', 'two']);
    clock.advance(5_000);
    expect(await tokens(await issuer.issue({}, { kid: 'two' }))).not.toBeNull();
    expect(issuer.asked()).toBe(2);
    for (let count = 0; count < 50; count += 1) expect(await tokens(await issuer.issue({}, { kid: `made-up-${count}` }))).toBeNull();
    expect(issuer.asked()).toBe(2);
    clock.advance(5_000);
    await Promise.all(Array.from({ length: 50 }, async (_, count) => tokens(await issuer.issue({}, { kid: `made-up-${count}` }))));
    expect(issuer.asked()).toBe(3);
  });

  it('that are withdrawn end within three minutes, whether or not anybody calls', async () => {
    const tokens = open();
    const old = await issuer.issue({}, { expiresAt: now() + 3_600 });
    expect(await tokens(old)).not.toBeNull();
    await issuer.rotate('two', ['two']);
    clock.advance(125_000);
    expect(await tokens(old)).toBeNull();
    expect(await tokens(await issuer.issue({}, { kid: 'two' }))).not.toBeNull();
  });

  it.each<[string, Parameters<TokenIssuer['behave']>[0]]>([
    ['is down', { status: 503, body: '' }],
    ['sends us elsewhere', { status: 302, body: '' }],
    ...GARBAGE.map((body): [string, { status: number; body: string }] => [`answers ${body.slice(0, 40)}`, { status: 200, body }]),
  ])('go on to verify for a day when it %s', async (_what, answer) => {
    const tokens = open();
    const token = await issuer.issue({}, { expiresAt: now() + 10 * 86_400 });
    await tokens(token);
    issuer.behave(answer);
    for (const aheadMs of [61_000, 130_000, 3_600_000]) {
      clock.advance(aheadMs);
      expect(await tokens(await issuer.issue({ at: aheadMs }, { expiresAt: now() + 10 * 86_400 }))).not.toBeNull();
    }
    // Perhaps a new key: nobody can say.
    await expect(tokens(await issuer.issue({}, { kid: 'two', expiresAt: now() + 10 * 86_400 }))).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' });
    clock.advance(24 * 3_600_000);
    await expect(tokens(token)).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' });
    issuer.behave(null);
    clock.advance(5_000);
    expect(await tokens(token)).not.toBeNull();
  });

  it('are not waited for while those we have are a minute old', async () => {
    const tokens = open();
    await tokens(await issuer.issue({}));
    issuer.behave('SILENT');
    clock.advance(90_000);
    expect(await tokens(await issuer.issue({ again: true }))).not.toBeNull();
    await vi.waitFor(() => expect(issuer.asked()).toBe(2));
  });

  it('are given up on after some seconds when it is silent, once for all who wait', async () => {
    issuer.behave('SILENT');
    const tokens = open();
    const waiting = await Promise.allSettled([1, 2, 3].map(async (at) => tokens(await issuer.issue({ at }))));
    for (const outcome of waiting) expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'UPSTREAM_UNAVAILABLE', retryable: true } });
    expect(issuer.asked()).toBe(1);
  }, 20_000);

  it('are found by discovery, of the issuer we mean alone', async () => {
    const tokens = open({ issuer: issuer.url, jwks: discoverKeys(issuer.url) });
    expect(await tokens(await issuer.issue({}, { issuer: issuer.url }))).not.toBeNull();
    const liar = createServer((_request, response) => response.end(JSON.stringify({ issuer: 'https://other.example', jwks_uri: issuer.env['JWKS_URL'] })));
    await new Promise<void>((ready) => liar.listen(0, '127.0.0.1', ready));
    const url = `http://127.0.0.1:${(liar.address() as AddressInfo).port}`;
    await expect(open({ issuer: url, jwks: discoverKeys(url) })(await issuer.issue({}, { issuer: url }))).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' });
    await new Promise((done) => liar.close(done));
  });
});
