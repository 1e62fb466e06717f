import type { FastifyInstance } from 'fastify';
import type { Engine } from '../../engine/engine.ts';
import { createModels } from './calls.ts';
import { registerJson2, sendError } from './json2.ts';
import { registerJsonRpc, VERSION } from './jsonrpc.ts';

/** Odoo 19's wire at the root paths: /json/2, /jsonrpc, /web/version. */
export async function registerOdooFace(app: FastifyInstance, engine: Engine): Promise<void> {
  const models = createModels(engine);
  await app.register((scope, _options, done) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, parsed) => {
      try {
        parsed(null, body === '' ? null : JSON.parse(body as string));
      } catch (error) {
        // Kept as the body, so that each door refuses it in its own words.
        parsed(null, error);
      }
    });
    scope.setErrorHandler((error, _request, reply) => sendError(reply, error));
    scope.get('/web/version', (_request, reply) => reply.send(VERSION));
    registerJson2(scope, engine, models);
    registerJsonRpc(scope, engine, models);
    done();
  });
}
