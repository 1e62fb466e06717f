import type { FastifyInstance } from 'fastify';
import type { Config } from '../../../platform/config.ts';
import type { Log } from '../../../platform/log.ts';
import { readTrustedProxies, type Proxies } from './client-address.ts';
import { registerCompression } from './compression.ts';
import { registerDrainHint } from './drain-hint.ts';
import type { Readiness } from '../routes/health.ts';
import { boundRequests } from './request-bounds.ts';
import { boundSockets } from './socket-bounds.ts';

/** What stands between the gateway and its clients. */
export interface Edge {
  readonly proxies: Proxies;
  /** Open connections of one client address; 0 = any number. */
  readonly maxSocketsPerAddress: number;
  readonly compresses: boolean;
}

/** No proxies, no compression: clients connect themselves. */
export const BARE_EDGE: Edge = { proxies: readTrustedProxies([]), maxSocketsPerAddress: 0, compresses: false };

/** @throws Error naming an unusable setting */
export const readEdge = ({ TRUSTED_PROXIES, MAX_SOCKETS_PER_ADDRESS, RESPONSE_COMPRESSION }: Config, log: Log): Edge => ({
  proxies: readTrustedProxies(TRUSTED_PROXIES, (peer) => log.warn({ peer }, 'X-Forwarded-For comes from an address that TRUSTED_PROXIES does not name: it is not believed, and everybody behind it counts as one client')),
  maxSocketsPerAddress: MAX_SOCKETS_PER_ADDRESS,
  compresses: RESPONSE_COMPRESSION === 'on',
});

/** Vendors sign what they push as they send it; it is handed on without being unpacked. */
const TAKEN_AS_THEY_COME = ['/webhooks/'];

/** Bounds of connections and requests, before anything is read of them, and what every answer gets at its end. */
export function registerEdge(app: FastifyInstance, { proxies, maxSocketsPerAddress, compresses }: Edge, { readiness, log }: { readonly readiness: Readiness; readonly log: Log }): void {
  boundSockets(app.server, { maxPerAddress: maxSocketsPerAddress, isTrusted: proxies.isTrusted, log });
  boundRequests(app, { exempt: TAKEN_AS_THEY_COME });
  registerDrainHint(app, readiness);
  if (compresses) registerCompression(app);
}
