import type { ExecutionResult } from 'graphql';

/** A result as JSON: presented and written once for all who are told it. */
export type TextOfResult = (result: ExecutionResult) => string;

export function createResultTexts(present: (result: ExecutionResult) => ExecutionResult): TextOfResult {
  const texts = new WeakMap<ExecutionResult, string>();
  return (result) => {
    const known = texts.get(result);
    if (known !== undefined) return known;
    const text = JSON.stringify(present(result));
    texts.set(result, text);
    return text;
  };
}
