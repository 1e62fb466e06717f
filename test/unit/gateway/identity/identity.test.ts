import { createHash } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ANONYMOUS, SCOPES } from '../../../../domain/principal.ts';
import { loadApiKeys } from '../../../../gateway/identity/api-keys.ts';
import { createDoor, DEVELOPMENT } from '../../../../gateway/identity/door.ts';
import { openDoor } from '../../../../gateway/identity/open-door.ts';
import { createTokens } from '../../../../gateway/identity/tokens.ts';
import { readConfig } from '../../../../platform/config.ts';
import { manualClock, systemClock } from '../../../../platform/clock.ts';
import { startTokenIssuer } from '../../../support/token-issuer.ts';

const NOW = Date.parse('2026-01-01T00:00:00Z');
const entry = (key: string, more: object = {}) => ({ prefix: key.split('.')[0], sha256: createHash('sha256').update(key).digest('hex'), scopes: ['catalog:read'], ...more });

function fileWith(content: unknown): string {
  const file = join(mkdtempSync(join(tmpdir(), 'ucg-keys-')), 'keys.json');
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
}

describe('API keys', () => {
  it('open until they expire, two of one prefix side by side', () => {
    const clock = manualClock(NOW);
    const keys = loadApiKeys(fileWith([entry('shop.old', { expiresAt: '2026-01-01T01:00:00Z' }), entry('shop.new', { channel: 'web' })]), clock);
    expect(keys('shop.old')).toMatchObject({ principal: { subject: 'key:shop', scopes: ['catalog:read'] }, expiresAtMs: NOW + 3_600_000 });
    expect(keys('shop.new')).toMatchObject({ principal: { channel: 'web', kind: 'SERVICE' }, expiresAtMs: null });
    clock.advance(3_600_000);
    expect(keys('shop.old')).toBeNull();
    expect(keys('shop.new')).not.toBeNull();
    for (const wrong of ['shop.other', 'shop', '', 'nobody.new', `${'x'.repeat(100_000)}.y`]) expect(keys(wrong)).toBeNull();
  });

  it('have what their role says, but for what their entry says', () => {
    const keys = loadApiKeys(fileWith([
      { ...entry('root.a'), scopes: undefined, role: 'admin' }, { ...entry('shop.b'), scopes: undefined, role: 'storefront' }, entry('part.c', { role: 'service', documents: 'TRUSTED' }),
    ]), systemClock);
    expect(keys('root.a')).toMatchObject({ principal: { kind: 'OPERATIONS', scopes: ['access:admin'] }, documents: 'ANY', traffic: 'operations' });
    expect(keys('shop.b')).toMatchObject({ principal: { kind: 'SHOPPER', scopes: ['catalog:read', 'availability:read', 'price:read'] }, documents: 'TRUSTED', traffic: 'browsing' });
    expect(keys('part.c')).toMatchObject({ principal: { kind: 'SERVICE', scopes: ['catalog:read'] }, documents: 'TRUSTED', traffic: 'service' });
  });

  it.each([
    ['not JSON', '[{', /is not readable JSON/],
    ['a key instead of its hash', [{ ...entry('shop.a'), sha256: 'shop.a' }], /0\.sha256: must be the key's SHA-256/],
    ['a scope there is not', [entry('shop.a', { scopes: ['everything'] })], /0\.scopes\.0/],
    ['neither a role nor scopes', [{ ...entry('shop.a'), scopes: undefined }], /0\.role: name a role, or scopes/],
    ['more than its role has', [entry('shop.a', { role: 'storefront', scopes: ['order:read:all'] })], /0\.scopes: the role storefront does not have order:read:all/],
    ['a field nobody knows', [entry('shop.a', { admin: true })], /admin/],
    ['the development principal', [entry('shop.a', { kind: 'DEVELOPMENT' })], /0\.kind/],
  ])('are refused at start from a file with %s', (_what, content, message) => {
    expect(() => loadApiKeys(fileWith(content), systemClock)).toThrow(message);
  });
});

describe('the door', () => {
  it('refuses credentials that are wrong even where strangers are let in', async () => {
    const door = createDoor({ tokens: null, apiKeys: null, withoutCredentials: DEVELOPMENT });
    expect((await door({ authorization: undefined, apiKey: undefined })).principal).toBe(DEVELOPMENT);
    await expect(door({ authorization: 'Bearer x', apiKey: undefined })).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    await expect(door({ authorization: undefined, apiKey: 'x' })).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  });

  it('lets everybody in only embedded, on loopback, with nothing configured', async () => {
    const opened = (env: Record<string, string>) => openDoor(readConfig(env), systemClock);
    expect(opened({}).development).toBe(true);
    expect(opened({ HOST: '0.0.0.0' }).development).toBe(false);
    expect(opened({ HOST: '127.0.0.1.evil.example' }).development).toBe(false);
    expect(opened({ API_KEYS_FILE: fileWith([]) }).development).toBe(false);
    expect(opened({ JWKS_URL: 'https://i.example/k', JWT_ISSUER: 'i', JWT_AUDIENCE: 'a' }).development).toBe(false);
    expect(() => opened({ JWKS_URL: 'https://i.example/k', JWT_ISSUER: 'i', JWT_AUDIENCE: 'a', JWT_TRUSTED_ONLY_ROLES: 'storefront,shoper' })).toThrow(/JWT_TRUSTED_ONLY_ROLES: there is no role "shoper"/);
    expect(() => readConfig({ OIDC_ISSUER_URL: 'https://i.example' })).toThrow(/JWT_AUDIENCE: required with OIDC_ISSUER_URL/);
    const { door } = opened({ HOST: '0.0.0.0' });
    expect((await door({ authorization: undefined, apiKey: undefined })).principal).toBe(ANONYMOUS);
  });
});

describe('tokens', () => {
  it('grant the scopes we know, end when they say, and need a subject', async () => {
    const issuer = await startTokenIssuer();
    const tokens = createTokens({ issuer: issuer.env['JWT_ISSUER']!, audience: issuer.env['JWT_AUDIENCE']!, jwks: issuer.env['JWKS_URL']!, clock: systemClock });
    const verified = await tokens(await issuer.issue({ scope: 'price:read everything operations', customer_number: 'C1', channel: 'web' }, { expiresAt: 4_000_000_000 }));
    expect(verified).toEqual({ documents: 'ANY', traffic: 'operations', expiresAtMs: 4_000_000_000_000, principal: { subject: 'jwt:somebody', kind: 'OPERATIONS', scopes: SCOPES.filter((scope) => ['price:read', 'operations'].includes(scope)), channel: 'web', customerNumber: 'C1', companyNumber: null } });
    expect(await tokens(await issuer.issue({ sub: undefined as never }))).toBeNull();
    await issuer.close();
  });

  it('are not called wrong while the issuer\'s keys cannot be read', async () => {
    const issuer = await startTokenIssuer();
    const token = await issuer.issue({ scope: 'price:read' });
    await issuer.close();
    const tokens = createTokens({ issuer: issuer.env['JWT_ISSUER']!, audience: issuer.env['JWT_AUDIENCE']!, jwks: issuer.env['JWKS_URL']!, clock: systemClock });
    await expect(tokens(token)).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' });
    expect(await tokens('nonsense')).toBeNull();
  });
});
