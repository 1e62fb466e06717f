import Fastify from 'fastify';
import { describe, expect, it } from 'vitest';
import { Failure } from '../../../../domain/failure.ts';
import { ANONYMOUS, type Principal } from '../../../../domain/principal.ts';
import type { Hosting } from '../../../../gateway/hosting/hosting.ts';
import { registerMedia } from '../../../../gateway/http/routes/media.ts';
import { createOperationsGuard, registerOperations } from '../../../../gateway/http/routes/operations.ts';
import { createHostRule, isAllowedOrigin } from '../../../../gateway/http/edge/origins.ts';
import { registerWebhooks } from '../../../../gateway/http/routes/webhooks.ts';
import { readShopping } from '../../../../gateway/pipeline/request-scope.ts';
import { collectingLog } from '../../../support/small-gateway.ts';

const OPERATOR: Principal = { ...ANONYMOUS, subject: 'ops', kind: 'OPERATIONS', scopes: ['operations'] };

describe('media', () => {
  it('are read once for many who ask, may be shown but never run, and are not sent again', async () => {
    let reads = 0;
    const app = Fastify();
    registerMedia(app, {
      readMedia: async (code) => {
        reads += 1;
        await new Promise((done) => setTimeout(done, 20));
        return code === 'a/b.svg' ? { mimeType: 'image/svg+xml', body: Buffer.from('<svg/>') } : null;
      },
    });
    const answers = await Promise.all(Array.from({ length: 5 }, () => app.inject('/media/a/b.svg')));
    expect(reads).toBe(1);
    expect(answers[0]!.headers).toMatchObject({ 'content-type': 'image/svg+xml', 'content-security-policy': expect.stringContaining('sandbox') });
    const again = await app.inject({ url: '/media/a/b.svg', headers: { 'if-none-match': answers[0]!.headers['etag'] as string } });
    expect([again.statusCode, again.body]).toEqual([304, '']);
    expect((await app.inject('/media/none')).statusCode).toBe(404);
  });
});

describe('webhooks', () => {
  const bytes = '{"b": 1,  "a":2}';
  const received: unknown[] = [];
  const app = Fastify();
  const { log, lines } = collectingLog();
  const receiveWebhook: Hosting['receiveWebhook'] = async (connection, headers, rawBody) => {
    if (connection === 'bad') throw new Failure('UNAUTHENTICATED', 'the signature is wrong');
    received.push([connection, headers['x-signature'], headers[':path'], Buffer.from(rawBody).toString()]);
    return connection === 'pim';
  };
  registerWebhooks(app, { receiveWebhook } as Hosting, log);
  const post = (path: string, payload: string | Buffer = bytes) => app.inject({ method: 'POST', url: `/webhooks/${path}`, payload, headers: { 'content-type': 'application/json', 'x-signature': 's' } });

  it('arrive as the bytes that were signed', async () => {
    expect((await post('pim?token=t')).statusCode).toBe(204);
    expect(received).toEqual([['pim', 's', '/webhooks/pim?token=t', bytes]]);
    expect((await post('nobody')).statusCode).toBe(404);
  });

  it('are refused when unsigned or too large, and the refusal is logged', async () => {
    expect((await post('bad')).json()).toEqual({ code: 'UNAUTHENTICATED', message: 'the signature is wrong' });
    expect(lines).toMatchObject([{ level: 'warn', fields: { connection: 'bad', code: 'UNAUTHENTICATED' } }]);
    expect((await post('pim', Buffer.alloc(1024 * 1024 + 1))).statusCode).toBe(413);
  });
});

describe('who may connect from a browser', () => {
  it.each([
    [undefined, true], ['http://gate.example:4000', true], ['https://shop.example', true], ['http://evil.example', false], ['null', false],
    ['http://gate.example', false], ['http://gate.example:4000.evil.example', false], ['', false],
  ])('a page of %s: %s', (origin, allowed) => {
    expect(isAllowedOrigin(origin, 'gate.example:4000', ['https://shop.example'])).toBe(allowed);
  });

  it('of any name where credentials are asked for, else of loopback names', () => {
    const open = createHostRule({ development: true });
    for (const host of ['localhost', 'localhost:4000', '127.0.0.1:4000', '[::1]:4000', '127.1.2.3']) expect(open(host)).toBe(true);
    for (const host of [undefined, '', 'evil.example', '127.0.0.1.evil.example', 'localhost.evil.example:4000', 'localhost:4000@evil.example']) expect(open(host)).toBe(false);
    expect(createHostRule({ development: false })('gate.example')).toBe(true);
  });
});

describe('where a caller shops', () => {
  const read = (headers: Record<string, string>, channel: string | null = null) => readShopping((name) => headers[name], { ...ANONYMOUS, channel });

  it('comes from headers, and the channel from the token where it names one', () => {
    expect(read({ 'x-locale': 'de-DE', 'x-channel': 'amazon', 'x-currency': 'EUR', 'x-company-location': 'ACME/2' })).toEqual({ locale: 'de_DE', channel: 'amazon', currencyCode: 'EUR', companyLocation: 'ACME/2' });
    expect(read({ 'x-channel': 'amazon' }, 'web').channel).toBe('web');
    expect(read({})).toEqual({ locale: null, channel: null, currencyCode: null, companyLocation: null });
  });

  it.each([['x-locale', '../etc'], ['x-channel', 'a b'], ['x-channel', 'x'.repeat(65)], ['x-currency', 'euro'], ['x-company-location', ' '], ['x-company-location', 'x'.repeat(65)]])('is refused by name when %s is "%s"', (header, value) => {
    expect(() => read({ [header]: value })).toThrow(expect.objectContaining({ code: 'INVALID_INPUT', field: [header] }) as never);
  });
});

describe('operations', () => {
  const app = Fastify();
  const confirmations: boolean[] = [];
  const hosting = { report: async () => [], resync: async ({ confirmRemovals }: { confirmRemovals: boolean }) => (confirmations.push(confirmRemovals), []) } as unknown as Hosting;
  const guard = createOperationsGuard(async ({ apiKey }) => ({ principal: apiKey === 'ops' ? OPERATOR : ANONYMOUS, expiresAtMs: null }), () => '127.0.0.1');
  registerOperations(app, hosting, guard);
  const post = (headers: Record<string, string>) => app.inject({ method: 'POST', url: '/operations/resync', headers });

  it('have every feed read its source whole, for whoever has the scope and is no page of somebody else', async () => {
    expect((await post({})).statusCode).toBe(401);
    expect((await post({ 'x-api-key': 'ops', origin: 'https://evil.example' })).statusCode).toBe(403);
    expect(confirmations).toEqual([]);
    const told = await post({ 'x-api-key': 'ops' });
    expect([told.statusCode, told.json(), confirmations]).toEqual([202, { untold: [] }, [false]]);
    expect((await app.inject({ method: 'POST', url: '/operations/resync?removals=confirmed', headers: { 'x-api-key': 'ops' } })).statusCode).toBe(202);
    expect((await app.inject({ method: 'POST', url: '/operations/resync?removals=yes', headers: { 'x-api-key': 'ops' } })).statusCode).toBe(400);
    expect(confirmations).toEqual([false, true]);
    expect((await app.inject({ url: '/operations/report', headers: { 'x-api-key': 'ops' } })).json()).toEqual({ parts: [] });
  });
});
