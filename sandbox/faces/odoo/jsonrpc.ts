import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Engine } from '../../engine/engine.ts';
import { CREDENTIALS, runCall, type Models } from './calls.ts';
import { OdooError } from './errors.ts';
import { hasMethod, isClassMethod, parametersOf } from './orm.ts';

interface RpcParams {
  readonly service?: string;
  readonly method?: string;
  readonly args?: readonly unknown[];
}

export const VERSION = { version_info: [19, 0, 0, 'final', 0, ''], version: '19.0' } as const;

/** POST /jsonrpc: always HTTP 200; a refusal is in `error.data`. */
export function registerJsonRpc(app: FastifyInstance, engine: Engine, models: Models): void {
  app.post('/jsonrpc', async (request, reply) => {
    if (request.body instanceof SyntaxError) return reply.code(400).type('text/html; charset=utf-8').send('Invalid JSON data');
    const { id = null, params = {} } = request.body as { readonly id?: unknown; readonly params?: RpcParams };
    const answer = await answerOf(engine, models, params);
    return reply.type('application/json; charset=utf-8').send(JSON.stringify({ jsonrpc: '2.0', id, ...answer }));
  });
}

async function answerOf(engine: Engine, models: Models, params: RpcParams): Promise<{ readonly result: unknown } | { readonly error: object }> {
  try {
    return { result: (await dispatch(engine, models, params)) ?? null };
  } catch (error) {
    const known = error instanceof OdooError ? error : new OdooError('builtins.Exception', 500, error instanceof Error ? error.message : String(error));
    return { error: { code: 0, message: 'Odoo Server Error', data: known.body } };
  }
}

function dispatch(engine: Engine, models: Models, { service, method, args = [] }: RpcParams): unknown {
  if (service === 'common') return common(method, args);
  if (service === 'object' && (method === 'execute_kw' || method === 'execute')) return executeKw(engine, models, args);
  throw new OdooError('builtins.KeyError', 500, String(service));
}

function common(method: string | undefined, [database, login, key]: readonly unknown[]): unknown {
  if (method === 'version') return { server_version: VERSION.version, server_version_info: VERSION.version_info, server_serie: VERSION.version, protocol_version: 1 };
  if (method === 'authenticate' || method === 'login') {
    checkDatabase(database);
    return login === CREDENTIALS.user && key === CREDENTIALS.apiKey ? CREDENTIALS.uid : false;
  }
  throw new OdooError('builtins.Exception', 500, `Method not found: ${String(method)}`);
}

function checkDatabase(database: unknown): void {
  if (database !== CREDENTIALS.database) throw new OdooError('psycopg2.OperationalError', 500, `connection to server failed: FATAL:  database "${String(database)}" does not exist\n`);
}

async function executeKw(engine: Engine, models: Models, args: readonly unknown[]): Promise<unknown> {
  const [database, uid, key, name, method, positional = [], keywords = {}] = args as [unknown, unknown, unknown, string, string, unknown[]?, Record<string, unknown>?];
  checkDatabase(database);
  if (uid !== CREDENTIALS.uid || key !== CREDENTIALS.apiKey) throw new OdooError('odoo.exceptions.AccessDenied', 403, 'Access Denied');
  const model = models.get(name);
  if (model === undefined) throw new OdooError('odoo.exceptions.UserError', 422, `Object ${name} doesn't exist`);
  if (!method.startsWith('_') && !hasMethod(model, method)) throw new OdooError('builtins.AttributeError', 500, `The method '${name}.${method}' does not exist`);
  const { context = {}, ...named } = keywords;
  const { ids, values } = method.startsWith('_') ? { ids: [], values: {} } : bind(parametersOf(model, method), method, positional);
  const result = await runCall(engine, models, { model: name, method, ids, args: { ...values, ...named }, context: context as Record<string, unknown> });
  // Over RPC one dict in gives one id out, a list gives a list.
  return method === 'create' && !Array.isArray(positional[0]) ? (result as unknown[])[0] : result;
}

/** Positional arguments by name; record methods take their ids first. */
function bind(parameters: readonly string[], method: string, positional: readonly unknown[]): { readonly ids: readonly number[]; readonly values: Record<string, unknown> } {
  const [first, ...rest] = positional;
  const ids = isClassMethod(method) ? [] : (Array.isArray(first) ? first : [first]).filter((id) => typeof id === 'number');
  const given = isClassMethod(method) ? positional : rest;
  return { ids, values: Object.fromEntries(given.map((value, index) => [parameters[index] ?? `argument ${String(index)}`, value])) };
}

/** What a caller asks for, for faults and counts, before anything is checked. */
export function rpcTarget(request: FastifyRequest): { readonly model: string; readonly method: string } {
  const params = (request.body as { readonly params?: RpcParams } | null)?.params;
  if (params?.service !== 'object') return { model: params?.service ?? '', method: params?.method ?? '' };
  return { model: String(params.args?.[3] ?? ''), method: String(params.args?.[4] ?? '') };
}
