import {
  getNamedType, isAbstractType, isCompositeType, isInterfaceType, isObjectType, Kind, valueFromASTUntyped, type DocumentNode,
  type GraphQLCompositeType, type OperationDefinitionNode, type SelectionSetNode,
} from 'graphql';
import type { GraphRules } from '../../graph/rules/graph-rules.ts';
import { createArgumentReader, typesOf, type Amount, type AskedField, type SizedAbove, type Variables } from './asked-field.ts';
import { compileInputCost } from './input-cost.ts';
import { compileListSize } from './list-size.ts';
import { fragmentsOf } from './operation-facts.ts';

/** What one field of an operation adds to its cost. */
export interface Term {
  /** Weight of each object or value it returns. */
  readonly each: number;
  /** Weight of its arguments, once per call. */
  readonly once: Amount;
  /** How many it returns; 1 for no list. */
  readonly size: Amount;
  readonly below: readonly Term[];
}

const NONE: SizedAbove = new Map();

/** Fragments count as often as they are spread: the document must be within its limits. Leaves without a weight leave no term. */
export function compileTerms(rules: GraphRules, document: DocumentNode, operation: OperationDefinitionNode): readonly Term[] {
  const { schema } = rules;
  const fragments = fragmentsOf(document);
  const withDefaults = fillDefaults(operation);
  const visit = (parent: GraphQLCompositeType, { selections }: SelectionSetNode, sized: SizedAbove, terms: Term[]): Term[] => {
    const fields = isObjectType(parent) || isInterfaceType(parent) ? parent.getFields() : {};
    for (const selection of selections) {
      if (selection.kind === Kind.FIELD) {
        const field = fields[selection.name.value];
        const term = field && compileField({ parent, field, node: selection }, sized);
        if (term) terms.push(term);
        continue;
      }
      const fragment = selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments.get(selection.name.value);
      const type = fragment?.typeCondition ? schema.getType(fragment.typeCondition.name.value) : parent;
      if (fragment && isCompositeType(type)) visit(type, fragment.selectionSet, sized, terms);
    }
    return terms;
  };
  const compileField = (asked: AskedField, sized: SizedAbove): Term | null => {
    const read = createArgumentReader(asked, withDefaults);
    const named = getNamedType(asked.field.type);
    const each = weightOf(rules, asked);
    const once = compileInputCost(rules, asked, read);
    const { size, below: sizedBelow } = compileListSize(rules, asked, read, sized);
    const below = isCompositeType(named) && asked.node.selectionSet ? visit(named, asked.node.selectionSet, sizedBelow, []) : [];
    // A length that must be checked is evaluated even where nothing below it weighs anything.
    return each === 0 && once === 0 && below.length === 0 && typeof size === 'number' ? null : { each, once, size, below };
  };
  const root = schema.getRootType(operation.operation);
  return root ? visit(root, operation.selectionSet, NONE, []) : [];
}

/** Variables that are not given have the values of their own defaults: else a default would go unweighed. */
function fillDefaults({ variableDefinitions = [] }: OperationDefinitionNode): (variables: Variables) => Variables {
  const defaults = variableDefinitions.flatMap(({ variable, defaultValue }) => (defaultValue ? [[variable.name.value, valueFromASTUntyped(defaultValue)] as const] : []));
  return defaults.length === 0 ? (variables) => variables : (variables) => ({ ...Object.fromEntries(defaults), ...withoutUndefined(variables) });
}

const withoutUndefined = (variables: Variables): Variables => Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== undefined));

function weightOf({ schema, weights: { costs } }: GraphRules, { parent, field }: AskedField): number {
  const named = getNamedType(field.type);
  const declared = costs.size === 0 ? [] : typesOf(schema, parent).flatMap((type) => costs.get(`${type}.${field.name}`) ?? []);
  if (declared.length > 0) return Math.max(...declared);
  if (!isCompositeType(named)) return costs.get(named.name) ?? 0;
  if (costs.size === 0) return 1;
  // Behind an abstract type the dearest may come.
  return Math.max(...typesOf(schema, named).slice(isAbstractType(named) ? 1 : 0).map((type) => costs.get(type) ?? 1));
}
