import type { FastifyRequest } from 'fastify';
import { rpcTarget } from './faces/odoo/jsonrpc.ts';

/** What a request asks of which vendor: for faults to match and calls to be counted by. */
export interface Target {
  readonly face: 'odoo' | 'akeneo';
  /** Odoo model; empty elsewhere. */
  readonly model: string;
  /** Odoo method, or the HTTP method. */
  readonly method: string;
  /** Path without the query. */
  readonly path: string;
}

/** Null for the sandbox's own control paths. */
export function targetOf(request: FastifyRequest): Target | null {
  const path = request.url.split('?')[0] ?? '';
  if (path === '/sandbox' || path.startsWith('/sandbox/')) return null;
  if (path.startsWith('/akeneo/')) return { face: 'akeneo', model: '', method: request.method, path };
  if (path === '/jsonrpc') return { face: 'odoo', path, ...rpcTarget(request) };
  const [, , , model = '', method = request.method] = path.startsWith('/json/2/') ? path.split('/') : [];
  return { face: 'odoo', model, method, path };
}

/** `odoo sale.order.create`, `akeneo GET /akeneo/api/rest/v1/products-uuid`. */
export const nameOf = ({ face, model, method, path }: Target): string => (model === '' ? `${face} ${method} ${path}` : `${face} ${model}.${method}`);
