import type { FastifyInstance } from 'fastify';
import { asFailure } from '../../../domain/failure.ts';
import type { Log } from '../../../platform/log.ts';
import type { Hosting } from '../../hosting/hosting.ts';
import { httpStatusOf } from '../../pipeline/presented-errors.ts';

const MAX_WEBHOOK_BYTES = 1024 * 1024;

/**
 * POST /webhooks/<connection>: a vendor says that something changed. Signatures are made over raw bytes, so the body
 * is kept as it came; the pseudo-header `:path` carries a token that the vendor can only put into the URL. Answers 204 at once: what changed is read back from the vendor, never taken from the push.
 */
export function registerWebhooks(app: FastifyInstance, hosting: Hosting, log: Log): void {
  void app.register(async (webhooks) => {
    webhooks.removeAllContentTypeParsers();
    webhooks.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: MAX_WEBHOOK_BYTES }, (_request, body, done) => done(null, body));
    webhooks.post<{ Params: { connection: string }; Body: Buffer | null }>('/webhooks/:connection', async (request, reply) => {
      const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, Array.isArray(value) ? value[0] : value]));
      try {
        const known = await hosting.receiveWebhook(request.params.connection, { ...headers, ':path': request.url }, request.body ?? Buffer.alloc(0));
        return reply.code(known ? 204 : 404).send();
      } catch (error) {
        const failure = asFailure(error);
        log.warn({ connection: request.params.connection, code: failure.code, error: failure.message }, 'a webhook was refused');
        // A vendor tries again after 5xx; what is INTERNAL says nothing but that.
        if (failure.code === 'INTERNAL') throw failure;
        return reply.code(httpStatusOf(failure.code)).send({ code: failure.code, message: failure.message });
      }
    });
  });
}
