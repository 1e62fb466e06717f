import type { FastifyInstance } from 'fastify';
import type { ChangeHint } from '../../domain/connector.ts';
import { asFailure } from '../../domain/failure.ts';
import type { Subgraph } from './module.ts';

/** What a subgraph service relays between its vendors and the gateway. */
export interface VendorAccess {
  readMedia(code: string): Promise<{ readonly mimeType: string; readonly body: Uint8Array } | null>;
  /** Null = no such connection, or it pushes nothing. @throws Failure when the signature is wrong */
  decodeWebhook(connection: string, headers: Readonly<Record<string, string | undefined>>, rawBody: Uint8Array): readonly ChangeHint[] | null;
}

const MAX_WEBHOOK_BYTES = 1024 * 1024;

/** /media/<code> and /webhooks/<connection> of a service; the gateway forwards both. */
export function serveVendorRoutes(app: FastifyInstance, vendors: VendorAccess, subgraph: Subgraph): void {
  app.get<{ Params: { '*': string } }>('/media/*', async (request, reply) => {
    const media = await vendors.readMedia(request.params['*']);
    return media ? reply.type(media.mimeType).send(Buffer.from(media.body)) : reply.code(404).send();
  });
  void app.register(async (webhooks) => {
    webhooks.removeAllContentTypeParsers();
    webhooks.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: MAX_WEBHOOK_BYTES }, (_request, body, done) => done(null, body));
    webhooks.post<{ Params: { connection: string }; Body: Buffer | null }>('/webhooks/:connection', async (request, reply) => {
      const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, Array.isArray(value) ? value[0] : value]));
      try {
        const hints = vendors.decodeWebhook(request.params.connection, { ...headers, ':path': request.url }, request.body ?? Buffer.alloc(0));
        for (const hint of hints ?? []) subgraph.wake(hint.flow);
        return reply.code(hints ? 204 : 404).send();
      } catch (error) {
        const { code, message } = asFailure(error);
        return reply.code(code === 'UNAUTHENTICATED' ? 401 : 400).send({ code, message });
      }
    });
  });
}
