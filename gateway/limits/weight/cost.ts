import type { DocumentNode, OperationDefinitionNode } from 'graphql';
import type { GraphRules } from '../../graph/rules/graph-rules.ts';
import { unknownVariables, type Amount, type Variables } from './asked-field.ts';
import { compileTerms, type Term } from './cost-terms.ts';

/** Counting stops here: no limit is higher, and what is refused need not be measured to its end. */
const ENOUGH = 10_000_000;

const compiled = new WeakMap<GraphRules, WeakMap<OperationDefinitionNode, readonly Term[]>>();

/**
 * The static cost of an operation, as the demand-control specification has it: an object weighs 1 and a leaf 0 unless `@cost`
 * says otherwise, a list multiplies what is in it by its length, arguments and fields of inputs add what `@cost` gives them.
 * How long a list gets is read from `@listSize`, and where nothing is declared from `first` and `days`. Fragments are
 * resolved once per operation, so that an operation that is repeated costs a walk over its lists.
 * @param variables as the client sent them; null = not known yet, lists of a variable's length are taken to have ten
 * @returns cost, 10,000,000 or more for anything above
 * @throws GraphQLError INVALID_INPUT where a list asks for exactly one slicing argument and the operation gives none or several
 */
export function weighOperation(rules: GraphRules, { document, operation }: { readonly document: DocumentNode; readonly operation: OperationDefinitionNode }, variables: Variables | null): number {
  let byOperation = compiled.get(rules);
  if (!byOperation) compiled.set(rules, (byOperation = new WeakMap()));
  let terms = byOperation.get(operation);
  if (!terms) byOperation.set(operation, (terms = compileTerms(rules, document, operation)));
  return Math.min(ENOUGH, total(terms, 1, variables ?? unknownVariables(operation)));
}

function total(terms: readonly Term[], factor: number, variables: Variables): number {
  let sum = 0;
  for (const { each, once, size, below } of terms) {
    const count = factor * amount(size, variables);
    // A negative weight may make a field free, never its neighbours.
    sum += Math.max(0, count * each) + Math.max(0, factor * amount(once, variables));
    if (below.length > 0 && sum < ENOUGH) sum += total(below, count, variables);
    if (sum >= ENOUGH) break;
  }
  return sum;
}

const amount = (value: Amount, variables: Variables): number => (typeof value === 'number' ? value : value(variables));
