import { GraphQLError, parse, validate, type DocumentNode, type GraphQLSchema } from 'graphql';
import { createBoundedCache } from '../execution/bounded-cache.ts';
import { enforceDocumentLimits, type Limits } from '../limits/limits.ts';

/** Texts become documents here for every transport: weighed first, validated after, each once. */
export interface Documents {
  /** @throws GraphQLError INVALID_INPUT */
  read(source: string): DocumentNode;
  /** For a document somebody else parsed. @throws GraphQLError INVALID_INPUT */
  check(source: string, document: DocumentNode): void;
  /** Whether the text has been read here and is valid. */
  knows(source: string): boolean;
}

/** A document weighs up to half a megabyte in memory, and strangers may have theirs read. */
const MAX_DOCUMENTS = 200;

export const invalid = (message: string, more: Readonly<Record<string, unknown>> = {}): GraphQLError =>
  new GraphQLError(message, { extensions: { code: 'INVALID_INPUT', http: { status: 400 }, ...more } });

export function createDocuments(schema: GraphQLSchema, limits: Limits): Documents {
  const documents = createBoundedCache<DocumentNode>(MAX_DOCUMENTS);
  // Null = valid. Refusals are remembered as well: repeating a bad text costs nothing.
  const verdicts = new WeakMap<DocumentNode, GraphQLError | null>();
  const check = (source: string, document: DocumentNode): void => {
    let verdict = verdicts.get(document);
    if (verdict === undefined) verdicts.set(document, (verdict = judge(schema, limits, source, document)));
    if (verdict) throw verdict;
    if (documents.get(source) === undefined) documents.set(source, document);
  };
  return {
    check,
    knows: (source) => documents.get(source) !== undefined,
    read: (source) => {
      let document = documents.get(source);
      if (!document) {
        document = parseWithin(limits, source);
        check(source, document);
      }
      return document;
    },
  };
}

function judge(schema: GraphQLSchema, limits: Limits, source: string, document: DocumentNode): GraphQLError | null {
  try {
    if (Buffer.byteLength(source) > limits.maxDocumentBytes) return invalid(`The operation is longer than ${limits.maxDocumentBytes} bytes.`, { limit: 'bytes' });
    enforceDocumentLimits(limits, document);
    const [error] = validate(schema, document, undefined, { maxErrors: 1 });
    // graphql-js gives up comparing fields in pairs with these two words.
    if (error?.message === 'Validation aborted.') return invalid('The operation selects the same fields more often than can be compared: ask for each once.', { limit: 'fields' });
    return error ? withInvalidInput(error) : null;
  } catch (error) {
    if (error instanceof GraphQLError) return error;
    if (error instanceof RangeError) return tooDeep();
    throw error;
  }
}

const withInvalidInput = (error: GraphQLError): GraphQLError =>
  new GraphQLError(error.message, { nodes: error.nodes ?? null, source: error.source ?? null, positions: error.positions ?? null, extensions: { code: 'INVALID_INPUT', http: { status: 400, isRequestError: true } } });

/** The parser and the rules descend by calls; a text of brackets exhausts the stack before it exhausts the tokens. */
const tooDeep = (): GraphQLError => invalid('The operation is nested too deeply.', { limit: 'depth' });

function parseWithin({ maxTokens, maxDocumentBytes }: Limits, source: string): DocumentNode {
  if (Buffer.byteLength(source) > maxDocumentBytes) throw invalid(`The operation is longer than ${maxDocumentBytes} bytes.`, { limit: 'bytes' });
  try {
    return parse(source, { maxTokens, noLocation: true });
  } catch (error) {
    if (error instanceof GraphQLError) throw withInvalidInput(error);
    throw error instanceof RangeError ? tooDeep() : error;
  }
}
