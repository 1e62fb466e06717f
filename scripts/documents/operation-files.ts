import { existsSync, globSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import {
  GraphQLError, Kind, parse, print, visit, type DocumentNode, type FieldNode, type FragmentDefinitionNode, type OperationDefinitionNode, type SelectionSetNode,
} from 'graphql';
import { createManifest, ManifestRefusal, readManifest, type Manifest } from '../../gateway/trusted-documents/manifest.ts';
import { documentId } from '../../gateway/trusted-documents/trusted-documents.ts';

const OPERATION_FILES = '**/*.{graphql,gql}';

/**
 * The trusted documents of a storefront.
 * @param from a folder or glob of operation files, one operation file, or a manifest (JSON) some other tool has written
 * @throws ManifestRefusal with everything that is wrong
 */
export function readDocuments(from: string): Manifest {
  if (from.endsWith('.json')) return readManifest(readJson(from));
  const paths = pathsOf(from);
  if (paths.length === 0) throw new ManifestRefusal([`${from}: no operation files (*.graphql, *.gql) there`]);
  const definitions = new Definitions();
  for (const path of paths) definitions.add(path, parseFile(path));
  return readManifest(createManifest(definitions.operations.map((operation) => manifestOperation(operation, definitions.fragments))));
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new ManifestRefusal([`${path}: ${(error as Error).message}`]);
  }
}

function pathsOf(from: string): string[] {
  const isFolder = existsSync(from) && statSync(from).isDirectory();
  const found = isFolder ? globSync(OPERATION_FILES, { cwd: from, exclude: (name) => name === 'node_modules' }).map((path) => join(from, path)) : globSync(from);
  return found.sort();
}

function parseFile(path: string): DocumentNode {
  try {
    return parse(readFileSync(path, 'utf8'), { noLocation: true });
  } catch (error) {
    throw error instanceof GraphQLError ? new ManifestRefusal([`${path}: ${error.message}`]) : error;
  }
}

/** Operations and fragments of all files: fragments are shared between them by name. */
class Definitions {
  readonly operations: OperationDefinitionNode[] = [];
  readonly fragments = new Map<string, FragmentDefinitionNode>();

  add(path: string, { definitions }: DocumentNode): void {
    for (const definition of definitions) {
      if (definition.kind === Kind.OPERATION_DEFINITION) this.#addOperation(path, definition);
      else if (definition.kind === Kind.FRAGMENT_DEFINITION) this.#addFragment(path, definition);
      else throw new ManifestRefusal([`${path}: only operations and fragments belong here`]);
    }
  }

  #addOperation(path: string, operation: OperationDefinitionNode): void {
    if (!operation.name) throw new ManifestRefusal([`${path}: an operation has no name; clients ask for it by name`]);
    this.operations.push(operation);
  }

  #addFragment(path: string, fragment: FragmentDefinitionNode): void {
    const known = this.fragments.get(fragment.name.value);
    if (known && print(known) !== print(fragment)) throw new ManifestRefusal([`${path}: another file has another fragment ${fragment.name.value}`]);
    this.fragments.set(fragment.name.value, fragment);
  }
}

function manifestOperation(operation: OperationDefinitionNode, fragments: ReadonlyMap<string, FragmentDefinitionNode>) {
  const used = [...fragmentsUsed(operation.selectionSet, fragments, new Set())].sort().map((name) => fragments.get(name)!);
  const document = withTypenames({ kind: Kind.DOCUMENT, definitions: [operation, ...used] });
  const body = print(document);
  return { id: documentId(body), body, name: operation.name!.value, type: operation.operation };
}

function fragmentsUsed(selections: SelectionSetNode, fragments: ReadonlyMap<string, FragmentDefinitionNode>, found: Set<string>): Set<string> {
  visit(selections, {
    FragmentSpread: ({ name: { value: name } }) => {
      const fragment = fragments.get(name);
      // A fragment that nobody defines is told by validation.
      if (!fragment || found.has(name)) return;
      found.add(name);
      fragmentsUsed(fragment.selectionSet, fragments, found);
    },
  });
  return found;
}

const TYPENAME: FieldNode = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: '__typename' } };

/**
 * Normalising caches add __typename to what they send; a text is trusted to the letter. It is in every selection before
 * anybody adds it, so that what Apollo Client and urql make of the document is the document.
 */
const withTypenames = (document: DocumentNode): DocumentNode =>
  visit(document, {
    SelectionSet: (node, _key, parent) => {
      if (parent && 'kind' in parent && parent.kind === Kind.OPERATION_DEFINITION) return undefined;
      const has = node.selections.some((selection) => selection.kind === Kind.FIELD && selection.name.value === '__typename');
      return has ? undefined : { ...node, selections: [...node.selections, TYPENAME] };
    },
  });
