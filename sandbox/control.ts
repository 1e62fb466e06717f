import type { FastifyInstance } from 'fastify';
import { createCounts, describeOrders } from './control-answers.ts';
import type { Engine, SandboxSeed } from './engine/engine.ts';
import { Rejection } from './engine/part.ts';
import type { FaultRule, Faults } from './faults.ts';

export interface ControlParts {
  readonly engine: Engine;
  readonly faults: Faults;
  readonly calls: Map<string, number>;
  /** What reset goes back to. */
  readonly seed: SandboxSeed | null;
}

const STATUS = { invalid: 422, missing: 404, refused: 409 } as const;

/** /sandbox/*: what people and tests do to the vendors. JSON in and out; errors are `{ error }` with a sentence. */
export async function registerControl(app: FastifyInstance, parts: ControlParts): Promise<void> {
  await app.register((scope, _options, done) => {
    scope.setErrorHandler((error, _request, reply) => {
      const status = error instanceof Rejection ? STATUS[error.kind] : (error as { readonly statusCode?: number }).statusCode ?? 500;
      return reply.code(status).send({ error: error instanceof Error ? error.message : String(error) });
    });
    registerCommands(scope, parts);
    registerFaultKnobs(scope, parts.faults);
    registerCounts(scope, parts);
    done();
  }, { prefix: '/sandbox' });
}

function registerCommands(scope: FastifyInstance, { engine, seed }: ControlParts): void {
  scope.get('/state', () => createCounts(engine));
  scope.get('/commands', () => engine.commandNames);
  // A command's name may hold a slash (erp/confirm-order).
  scope.post<{ Params: { '*': string } }>('/commands/*', (request, reply) => {
    const result = engine.execute(request.params['*'], request.body ?? {});
    return reply.type('application/json').send(JSON.stringify(result ?? null));
  });
  scope.post('/reset', () => {
    engine.reset(seed);
    return createCounts(engine);
  });
  // The whole seed in the body: the sandbox opens no files a caller names.
  scope.post<{ Body: SandboxSeed }>('/load', (request) => {
    engine.reset(request.body);
    return createCounts(engine);
  });
}

function registerFaultKnobs(scope: FastifyInstance, faults: Faults): void {
  scope.get('/faults', () => faults.list());
  scope.put<{ Body: FaultRule | readonly FaultRule[] }>('/faults', (request) => {
    const rules = Array.isArray(request.body) ? (request.body as readonly FaultRule[]) : [request.body as FaultRule];
    return rules.map((rule) => faults.add(rule));
  });
  scope.delete('/faults', () => {
    faults.clear();
    return faults.list();
  });
  scope.delete<{ Params: { id: string } }>('/faults/:id', (request) => {
    if (!faults.remove(Number(request.params.id))) throw new Rejection('missing', `There is no fault ${request.params.id}`);
    return faults.list();
  });
}

function registerCounts(scope: FastifyInstance, { engine, calls }: ControlParts): void {
  scope.get<{ Querystring: { reference?: string; limit?: string } }>('/orders', (request) => describeOrders(engine, request.query.reference, Number(request.query.limit ?? 100)));
  scope.get('/calls', () => Object.fromEntries([...calls].sort(([a], [b]) => a.localeCompare(b))));
  scope.delete('/calls', () => {
    calls.clear();
    return {};
  });
}
