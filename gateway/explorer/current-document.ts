import type { Fetcher } from '@graphiql/toolkit';
import { Kind, parse, type DocumentNode } from 'graphql';

/**
 * GraphiQL learns which operations a document holds a moment after it has changed; whoever runs a tab right after opening
 * it would run the name, and the kind, of the tab before. The document that is sent knows better.
 */
export function followDocument(fetcher: Fetcher): Fetcher {
  return (params, options) => {
    const documentAST = readDocument(params.query);
    if (documentAST === null) return fetcher(params, options);
    const names = documentAST.definitions.flatMap((definition) => (definition.kind === Kind.OPERATION_DEFINITION && definition.name ? [definition.name.value] : []));
    const operationName = names.find((name) => name === params.operationName) ?? names[0];
    return fetcher({ ...params, ...(operationName !== undefined && { operationName }) }, { ...options, documentAST });
  };
}

/** Null for a text with a mistake: the graph's own answer says what is wrong with it. */
function readDocument(text: string): DocumentNode | null {
  try {
    return parse(text);
  } catch {
    return null;
  }
}
