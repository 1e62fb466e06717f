import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';

export interface PagesOptions {
  readonly pagesDirectory: string | null;
  readonly explorer: boolean;
}

const POLICY = "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; connect-src 'self' ws: wss:; frame-ancestors 'none'";

/** GraphiQL carries its fonts inside its style sheet. */
const EXPLORER_POLICY = `${POLICY}; font-src 'self' data:`;

/** The demo storefront at / and the explorer at /explorer: built files, nothing rendered here. */
export async function registerPages(app: FastifyInstance, { pagesDirectory, explorer }: PagesOptions): Promise<void> {
  if (!pagesDirectory || !existsSync(pagesDirectory)) return;
  const root = resolve(pagesDirectory);
  await app.register(fastifyStatic, { root, prefix: '/assets/', index: false, decorateReply: true, setHeaders: (reply) => void reply.header('x-content-type-options', 'nosniff') });
  const page = (path: string, file: string, policy: string): void => {
    app.get(path, (_request, reply) => reply.header('content-security-policy', policy).header('x-content-type-options', 'nosniff').sendFile(file));
  };
  page('/', 'storefront.html', POLICY);
  if (explorer) page('/explorer', 'explorer.html', EXPLORER_POLICY);
}
