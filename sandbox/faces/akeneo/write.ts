import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Rejection } from '../../engine/part.ts';
import type { ProductModelPatch, ProductPatch } from '../../engine/pim-commands.ts';
import type { PimAssociations, PimQuantified, PimValues } from '../../engine/pim-types.ts';
import { AkeneoError, unprocessable } from './answers.ts';

/** Writes: one record, or a collection of one JSON a line with a status for each line. */

type Execute = (command: string, args: unknown) => unknown;
type Json = Readonly<Record<string, unknown>>;

const collection = 'application/vnd.akeneo.collection+json';
const mostLines = 100;
const longestLine = 1_000_000;

/** Adds PATCH and DELETE of products and product models. */
export function registerWrites(app: FastifyInstance, execute: Execute): void {
  const product = (json: Json): { created: boolean } => execute('patch-product', productPatch(json)) as { created: boolean };
  const model = (json: Json): { created: boolean } => execute('patch-product-model', modelPatch(json)) as { created: boolean };
  app.addContentTypeParser(collection, { parseAs: 'string', bodyLimit: (mostLines + 1) * longestLine }, (_request, body, done) => done(null, body));
  app.patch('/api/rest/v1/products-uuid', (request, reply) => answerLines(request, reply, 'uuid', product));
  app.patch('/api/rest/v1/product-models', (request, reply) => answerLines(request, reply, 'code', model));
  app.patch('/api/rest/v1/products-uuid/:key', (request, reply) => answerOne(app, request, reply, 'uuid', product));
  app.patch('/api/rest/v1/product-models/:key', (request, reply) => answerOne(app, request, reply, 'code', model));
  app.delete('/api/rest/v1/products-uuid/:key', (request, reply) => {
    refusing(() => execute('remove-product', { uuid: (request.params as { readonly key: string }).key }), 404);
    return reply.code(204).send();
  });
}

function answerOne(app: FastifyInstance, request: FastifyRequest, reply: FastifyReply, key: 'uuid' | 'code', write: (json: Json) => { created: boolean }): FastifyReply {
  const named = (request.params as { readonly key: string }).key;
  const { created } = refusing(() => write({ ...(request.body as Json), [key]: named }), 422);
  const path = key === 'uuid' ? 'products-uuid' : 'product-models';
  return reply.code(created ? 201 : 204).header('location', `${request.protocol}://${request.host}${app.prefix}/api/rest/v1/${path}/${encodeURIComponent(named)}`).send();
}

function answerLines(request: FastifyRequest, reply: FastifyReply, key: 'uuid' | 'code', write: (json: Json) => { created: boolean }): FastifyReply {
  if (!String(request.headers['content-type']).startsWith(collection)) {
    throw new AkeneoError(415, `‘${String(request.headers['content-type'])}’ in ‘Content-type’ header is not valid.  Only ‘${collection}’ is allowed.`);
  }
  const lines = String(request.body).split('\n').filter((line) => line.trim() !== '');
  if (lines.length > mostLines) throw new AkeneoError(413, `Too many resources to process, ${mostLines} is the maximum allowed.`);
  const answers = lines.map((line, index) => JSON.stringify({ line: index + 1, ...answerLine(line, key, write) }));
  return reply.type(collection).send(answers.join('\n'));
}

function answerLine(line: string, key: 'uuid' | 'code', write: (json: Json) => { created: boolean }): object {
  if (line.length > longestLine) return { status_code: 413, message: 'Line is too long.' };
  let json: Json;
  try {
    json = JSON.parse(line) as Json;
  } catch {
    return { status_code: 400, message: 'Invalid json message received' };
  }
  const named = json[key];
  if (key === 'code' && typeof named !== 'string') return { status_code: 422, message: 'Code is missing.' };
  try {
    const { created } = write(json);
    return { [key]: named, status_code: created ? 201 : 204 };
  } catch (error) {
    if (error instanceof Rejection || error instanceof AkeneoError) return { [key]: named, status_code: 422, message: error.message };
    throw error;
  }
}

const known = {
  product: ['uuid', 'enabled', 'family', 'parent', 'categories', 'groups', 'values', 'associations', 'quantified_associations', 'created', 'updated', 'metadata', 'completenesses', 'quality_scores', '_links'],
  model: ['code', 'family', 'family_variant', 'parent', 'categories', 'values', 'associations', 'quantified_associations', 'created', 'updated', 'metadata', 'quality_scores', '_links'],
} as const;

function productPatch(json: Json): ProductPatch {
  refuseUnknown(json, known.product);
  return {
    ...(json as Pick<ProductPatch, 'uuid' | 'enabled' | 'family' | 'parent' | 'categories'>),
    ...(json['values'] !== undefined && { values: valuesOf(json['values']) }),
    ...(json['associations'] !== undefined && { associations: associationsOf(json['associations'] as Json) }),
    ...(json['quantified_associations'] !== undefined && { quantified: quantifiedOf(json['quantified_associations'] as Json) }),
  };
}

function modelPatch(json: Json): ProductModelPatch {
  refuseUnknown(json, known.model);
  const { code, family, parent, categories } = json as unknown as ProductModelPatch;
  return {
    code, ...(family !== undefined && { family }), ...(parent !== undefined && { parent }), ...(categories !== undefined && { categories }),
    ...(typeof json['family_variant'] === 'string' && { familyVariant: json['family_variant'] }),
    ...(json['values'] !== undefined && { values: valuesOf(json['values']) }),
  };
}

function refuseUnknown(json: Json, fields: readonly string[]): void {
  const unknown = Object.keys(json).find((field) => !fields.includes(field));
  if (unknown !== undefined) throw unprocessable(`Property "${unknown}" does not exist. Check the expected format on the API documentation.`);
}

function valuesOf(wire: unknown): PimValues {
  if (typeof wire !== 'object' || wire === null) throw unprocessable('Property "values" expects an object as data. Check the expected format on the API documentation.');
  return Object.fromEntries(Object.entries(wire).map(([code, rows]) => {
    if (!Array.isArray(rows)) throw unprocessable(`Property "${code}" expects an array as data. Check the expected format on the API documentation.`);
    return [code, rows.map((row: Json) => ({ scope: (row['scope'] ?? null) as string | null, locale: (row['locale'] ?? null) as string | null, data: row['data'] ?? null }))];
  }));
}

function associationsOf(wire: Json): PimAssociations {
  return Object.fromEntries(Object.entries(wire).map(([type, held]) => {
    const { products = [], product_models: productModels = [], groups = [] } = held as { products?: string[]; product_models?: string[]; groups?: string[] };
    return [type, { products, productModels, groups }];
  }));
}

function quantifiedOf(wire: Json): PimQuantified {
  return Object.fromEntries(Object.entries(wire).map(([type, held]) => {
    const { products = [], product_models: models = [] } = held as { products?: { uuid: string; quantity: number }[]; product_models?: { identifier: string; quantity: number }[] };
    return [type, { products, productModels: models.map(({ identifier, quantity }) => ({ code: identifier, quantity })) }];
  }));
}

function refusing<T>(write: () => T, status: number): T {
  try {
    return write();
  } catch (error) {
    if (error instanceof Rejection) throw new AkeneoError(status, error.message);
    throw error;
  }
}
