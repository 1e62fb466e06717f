import type { FastifyInstance } from 'fastify';
import type { Engine } from '../../engine/engine.ts';
import { pimIndex } from '../../engine/pim-reads.ts';
import { AkeneoError, answerError, notFound } from './answers.ts';
import { limitConcurrency } from './concurrency.ts';
import { pushPimEvents, type EventPush, type EventPushing } from './events.ts';
import { readSearch } from './operators.ts';
import { baseOf, cutPage, listAnswer, type Query } from './paging.ts';
import { presentProduct, presentProductModel, type View } from './present-products.ts';
import { compileSearch } from './search.ts';
import { registerStructure } from './structure.ts';
import { registerTokens } from './tokens.ts';
import { registerWrites } from './write.ts';

export interface AkeneoFaceOptions {
  /** Calls served at a time per connection; the vendor's 4. */
  readonly mostConcurrent?: number;
  /** Where changes are pushed to; absent: nowhere. */
  readonly push?: EventPush;
}

/** What the face lets its host steer. */
export interface AkeneoFace {
  revokeTokens(): void;
  readonly pushing: EventPushing | null;
}

/**
 * Makes `app` (a scope of its own, mounted at the face's prefix) speak Akeneo PIM's REST API over the engine's PIM.
 * Contract: Akeneo "web-api" Swagger 2.0, of which this serves products-uuid, product models, structure and media.
 */
export function registerAkeneoFace(app: FastifyInstance, engine: Engine, options: AkeneoFaceOptions = {}): AkeneoFace {
  const tokens = registerTokens(app, engine.clock);
  const enter = limitConcurrency(options.mostConcurrent ?? 4);
  app.addHook('onRequest', (request, reply, done) => {
    if (request.url.slice(app.prefix.length).startsWith('/api/rest/')) enter(tokens.connectionOf(request), reply);
    done();
  });
  app.setErrorHandler((error: Error & { readonly statusCode?: number }, _request, reply) => {
    if (error instanceof AkeneoError) return answerError(reply, error);
    const status = error.statusCode ?? 500;
    return answerError(reply, new AkeneoError(status, status === 400 ? 'Invalid json message received' : error.message));
  });
  app.setNotFoundHandler((_request, reply) => answerError(reply, new AkeneoError(404, 'Not Found')));
  registerStructure(app, () => engine.pim.state);
  registerProducts(app, engine);
  registerProductModels(app, engine);
  registerWrites(app, (command, args) => engine.execute(command, args));
  const pushing = options.push === undefined ? null : pushPimEvents(engine, options.push);
  if (pushing !== null) app.addHook('onClose', () => Promise.resolve(pushing.stop()));
  return { revokeTokens: () => tokens.revokeAll(), pushing };
}

function registerProducts(app: FastifyInstance, engine: Engine): void {
  const path = '/api/rest/v1/products-uuid';
  const list = (base: string, query: Query, at = path): object => {
    const { state } = engine.pim;
    const view: View = { state, base, query };
    const rows = query['search'] === undefined ? pimIndex(state).products : pimIndex(state).products.filter(compileSearch(state, readSearch(query['search']), engine.clock.now()));
    return listAnswer(cutPage(rows, (row) => row.uuid, query, `${base}${at}`, true), (row) => presentProduct(view, row));
  };
  app.get(path, (request) => list(baseOf(request, app.prefix), request.query as Query));
  // The same list with its filters in the body (`search` still JSON in a string), for searches too long for an address.
  app.post(`${path}/search`, (request) => {
    const filters = Object.fromEntries(Object.entries((request.body ?? {}) as object).map(([key, value]) => [key, String(value)]));
    return list(baseOf(request, app.prefix), { ...(request.query as Query), ...filters }, `${path}/search`);
  });
  app.get(`${path}/:uuid`, (request) => {
    const { uuid } = request.params as { readonly uuid: string };
    const { state } = engine.pim;
    const product = state.products[uuid];
    if (product === undefined) throw notFound(`Product "${uuid}"`);
    return presentProduct({ state, base: baseOf(request, app.prefix), query: request.query as Query }, product);
  });
}

function registerProductModels(app: FastifyInstance, engine: Engine): void {
  const path = '/api/rest/v1/product-models';
  app.get(path, (request) => {
    const { state } = engine.pim;
    const query = request.query as Query;
    const base = baseOf(request, app.prefix);
    const view: View = { state, base, query };
    const rows = query['search'] === undefined ? pimIndex(state).productModels : pimIndex(state).productModels.filter(compileSearch(state, readSearch(query['search']), engine.clock.now()));
    return listAnswer(cutPage(rows, (row) => row.code, query, `${base}${path}`, true), (row) => presentProductModel(view, row));
  });
  app.get(`${path}/:code`, (request) => {
    const { code } = request.params as { readonly code: string };
    const { state } = engine.pim;
    const model = state.productModels[code];
    if (model === undefined) throw notFound(`Product model "${code}"`);
    return presentProductModel({ state, base: baseOf(request, app.prefix), query: request.query as Query }, model);
  });
}
