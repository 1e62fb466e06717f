import { codegen } from '@graphql-codegen/core';
import * as operationsPlugin from '@graphql-codegen/typescript-operations';
import { Kind, parse, printSchema, type DefinitionNode, type DocumentNode, type GraphQLSchema } from 'graphql';
import type { Manifest, ManifestOperation } from '../../gateway/trusted-documents/manifest.ts';

const HEADER = '// Made by npm run documents from the operation files; change those.\n';

/** What a storefront's code imports, by file name. */
export async function createClientFiles(schema: GraphQLSchema, manifest: Manifest): Promise<ReadonlyMap<string, string>> {
  return new Map([
    ['manifest.json', `${JSON.stringify(manifest, null, 2)}\n`],
    ['types.ts', await typesOf(schema, manifest)],
    ['documents.ts', documentsOf(manifest)],
    ['operations.ts', operationsOf(manifest)],
  ]);
}

/** Each fragment once, however many texts carry it. */
function oneDocument(operations: readonly ManifestOperation[]): DocumentNode {
  const definitions = new Map<string, DefinitionNode>();
  for (const { body } of operations) {
    for (const definition of parse(body, { noLocation: true }).definitions) {
      if (definition.kind === Kind.OPERATION_DEFINITION || definition.kind === Kind.FRAGMENT_DEFINITION) definitions.set(`${definition.kind} ${definition.name!.value}`, definition);
    }
  }
  return { kind: Kind.DOCUMENT, definitions: [...definitions.values()] };
}

async function typesOf(schema: GraphQLSchema, { operations }: Manifest): Promise<string> {
  const text = await codegen({
    schema: parse(printSchema(schema)),
    documents: [{ location: 'operations.graphql', document: oneDocument(operations) }],
    filename: 'types.ts',
    config: {
      strictScalars: true,
      // Amounts and quantities are exact decimals: a number would round them.
      scalars: { ID: 'string', Decimal: 'string', Quantity: 'string', DateTime: 'string', Date: 'string', CurrencyCode: 'string' },
      enumType: 'string-literal',
      immutableTypes: true,
      nonOptionalTypename: true,
      skipTypeNameForRoot: true,
    },
    plugins: [{ operations: {} }],
    pluginMap: { operations: operationsPlugin },
    skipDocumentsValidation: true,
  });
  return `${HEADER}${text.trim()}\n`;
}

const typeNames = ({ name, type }: ManifestOperation): readonly [result: string, variables: string] => {
  const base = `${name}${type[0]!.toUpperCase()}${type.slice(1)}`;
  return [base, `${base}Variables`];
};

const importTypes = ({ operations }: Manifest): string => `import type {\n${operations.flatMap(typeNames).map((name) => `  ${name},\n`).join('')}} from './types.ts';\n`;

/** For clients that work on documents: Apollo Client, urql. The text is the trusted one, to the letter. */
const documentsOf = (manifest: Manifest): string => `${HEADER}import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { parse } from 'graphql';
${importTypes(manifest)}
/** A document that carries the id it is trusted under. */
export type TrustedDocumentNode<Result, Variables> = TypedDocumentNode<Result, Variables> & { readonly __meta__: { readonly id: string } };

const trusted = <Result, Variables>(id: string, body: string): TrustedDocumentNode<Result, Variables> => ({ ...parse(body, { noLocation: true }), __meta__: { id } });
${manifest.operations.map(documentOf).join('')}`;

const documentOf = (operation: ManifestOperation): string => {
  const [result, variables] = typeNames(operation);
  return `
export const ${operation.name}Document = /* #__PURE__ */ trusted<${result}, ${variables}>(
  '${operation.id}',
  \`${operation.body.replace(/[\\`]|\$\{/g, '\\$&')}\`,
);
`;
};

/** For clients that ask by id: no text is shipped to the browser. */
const operationsOf = (manifest: Manifest): string => `${HEADER}${importTypes(manifest)}
/** An operation by its id; \`Result\` and \`Variables\` are what it answers and takes. */
export interface TrustedOperation<Result, Variables> {
  /** Give it as \`documentId\`. */
  readonly documentId: string;
  readonly operationName: string;
  readonly kind: 'query' | 'mutation' | 'subscription';
  /** Carries the types only. */
  readonly answer?: (variables: Variables) => Result;
}
${manifest.operations.map(operationOf).join('')}`;

const operationOf = (operation: ManifestOperation): string => {
  const [result, variables] = typeNames(operation);
  return `
export const ${operation.name}: TrustedOperation<${result}, ${variables}> = {
  documentId: 'sha256:${operation.id}',
  operationName: '${operation.name}',
  kind: '${operation.type}',
};
`;
};
