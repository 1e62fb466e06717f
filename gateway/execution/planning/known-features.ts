import { Kind, parse, type ConstDirectiveNode, type DocumentNode } from 'graphql';
import { readText } from './field-definitions.ts';

/**
 * What a supergraph may link that has to be executed or enforced. Executed here: join, inaccessible (by never showing),
 * context. Enforced by the gateway in front of the executor: authenticated, requiresScopes, policy, cost. The rest
 * carries no duty for the one who serves it.
 */
const KNOWN: Readonly<Record<string, readonly string[]>> = {
  'https://specs.apollo.dev/core': ['v0.1', 'v0.2'],
  'https://specs.apollo.dev/link': ['v1.0'],
  'https://specs.apollo.dev/join': ['v0.2', 'v0.3', 'v0.4', 'v0.5'],
  'https://specs.apollo.dev/tag': ['v0.1', 'v0.2', 'v0.3'],
  'https://specs.apollo.dev/inaccessible': ['v0.1', 'v0.2'],
  'https://specs.apollo.dev/authenticated': ['v0.1'],
  'https://specs.apollo.dev/requiresScopes': ['v0.1'],
  'https://specs.apollo.dev/policy': ['v0.1'],
  'https://specs.apollo.dev/cost': ['v0.1'],
  'https://specs.apollo.dev/context': ['v0.1'],
  'https://specs.apollo.dev/cacheTag': ['v0.1'],
};

/** Read here by their own names, so that another name would leave them unread. */
const READ_BY_NAME = ['https://specs.apollo.dev/join', 'https://specs.apollo.dev/context'];

/**
 * A feature linked `for: SECURITY` or `for: EXECUTION` that nobody here knows would silently go unenforced.
 * @throws Error naming each such feature and the remedy
 */
export function refuseUnknownFeatures(sdl: string): void {
  const document = parse(sdl, { noLocation: true });
  const links = readLinks(document);
  if (!links.some(({ identity }) => identity === 'https://specs.apollo.dev/join')) {
    throw new Error('This is no supergraph: it does not link https://specs.apollo.dev/join. Compose the subgraphs (npm run schema, rover supergraph compose).');
  }
  const refusals = links.flatMap((link) => judge(link) ?? []);
  if (usesConnectors(document)) refusals.push('@connect: connectors are not executed here; put a subgraph in front of the REST service.');
  if (refusals.length > 0) throw new Error(`This supergraph cannot be served:\n- ${refusals.join('\n- ')}`);
}

interface Link {
  readonly url: string;
  readonly identity: string;
  readonly version: string;
  readonly purpose: string | undefined;
  readonly renamed: string | undefined;
}

function readLinks(document: DocumentNode): readonly Link[] {
  return document.definitions.flatMap((definition) => {
    if (definition.kind !== Kind.SCHEMA_DEFINITION && definition.kind !== Kind.SCHEMA_EXTENSION) return [];
    return (definition.directives ?? []).flatMap((directive) => readLink(directive) ?? []);
  });
}

function readLink(directive: ConstDirectiveNode): Link | null {
  // `feature` is the name `@core` gave to what `@link` calls `url`.
  const url = readText(directive, 'url') ?? readText(directive, 'feature');
  if (url === undefined || !['link', 'core'].includes(directive.name.value)) return null;
  const slash = url.lastIndexOf('/');
  return { url, identity: url.slice(0, slash), version: url.slice(slash + 1), purpose: readText(directive, 'for'), renamed: readText(directive, 'as') };
}

function judge({ url, identity, version, purpose, renamed }: Link): string | null {
  const versions = KNOWN[identity];
  if (versions?.includes(version)) {
    const foreign = READ_BY_NAME.includes(identity) && renamed !== undefined;
    return foreign ? `${url}: linked under another name ("${renamed}"); compose it under its own.` : null;
  }
  if (identity === 'https://specs.apollo.dev/join') {
    return `${url}: this version of join is not known; compose with Federation 2, up to ${KNOWN[identity]!.at(-1)!}.`;
  }
  if (purpose === undefined) return null;
  const known = versions ? ` (known: ${versions.join(', ')})` : '';
  return `${url}: linked for ${purpose}, and nothing here ${purpose === 'SECURITY' ? 'enforces' : 'executes'} it${known}. Remove it from the subgraphs, or serve the graph with a gateway that knows it.`;
}

/** Connectors arrive as `@join__directive(name: "connect")`. */
function usesConnectors({ definitions }: DocumentNode): boolean {
  const isConnector = (directive: ConstDirectiveNode): boolean =>
    directive.name.value === 'join__directive' && ['connect', 'source'].includes(readText(directive, 'name') ?? '');
  return definitions.some((definition) => {
    if (!('directives' in definition)) return false;
    const fields = 'fields' in definition ? (definition.fields ?? []) : [];
    return [definition, ...fields].some(({ directives }) => (directives as readonly ConstDirectiveNode[] | undefined)?.some(isConnector));
  });
}
