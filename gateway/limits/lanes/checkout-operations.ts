import { Kind, type DocumentNode, type OperationDefinitionNode, type SelectionSetNode } from 'graphql';
import { fragmentsOf } from '../weight/operation-facts.ts';

/** Root fields that a checkout cannot do without, or that somebody waits for who has paid. */
export const CHECKOUT_FIELDS: readonly string[] = [
  'Query.checkAvailability', 'Query.checkPrices', 'Query.priceQuote', 'Query.hold',
  'Mutation.holdStock', 'Mutation.extendHold', 'Mutation.releaseHold',
  'Mutation.placeOrder', 'Mutation.cancelOrder', 'Mutation.amendOrder', 'Mutation.requestReturn', 'Mutation.cancelReturn',
];

/** Whether an operation is a checkout's by what it asks for, whatever it calls itself. */
export type IsCheckoutOperation = (document: DocumentNode, operation: OperationDefinitionNode) => boolean;

const ROOTS = { query: 'Query', mutation: 'Mutation', subscription: 'Subscription' } as const;

/** Every root field is of `fields`, "Type.field". One field of another kind makes it browsing: what is mixed in cannot jump the queue. */
export function createCheckoutRule(fields: readonly string[]): IsCheckoutOperation {
  const known = new WeakMap<OperationDefinitionNode, boolean>();
  const coordinates = new Set(fields);
  return (document, operation) => {
    const answer = known.get(operation);
    if (answer !== undefined) return answer;
    const names = rootFieldsOf(document, operation);
    const isCheckout = names.size > 0 && [...names].every((name) => coordinates.has(`${ROOTS[operation.operation]}.${name}`));
    known.set(operation, isCheckout);
    return isCheckout;
  };
}

function rootFieldsOf(document: DocumentNode, operation: OperationDefinitionNode): Set<string> {
  const fragments = fragmentsOf(document);
  const names = new Set<string>();
  const spread = new Set<string>();
  const visit = ({ selections }: SelectionSetNode): void => {
    for (const selection of selections) {
      if (selection.kind === Kind.FIELD) {
        // Which type the answer is of costs nothing to tell.
        if (selection.name.value !== '__typename') names.add(selection.name.value);
      } else if (selection.kind === Kind.INLINE_FRAGMENT) {
        visit(selection.selectionSet);
      } else if (!spread.has(selection.name.value)) {
        spread.add(selection.name.value);
        const fragment = fragments.get(selection.name.value);
        if (fragment) visit(fragment.selectionSet);
      }
    }
  };
  visit(operation.selectionSet);
  return names;
}
