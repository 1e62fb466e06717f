import { expect, test } from 'vitest';
import type { Principal } from '../../../../domain/principal.ts';
import { manualClock } from '../../../../platform/clock.ts';
import { createSigner } from '../../../../platform/signed.ts';
import type { RequestScope, ShoppingContext } from '../../../../subgraphs/frame/module.ts';
import { readScope, writeScope } from '../../../../subgraphs/frame/scope-header.ts';

const clock = manualClock(1_000_000);
const signer = createSigner({ secret: 's'.repeat(32), ttlMs: 60_000, clock });
const ada: Principal = { subject: 'ada', kind: 'BUYER', scopes: ['price:read'], channel: null, customerNumber: 'C1', companyNumber: 'K1' };
const shopping: ShoppingContext = { channel: 'b2b', locale: 'de_DE', currencyCode: 'EUR', companyLocation: null };
const signal = new AbortController().signal;

const scopeOf = (principal: Principal, deadlineAtMs = 1_009_000): RequestScope => ({ principal: { ...principal }, shopping: { ...shopping }, signal, deadlineAtMs, traceparent: null });
const read = (headers: Record<string, string>) => readScope({ header: (name) => headers[name], signer, signal, nowMs: clock.now(), maxDeadlineMs: 10_000 });

test('requests of one caller share a signature; each keeps its own deadline and trace', () => {
  const [one, other] = [writeScope(signer, scopeOf(ada)), writeScope(signer, { ...scopeOf(ada, 1_005_000), traceparent: '00-a-b-01' })];
  expect(other['x-request-scope']).toBe(one['x-request-scope']);
  expect(read(one)).toMatchObject({ principal: ada, shopping, deadlineAtMs: 1_009_000, traceparent: null });
  expect(read(other)).toMatchObject({ principal: ada, deadlineAtMs: 1_005_000, traceparent: '00-a-b-01' });
});

test('whatever tells callers apart gets a signature of its own', () => {
  const statements = [
    scopeOf(ada), scopeOf({ ...ada, subject: 'bob' }), scopeOf({ ...ada, companyNumber: 'K2' }), scopeOf({ ...ada, scopes: [] }),
    { ...scopeOf(ada), shopping: { ...shopping, currencyCode: 'USD' } },
  ].map((scope) => writeScope(signer, scope)['x-request-scope']);
  expect(new Set(statements).size).toBe(5);
});

test('a subrequest may have less time than its request', () => {
  expect(read(writeScope(signer, scopeOf(ada), 1_002_000))).toMatchObject({ deadlineAtMs: 1_002_000 });
});

test('nobody who reads a scope can change it for the next request', () => {
  const headers = writeScope(signer, scopeOf(ada));
  const { principal } = read(headers)!;
  expect(() => (principal.scopes as string[]).push('operations')).toThrow(TypeError);
  expect(() => ((principal as { subject: string }).subject = 'bob')).toThrow(TypeError);
  expect(read(headers)).toMatchObject({ principal: ada });
});

test('a statement that is expired, bent or not a scope is none', () => {
  const headers = writeScope(signer, scopeOf(ada));
  expect(read({ ...headers, 'x-request-scope': `${headers['x-request-scope']!.slice(0, -4)}AAAA` })).toBeNull();
  expect(read({ ...headers, 'x-request-scope': signer.sign({ principal: ada }) })).toBeNull();
  expect(read({})).toBeNull();
  expect(read(headers)).not.toBeNull();
  clock.advance(60_001);
  expect(read(headers)).toBeNull();
});
