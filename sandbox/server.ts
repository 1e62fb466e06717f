import { fastify, type FastifyInstance } from 'fastify';
import type { AddressInfo } from 'node:net';
import type { Clock } from '../platform/clock.ts';
import type { Log } from '../platform/log.ts';
import { registerControl } from './control.ts';
import { createEngine, type Engine, type SandboxSeed } from './engine/engine.ts';
import type { EventPush } from './faces/akeneo/events.ts';
import { registerAkeneoFace } from './faces/akeneo/register.ts';
import { registerOdooFace } from './faces/odoo/face.ts';
import { createFaults, registerFaults, type Faults } from './faults.ts';
import { nameOf, targetOf } from './target.ts';
import { startWebhook } from './webhook.ts';

export interface SandboxOptions {
  /** 0 picks a free port. */
  readonly port: number;
  /** Keep it on loopback: the credentials are public. */
  readonly host: string;
  /** Where the journal lives (`<dataDir>/sandbox`); null keeps everything in memory. */
  readonly dataDir: string | null;
  readonly log: Log;
  readonly clock: Clock;
  /** Loaded when the engine has nothing yet, and by reset; null = start empty. */
  readonly seed: SandboxSeed | null;
  /** Told about changes the way Odoo's webhook action does. */
  readonly webhookUrl?: string;
  /** Told about changes the way Akeneo's Event Platform does. */
  readonly akeneoPush?: EventPush;
}

export interface Sandbox {
  /** `http://host:port`, Odoo's base; Akeneo's is `<url>/akeneo`. */
  readonly url: string;
  readonly engine: Engine;
  readonly faults: Faults;
  /** Calls per `face model.method` since the start or the last clearing. */
  readonly calls: Map<string, number>;
  close(): Promise<void>;
}

const BODY_LIMIT_BYTES = 128 * 1024 * 1024;

/** Starts the vendors: replays the journal, loads the seed into an empty engine, listens. */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const { port, host, dataDir, log, clock, seed, webhookUrl } = options;
  const engine = createEngine({ clock, dataDir });
  if (engine.isEmpty && seed !== null) engine.reset(seed);
  const faults = createFaults();
  const calls = new Map<string, number>();
  const app = fastify({ logger: false, bodyLimit: BODY_LIMIT_BYTES, forceCloseConnections: true, routerOptions: { maxParamLength: 500 } });
  countCalls(app, calls);
  registerFaults(app, faults);
  await registerOdooFace(app, engine);
  await app.register(async (scope) => void registerAkeneoFace(scope, engine, options.akeneoPush === undefined ? {} : { push: options.akeneoPush }), { prefix: '/akeneo' });
  await registerControl(app, { engine, faults, calls, seed });
  const stopWebhook = webhookUrl === undefined ? () => undefined : startWebhook(engine, webhookUrl, log);
  await app.listen({ port, host });
  const url = `http://${host}:${String((app.server.address() as AddressInfo).port)}`;
  log.info({ url, dataDir }, 'sandbox ERP and PIM are listening');
  const stop = async (): Promise<void> => {
    stopWebhook();
    app.server.closeAllConnections();
    await app.close();
    engine.close();
  };
  let stopping: Promise<void> | null = null;
  return { url, engine, faults, calls, close: () => (stopping ??= stop()) };
}

function countCalls(app: FastifyInstance, calls: Map<string, number>): void {
  app.addHook('preHandler', (request, _reply, done) => {
    const target = targetOf(request);
    if (target !== null) calls.set(nameOf(target), (calls.get(nameOf(target)) ?? 0) + 1);
    done();
  });
}
