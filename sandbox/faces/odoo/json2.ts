import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Engine } from '../../engine/engine.ts';
import { CREDENTIALS, runCall, type Models } from './calls.ts';
import { notFound, OdooError } from './errors.ts';

interface CallParams {
  readonly model: string;
  readonly method: string;
}

const NO_DATABASE = `<!DOCTYPE html>
<title>404 Not Found</title>
<h1>Not Found</h1>
<p>No database is selected and the requested URL was not found in the server-wide controllers.</p>
<p>Please verify the hostname, <a href=/web/login>login</a> and try again.</p>

<!-- Alternatively, use the X-Odoo-Database header. -->`;

/** POST /json/2/<model>/<method>: bearer key, named arguments plus `ids` and `context`; the answer is the bare result. */
export function registerJson2(app: FastifyInstance, engine: Engine, models: Models): void {
  app.post<{ Params: CallParams }>('/json/2/:model/:method', async (request, reply) => {
    if (request.headers['x-odoo-database'] !== CREDENTIALS.database) return reply.code(404).type('text/html; charset=utf-8').send(NO_DATABASE);
    checkKey(request);
    const { ids = [], context = {}, ...args } = bodyOf(request);
    const result = await runCall(engine, models, { ...request.params, ids: ids as number[], args, context: context as Record<string, unknown> });
    return reply.type('application/json; charset=utf-8').send(JSON.stringify(result ?? null));
  });
  app.all('/json/2/*', (_request, reply) => sendError(reply, notFound('Did you mean POST /json/2/<model>/<method>?')));
}

function checkKey(request: FastifyRequest): void {
  const [scheme, key] = (request.headers.authorization ?? '').split(' ');
  if (scheme?.toLowerCase() !== 'bearer' || key === undefined) throw unauthorized('User not authenticated, use an API Key with a Bearer Authorization header.');
  if (key !== CREDENTIALS.apiKey) throw unauthorized('Invalid apikey');
}

const unauthorized = (message: string): OdooError => new OdooError('werkzeug.exceptions.Unauthorized', 401, message);

function bodyOf(request: FastifyRequest): Record<string, unknown> {
  const body = request.body as unknown;
  if (body instanceof SyntaxError) throw new OdooError('werkzeug.exceptions.BadRequest', 400, `could not parse the body as json: ${body.message}`);
  return (body ?? {}) as Record<string, unknown>;
}

/** Any error as /json/2 answers it; what is not Odoo's own is a 500 with the class of a Python exception. */
export function sendError(reply: FastifyReply, error: unknown): FastifyReply {
  const known = error instanceof OdooError ? error : new OdooError('builtins.Exception', 500, error instanceof Error ? error.message : String(error));
  if (known.status === 401) void reply.header('www-authenticate', 'Bearer ');
  return reply.code(known.status).type('application/json; charset=utf-8').send(JSON.stringify(known.body));
}
