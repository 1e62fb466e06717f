import type { RequestScope } from '../../subgraphs/frame/module.ts';
import type { SubgraphCall, SubgraphRequest } from '../execution/subgraph-client.ts';

/**
 * What two requests must agree on to be one: text, variables and, for a start, the name of who asks. The lane too, so that the checkout never travels with those who give
 * way to it. Null: this one shares with nobody. Only queries do, and only where it is known on whose behalf they are asked.
 */
export function questionOf({ operationKind, documentId, operationName = '', variables, variablesText }: SubgraphRequest, call: SubgraphCall): string | null {
  const scope = scopeOf(call);
  if (operationKind !== 'query' || !scope) return null;
  const asked = variablesText ?? (variables === undefined ? '' : JSON.stringify(variables));
  return `${call.lane ?? ''} ${documentId} ${operationName} ${scope.principal.subject} ${asked}`;
}

/**
 * Whether a subgraph is told the same of both: who asks (subject and all), and where they shop. Compared whole, so that whatever
 * these come to hold tells callers apart. Asked only of equal questions at one time: too rarely to keep what was found.
 */
export function isSameAsker(one: SubgraphCall, other: SubgraphCall): boolean {
  const [a, b] = [scopeOf(one), scopeOf(other)];
  return a !== null && b !== null && isAlike(a.principal, b.principal) && isAlike(a.shopping, b.shopping);
}

const isAlike = (one: object, other: object): boolean => one === other || JSON.stringify(one) === JSON.stringify(other);

function scopeOf({ context }: SubgraphCall): Pick<RequestScope, 'principal' | 'shopping'> | null {
  const { principal, shopping } = (context ?? {}) as Partial<RequestScope>;
  return principal && shopping ? { principal, shopping } : null;
}
