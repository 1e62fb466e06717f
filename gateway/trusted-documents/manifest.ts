import { Kind, parse, type OperationDefinitionNode } from 'graphql';
import { z } from 'zod';
import { documentId, type TrustedDocument } from './trusted-documents.ts';

export type OperationKind = 'query' | 'mutation' | 'subscription';

export interface ManifestOperation extends TrustedDocument {
  readonly type: OperationKind;
}

/** Apollo's persisted-query manifest, so that the tools of its clients write and read it. */
export interface Manifest {
  readonly format: 'apollo-persisted-query-manifest';
  readonly version: 1;
  readonly operations: readonly ManifestOperation[];
}

/** A manifest that is refused as a whole, with everything that is wrong with it. */
export class ManifestRefusal extends Error {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`the manifest is refused: ${problems.join('; ')}`);
    this.name = 'ManifestRefusal';
    this.problems = problems;
  }
}

const MAX_OPERATIONS = 5_000;

const manifestSchema = z.object({
  format: z.literal('apollo-persisted-query-manifest'),
  version: z.literal(1),
  operations: z.array(z.object({ id: z.string(), body: z.string(), name: z.string(), type: z.enum(['query', 'mutation', 'subscription']) })),
});

/** What Relay, GraphQL Code Generator and others write: texts by id. */
const textsSchema = z.record(z.string(), z.string());

export const createManifest = (operations: readonly ManifestOperation[]): Manifest => ({
  format: 'apollo-persisted-query-manifest',
  version: 1,
  operations: [...operations].sort((one, other) => (one.name < other.name ? -1 : 1)).map(({ id, body, name, type }) => ({ id, body, name, type })),
});

/**
 * Reads a manifest, or a JSON object of texts by id, and holds it to its word: each id the SHA-256 of its text, each text
 * one named operation, each name once. Whether the graph can answer them is asked in check-documents.ts.
 * @throws ManifestRefusal
 */
export function readManifest(given: unknown): Manifest {
  const operations = readOperations(given);
  if (operations.length === 0) throw new ManifestRefusal(['it has no operations']);
  if (operations.length > MAX_OPERATIONS) throw new ManifestRefusal([`it has ${operations.length} operations, at most ${MAX_OPERATIONS} are allowed`]);
  const problems = [...operations.flatMap(contradictions), ...repetitions(operations)];
  if (problems.length > 0) throw new ManifestRefusal(problems);
  return createManifest(operations);
}

function readOperations(given: unknown): readonly ManifestOperation[] {
  if (typeof given === 'object' && given !== null && !('format' in given)) {
    const texts = textsSchema.safeParse(given);
    if (texts.success) return Object.entries(texts.data).map(([id, body]) => ({ id, body, ...nameAndType(body) }));
  }
  const manifest = manifestSchema.safeParse(given);
  if (!manifest.success) throw new ManifestRefusal(manifest.error.issues.map(({ path, message }) => `${path.join('.') || 'manifest'}: ${message}`));
  return manifest.data.operations;
}

/** What a text says it is, where it says so; what it does not say is told as a contradiction. */
function nameAndType(body: string): Pick<ManifestOperation, 'name' | 'type'> {
  const operation = onlyOperation(body);
  return { name: operation?.name?.value ?? '', type: operation?.operation ?? 'query' };
}

function onlyOperation(body: string): OperationDefinitionNode | null {
  try {
    const operations = parse(body, { noLocation: true, maxTokens: 20_000 }).definitions.filter(({ kind }) => kind === Kind.OPERATION_DEFINITION);
    return operations.length === 1 ? (operations[0] as OperationDefinitionNode) : null;
  } catch {
    return null;
  }
}

function contradictions({ id, body, name, type }: ManifestOperation): string[] {
  const which = name || id;
  const problems: string[] = [];
  const hash = documentId(body);
  if (id !== hash) problems.push(`${which}: its id is ${id}, the SHA-256 of its text is ${hash}`);
  const operation = onlyOperation(body);
  if (!operation) problems.push(`${which}: its text is not GraphQL with exactly one operation`);
  else if (!operation.name) problems.push(`${which}: its operation has no name`);
  else if (operation.name.value !== name) problems.push(`${which}: its operation is called ${operation.name.value}`);
  else if (operation.operation !== type) problems.push(`${which}: it is a ${operation.operation}, not a ${type}`);
  return problems;
}

function repetitions(operations: readonly ManifestOperation[]): string[] {
  const ids = new Set<string>();
  const names = new Set<string>();
  const problems: string[] = [];
  for (const { id, name } of operations) {
    if (ids.has(id)) problems.push(`${name}: the id ${id} is given twice`);
    else if (names.has(name)) problems.push(`${name}: two texts have this name`);
    ids.add(id);
    names.add(name);
  }
  return problems;
}
