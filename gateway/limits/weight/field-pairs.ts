import { Kind, type DocumentNode, type FragmentDefinitionNode, type SelectionSetNode } from 'graphql';
import { fragmentsOf } from './operation-facts.ts';

/**
 * How many pairs of fields validation compares, because they share a response key and must be able to merge: k fields of
 * one key at one place make k(k-1)/2 pairs, and so do the fields below them. Counted over operations and fragments, each from its
 * own top, as validation does it. Stops at `enough`. Expects expansions to be bounded.
 */
export function countFieldPairs(document: DocumentNode, enough: number): number {
  const fragments = fragmentsOf(document);
  let pairs = 0;
  for (const definition of document.definitions) {
    if (definition.kind !== Kind.OPERATION_DEFINITION && definition.kind !== Kind.FRAGMENT_DEFINITION) continue;
    pairs += pairsIn([definition.selectionSet], fragments, enough - pairs);
    if (pairs >= enough) break;
  }
  return pairs;
}

function pairsIn(selectionSets: readonly SelectionSetNode[], fragments: ReadonlyMap<string, FragmentDefinitionNode>, enough: number): number {
  const below = new Map<string, { count: number; sets: SelectionSetNode[] }>();
  const spread = new Set<string>();
  const gather = ({ selections }: SelectionSetNode): void => {
    for (const selection of selections) {
      if (selection.kind === Kind.INLINE_FRAGMENT) gather(selection.selectionSet);
      else if (selection.kind === Kind.FRAGMENT_SPREAD) {
        const fragment = fragments.get(selection.name.value);
        if (!fragment || spread.has(selection.name.value)) continue;
        spread.add(selection.name.value);
        gather(fragment.selectionSet);
      } else {
        const key = (selection.alias ?? selection.name).value;
        const group = below.get(key) ?? { count: 0, sets: [] };
        below.set(key, group);
        group.count += 1;
        if (selection.selectionSet) group.sets.push(selection.selectionSet);
      }
    }
  };
  selectionSets.forEach(gather);
  // Fragments are compared with each other, whatever is in them.
  let pairs = (spread.size * (spread.size - 1)) / 2;
  for (const { count } of below.values()) pairs += (count * (count - 1)) / 2;
  for (const { sets } of below.values()) {
    if (pairs >= enough) break;
    if (sets.length > 0) pairs += pairsIn(sets, fragments, enough - pairs);
  }
  return pairs;
}
