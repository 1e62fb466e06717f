import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { readSupergraph } from '../gateway/gateway.ts';
import { createGraph, type Graph } from '../gateway/graph/graph.ts';
import { DEFAULT_LIMITS } from '../gateway/limits/limits.ts';
import { checkDocuments } from '../gateway/trusted-documents/check-documents.ts';
import { ManifestRefusal, type Manifest } from '../gateway/trusted-documents/manifest.ts';
import { readApiKey } from '../platform/config.ts';
import { createClientFiles } from './documents/client-files.ts';
import { readDocuments } from './documents/operation-files.ts';
import { listVersions, registerManifest, rollBack } from './documents/gateway-client.ts';

const USAGE = `npm run documents -- [options]

  --from <folder | glob | file | manifest.json>  operations of a storefront; default schema/operations
  --out <folder>       where the manifest and the TypeScript files go; default schema/client, with --from none
  --schema <file>      the supergraph they are held to; default schema/supergraph.graphql
  --check              writes nothing; fails where the files in --out are not what the operations say
  --register <url>     registers the documents with a running gateway; GATEWAY_API_KEY is the key, with the scope operations
  --client <name>      the storefront they are registered for; default demo
  --replace            ends the trust in what this storefront registered before
  --list <url>         the versions that were registered
  --rollback <url> --to <version>    trusts again what that version trusted; 0: nothing registered`;

const { values: options } = parseArgs({
  options: {
    from: { type: 'string' }, out: { type: 'string' }, schema: { type: 'string', default: 'schema/supergraph.graphql' }, check: { type: 'boolean', default: false },
    register: { type: 'string' }, client: { type: 'string', default: 'demo' }, replace: { type: 'boolean', default: false },
    list: { type: 'string' }, rollback: { type: 'string' }, to: { type: 'string' }, help: { type: 'boolean', default: false },
  },
});

/** @returns exit code */
async function run(): Promise<number> {
  if (options.help) return tell(USAGE);
  if (options.list) return tell(await listVersions({ url: options.list, apiKey: readApiKey() }));
  if (options.rollback) return tell(await rollBack({ url: options.rollback, apiKey: readApiKey(), to: Number(options.to) }));
  const graph = createGraph({ sdl: readSupergraph(options.schema), clients: {}, limits: DEFAULT_LIMITS, cache: null });
  const manifest = readDocuments(options.from ?? 'schema/operations');
  printDocuments(graph, manifest);
  const out = options.out ?? (options.from ? null : 'schema/client');
  if (out !== null && !(await writeOrCompare(graph, manifest, out))) return 1;
  if (!options.register) return 0;
  return tell(await registerManifest({ url: options.register, apiKey: readApiKey(), client: options.client, manifest, replace: options.replace }));
}

function tell(text: string): number {
  console.log(text);
  return 0;
}

/** @throws ManifestRefusal where one could not be answered */
function printDocuments(graph: Graph, { operations }: Manifest): void {
  const checked = checkDocuments(graph, operations);
  for (const { id, name, problem, cost, depth } of checked) console.log(`${id}  cost ${String(cost).padStart(6)}  depth ${String(depth).padStart(2)}  ${name}${problem === null ? '' : '  REFUSED'}`);
  const problems = checked.filter(({ problem }) => problem !== null).map(({ name, problem }) => `${name}: ${problem}`);
  if (problems.length > 0) throw new ManifestRefusal(problems);
}

/** False: they differ, and only comparing was asked for. */
async function writeOrCompare(graph: Graph, manifest: Manifest, folder: string): Promise<boolean> {
  const files = [...(await createClientFiles(graph.schema, manifest))].map(([name, text]) => ({ path: join(folder, name), text }));
  const drifted = files.filter(({ path, text }) => !existsSync(path) || readFileSync(path, 'utf8') !== text);
  if (options.check) {
    for (const { path } of drifted) console.error(`drift: ${path} is not what the operations say; run npm run documents and review the difference`);
    return drifted.length === 0;
  }
  mkdirSync(folder, { recursive: true });
  for (const { path, text } of drifted) writeFileSync(path, text);
  console.log(drifted.length === 0 ? `${folder} is up to date` : `wrote ${drifted.map(({ path }) => path).join(', ')}`);
  return true;
}

process.exitCode = await run().catch((error: Error) => {
  const problems = error instanceof ManifestRefusal ? error.problems : [error.message];
  for (const problem of problems) console.error(problem);
  return 1;
});
