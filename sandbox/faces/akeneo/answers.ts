import type { FastifyReply } from 'fastify';

/** Akeneo's error body: `{ code, message }`, the code repeating the HTTP status. */
export class AkeneoError extends Error {
  override readonly name = 'AkeneoError';
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message);
    this.status = status;
    this.headers = headers;
  }
}

/** 422 carries a link to the reference, as the real one does. */
export function answerError(reply: FastifyReply, error: AkeneoError): FastifyReply {
  const documentation = { _links: { documentation: { href: 'http://api.akeneo.com/api-reference-paas-70.html' } } };
  return reply.code(error.status).headers(error.headers).send({ code: error.status, message: error.message, ...(error.status === 422 && documentation) });
}

export const notFound = (what: string): AkeneoError => new AkeneoError(404, `${what} does not exist or you do not have permission to access it.`);
export const unprocessable = (message: string): AkeneoError => new AkeneoError(422, message);

/** Instants as the API writes them: whole seconds, offset spelled out. */
export function wireInstant(iso: string): string {
  return `${iso.slice(0, 19)}+00:00`;
}
