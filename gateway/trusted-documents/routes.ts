import type { FastifyInstance, FastifyReply, FastifyRequest, preHandlerAsyncHookHandler } from 'fastify';
import { z } from 'zod';
import type { GraphSource } from '../graph/graph-source.ts';
import { checkDocuments } from './check-documents.ts';
import type { LiveDocuments } from './live-documents.ts';
import { ManifestRefusal, readManifest, type Manifest } from './manifest.ts';
import type { Version, VersionStore } from './version-store.ts';

export interface TrustedDocumentRoutes {
  readonly store: VersionStore;
  readonly live: LiveDocuments;
  readonly graphs: GraphSource;
  /** Lets in whoever may operate; answers everybody else. */
  readonly guard: preHandlerAsyncHookHandler;
  /** Who asks, for the record: a principal's subject. */
  readonly subjectOf: (request: FastifyRequest) => Promise<string>;
}

const MAX_MANIFEST_BYTES = 16 * 1024 * 1024;
const CLIENT = /^[a-z0-9][a-z0-9._-]{0,63}$/;

const registrationSchema = z.strictObject({
  client: z.string().regex(CLIENT, 'must be a name of 1 to 64 letters a-z, digits, dots, _ or -'),
  manifest: z.unknown(),
  replace: z.boolean().default(false),
});
const rollbackSchema = z.strictObject({ to: z.int().nonnegative() });

/**
 * For callers with the scope `operations`. GET /operations/trusted-documents: the versions, and which of them this node
 * serves. POST /operations/trusted-documents `{ client, manifest, replace? }`: registers a manifest, 201 with the version
 * that is active now, 200 where nothing changes, 400 with all problems where one document could not be answered.
 * POST /operations/trusted-documents/rollback `{ to }`: what version `to` trusted is trusted again, 0 = nothing registered.
 */
export function registerTrustedDocuments(app: FastifyInstance, routes: TrustedDocumentRoutes): void {
  const { store, live, guard: preHandler, subjectOf } = routes;
  const path = '/operations/trusted-documents';
  app.get(path, { preHandler }, async () => ({
    serving: live.registered?.number ?? 0, documents: live.operations().length, problem: live.problem, versions: (await store.list()).map(summary),
  }));
  app.post(path, { preHandler, bodyLimit: MAX_MANIFEST_BYTES }, async (request, reply) => {
    const asked = registrationSchema.safeParse(request.body);
    if (!asked.success) return refuse(reply, asked.error.issues.map(({ path: [field], message }) => `${String(field ?? 'body')}: ${message}`));
    const { client, replace } = asked.data;
    try {
      const manifest = readManifest(asked.data.manifest);
      const documents = judge(routes, manifest);
      const { version, changed } = await store.register({ client, manifest, replace, by: await subjectOf(request) });
      await live.refresh();
      return await reply.code(changed ? 201 : 200).send({ version: version.number, changed, documents });
    } catch (error) {
      if (error instanceof ManifestRefusal) return refuse(reply, error.problems);
      throw error;
    }
  });
  app.post(`${path}/rollback`, { preHandler }, async (request, reply) => {
    const asked = rollbackSchema.safeParse(request.body);
    if (!asked.success) return refuse(reply, ['to: must be the number of a version, or 0']);
    const version = await store.rollBack({ to: asked.data.to, by: await subjectOf(request) });
    if (!version) return refuse(reply, [`to: there is no version ${asked.data.to}`]);
    await live.refresh();
    return reply.code(201).send({ version: version.number, equals: version.equals });
  });
}

const refuse = (reply: FastifyReply, problems: readonly string[]) => reply.code(400).send({ code: 'INVALID_INPUT', message: 'nothing was registered or changed', problems });

/** One document that this graph cannot answer refuses them all: half a storefront is none. @throws ManifestRefusal */
function judge({ graphs }: TrustedDocumentRoutes, { operations }: Manifest) {
  const checked = checkDocuments(graphs.current, operations);
  const problems = checked.filter(({ problem }) => problem !== null).map(({ name, problem }) => `${name}: ${problem}`);
  if (problems.length > 0) throw new ManifestRefusal(problems);
  return checked.map(({ id, name, cost, depth }) => ({ id, name, cost, depth }));
}

const summary = ({ number, at, by, reason, client, equals, manifests }: Version) => ({ version: number, at, by, reason, client, equals, clients: Object.keys(manifests) });
