import {
  Kind, isAbstractType, isLeafType, parse, type ConstDirectiveNode, type DocumentNode, type GraphQLSchema, type OperationDefinitionNode,
} from 'graphql';
import type { Principal } from '../../../domain/principal.ts';
import { walkFields } from '../operation-fields.ts';
import { indexTypes, namedTypeOf, type TypeFacts, type TypesByName } from './definitions.ts';
import { argumentOf, readDirectiveNames, type RuleDirective } from './links.ts';
import { NO_POLICIES, type Policies } from './policies.ts';
import { createRequiredFields } from './required-fields.ts';
import { admit, readRequirement, type Requirement } from './requirement.ts';

/** Who may ask for what, read from the supergraph: "Type.field" and "Type". */
export interface AccessRules {
  /**
   * Throws GraphQLError where the operation (not others of its document) asks for more than the caller may see. What an
   * operation needs is worked out once: asking again, for each event of a subscription, costs a few comparisons.
   */
  check(document: DocumentNode, operation: OperationDefinitionNode, principal: Principal): void;
}

/** Coordinates ("Type", "Type.field") and all that each of them asks for. */
type Rules = ReadonlyMap<string, readonly Demand[]>;
/** The place that carries the rule, which for a field that reads others is not the place asked for. */
type Demand = readonly [place: string, requirement: Requirement];

/**
 * Reads `@authenticated`, `@requiresScopes` and `@policy` from the full supergraph SDL, under whatever names it imports them.
 * @throws Error when the supergraph carries an access rule that would go unenforced, naming its coordinate.
 */
export function readAccessRules(supergraphSdl: string, schema: GraphQLSchema, policies: Policies = NO_POLICIES): AccessRules {
  const supergraph = parse(supergraphSdl, { noLocation: true });
  return createAccessRules(supergraph, indexTypes(supergraph), readDirectiveNames(supergraph), schema, policies);
}

export function createAccessRules(
  supergraph: DocumentNode, types: TypesByName, names: ReadonlyMap<string, RuleDirective>, schema: GraphQLSchema, policies: Policies,
): AccessRules {
  refuseElsewhere(supergraph, names);
  const rules = withRequired(types, collectRules(types, names));
  for (const demands of rules.values()) for (const [place, { policies: named }] of demands) requirePolicies(place, named.flat(), policies);
  const needed = new WeakMap<OperationDefinitionNode, readonly Demand[]>();
  return {
    check: (document, operation, principal) => {
      let wanted = needed.get(operation);
      if (!wanted) needed.set(operation, (wanted = demandsOf(document, operation, schema, rules)));
      for (const [place, requirement] of wanted) admit(place, requirement, principal, policies.decide);
    },
  };
}

function requirePolicies(place: string, named: readonly string[], { names }: Policies): void {
  const unknown = named.find((policy) => !names.has(policy));
  if (unknown !== undefined) throw new Error(`${place} carries the policy "${unknown}", which nobody here can decide: say who it holds for in POLICIES, e.g. POLICIES="${unknown}=role:finance"`);
}

function collectRules(types: TypesByName, names: ReadonlyMap<string, RuleDirective>): Map<string, Requirement> {
  const rules = new Map<string, Requirement>();
  const add = (place: string, directives: readonly ConstDirectiveNode[] = []): void => {
    const requirement = readRequirement(directives, names);
    if (requirement) rules.set(place, requirement);
  };
  const returned = new Set([...types.values()].flatMap(({ fields }) => [...fields.values()].map(({ type }) => namedTypeOf(type))));
  for (const type of types.values()) {
    add(type.name, type.directives);
    const leaf = type.kind === Kind.SCALAR_TYPE_DEFINITION || type.kind === Kind.ENUM_TYPE_DEFINITION;
    if (leaf && rules.has(type.name) && !returned.has(type.name)) throw unenforced(type.name, 'no field returns it');
    for (const [name, { directives }] of type.fields) add(`${type.name}.${name}`, directives);
  }
  return rules;
}

/** Fields ask for what they are made from too, and fields of an `@interfaceObject` keep their rule on every type behind it. */
function withRequired(types: TypesByName, own: ReadonlyMap<string, Requirement>): Rules {
  const requiredFields = createRequiredFields(types);
  const rules = new Map<string, readonly Demand[]>();
  for (const [place, requirement] of own) rules.set(place, [[place, requirement]]);
  for (const type of types.values()) {
    for (const [name, field] of type.fields) {
      const place = `${type.name}.${name}`;
      const inherited = type.interfaces.filter((one) => isInterfaceObject(types.get(one))).map((one) => `${one}.${name}`);
      const places = new Set([place, ...inherited, ...requiredFields(type, field)]);
      const demands = [...places].flatMap((one): readonly Demand[] => (own.has(one) ? [[one, own.get(one)!]] : []));
      if (demands.length > 0) rules.set(place, demands);
    }
  }
  return rules;
}

const isInterfaceObject = (type: TypeFacts | undefined): boolean =>
  type?.directives.some((directive) => {
    const flag = directive.name.value === 'join__type' ? argumentOf(directive, 'isInterfaceObject') : undefined;
    return flag?.kind === Kind.BOOLEAN && flag.value;
  }) ?? false;

/** Rules stand on types with fields, fields, scalars and enums. On a union, an argument or an input nothing would look at them. */
function refuseElsewhere(supergraph: DocumentNode, names: ReadonlyMap<string, RuleDirective>): void {
  const refuse = (place: string, directives: readonly ConstDirectiveNode[] = []): void => {
    if (readRequirement(directives, names)) throw unenforced(place, 'access rules hold for object types, interfaces, their fields, scalars and enums');
  };
  for (const definition of supergraph.definitions) {
    if (definition.kind === Kind.UNION_TYPE_DEFINITION || definition.kind === Kind.INPUT_OBJECT_TYPE_DEFINITION) refuse(definition.name.value, definition.directives);
    if (definition.kind === Kind.INPUT_OBJECT_TYPE_DEFINITION) for (const field of definition.fields ?? []) refuse(`${definition.name.value}.${field.name.value}`, field.directives);
    if (definition.kind === Kind.ENUM_TYPE_DEFINITION) for (const value of definition.values ?? []) refuse(`${definition.name.value}.${value.name.value}`, value.directives);
    if (definition.kind !== Kind.OBJECT_TYPE_DEFINITION && definition.kind !== Kind.INTERFACE_TYPE_DEFINITION) continue;
    for (const field of definition.fields ?? []) {
      for (const argument of field.arguments ?? []) refuse(`${definition.name.value}.${field.name.value}(${argument.name.value}:)`, argument.directives);
    }
  }
}

export const unenforced = (place: string, why: string): Error => new Error(`${place} carries a rule that would go unenforced: ${why}`);

/** A field asked through an interface or union needs what each type behind it needs: the caller may meet any of them. */
function demandsOf(document: DocumentNode, operation: OperationDefinitionNode, schema: GraphQLSchema, rules: Rules): Demand[] {
  const wanted = new Map<string, Requirement>();
  const want = (place: string): void => {
    for (const [carrier, requirement] of rules.get(place) ?? []) wanted.set(carrier, requirement);
  };
  walkFields(schema, document, operation, (parent, name, leaf) => {
    for (const type of isAbstractType(parent) ? [parent, ...schema.getPossibleTypes(parent)] : [parent]) {
      want(type.name);
      want(`${type.name}.${name}`);
    }
    if (isLeafType(leaf)) want(leaf.name);
  });
  return [...wanted];
}
