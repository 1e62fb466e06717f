import { GraphQLError, isAbstractType, isLeafType, Kind, parse, type ConstDirectiveNode, type DocumentNode, type GraphQLSchema, type OperationDefinitionNode, type ValueNode } from 'graphql';
import { satisfiesScopes, type Principal } from '../../../domain/principal.ts';
import { walkFields } from '../operation-fields.ts';

type Alternatives = readonly (readonly string[])[];

interface Rule {
  /** Empty = signed in is enough. */
  readonly scopes: Alternatives;
}

/** Who may ask for what, read from the supergraph: "Type.field" and "Type". */
export interface AccessRules {
  /** Throws GraphQLError where the operation (not others of its document) asks for more than the caller may see. */
  check(document: DocumentNode, operation: OperationDefinitionNode, principal: Principal): void;
}

/**
 * Reads `@authenticated` and `@requiresScopes` from the full supergraph SDL, under whatever names it imports them.
 * @throws Error when the supergraph carries an access rule that would go unenforced.
 */
export function readAccessRules(supergraphSdl: string, schema: GraphQLSchema): AccessRules {
  const rules = collectRules(parse(supergraphSdl, { noLocation: true }));
  const needed = new WeakMap<OperationDefinitionNode, readonly [place: string, rule: Rule][]>();
  return {
    check: (document, operation, principal) => {
      let wanted = needed.get(operation);
      if (!wanted) needed.set(operation, (wanted = rulesOf(document, operation, schema, rules)));
      for (const [place, rule] of wanted) admit(place, rule, principal);
    },
  };
}

function admit(place: string, { scopes }: Rule, principal: Principal): void {
  const anonymous = principal.kind === 'ANONYMOUS';
  if (!anonymous && (scopes.length === 0 || satisfiesScopes(principal, scopes))) return;
  const wanted = scopes.map((all) => all.join(' and ')).join(', or ');
  const [code, status] = anonymous ? (['UNAUTHENTICATED', 401] as const) : (['FORBIDDEN', 403] as const);
  throw new GraphQLError(`${place} needs ${scopes.length === 0 ? 'a signed-in caller' : `the scope ${wanted}`}.`, { extensions: { code, http: { status } } });
}

/** Directives that restrict access; `policy` we do not enforce: an open door with a sign on it. */
type AccessDirective = 'authenticated' | 'requiresScopes' | 'policy';

function collectRules(supergraph: DocumentNode): Map<string, Rule> {
  const rules = new Map<string, Rule>();
  const names = directiveNames(supergraph);
  for (const definition of supergraph.definitions) {
    if (!('name' in definition) || !definition.name || !('directives' in definition)) continue;
    const place = definition.name.value;
    addRule(rules, place, (definition.directives ?? []) as readonly ConstDirectiveNode[], names);
    if (definition.kind !== Kind.OBJECT_TYPE_DEFINITION && definition.kind !== Kind.INTERFACE_TYPE_DEFINITION) continue;
    for (const field of definition.fields ?? []) addRule(rules, `${place}.${field.name.value}`, field.directives ?? [], names);
  }
  return rules;
}

/** `@link(url: ".../requiresScopes/v0.1", as: "scoped")` renames a directive. */
function directiveNames(supergraph: DocumentNode): ReadonlyMap<string, AccessDirective> {
  const names = new Map<string, AccessDirective>([['authenticated', 'authenticated'], ['requiresScopes', 'requiresScopes'], ['policy', 'policy']]);
  for (const definition of supergraph.definitions) {
    if (definition.kind !== Kind.SCHEMA_DEFINITION && definition.kind !== Kind.SCHEMA_EXTENSION) continue;
    for (const link of definition.directives ?? []) {
      const known = /\/(authenticated|requiresScopes|policy)\/v[\d.]+$/.exec(textOf(link, 'url'))?.[1] as AccessDirective | undefined;
      const alias = textOf(link, 'as');
      if (known && alias) names.set(alias, known);
    }
  }
  return names;
}

function textOf(directive: ConstDirectiveNode, argument: string): string {
  const value = directive.arguments?.find(({ name }) => name.value === argument)?.value;
  return value?.kind === Kind.STRING ? value.value : '';
}

function addRule(rules: Map<string, Rule>, place: string, directives: readonly ConstDirectiveNode[], names: ReadonlyMap<string, AccessDirective>): void {
  for (const { name, arguments: args } of directives) {
    const meaning = names.get(name.value);
    if (meaning === 'policy') throw new Error(`${place} carries @${name.value}, which this gateway cannot enforce; remove it from the subgraph`);
    if (meaning === 'requiresScopes') rules.set(place, { scopes: readScopes(args?.[0]?.value) });
    else if (meaning === 'authenticated' && !rules.has(place)) rules.set(place, { scopes: [] });
  }
}

const listOf = (value: ValueNode | undefined): readonly ValueNode[] => (value?.kind === Kind.LIST ? value.values : value ? [value] : []);

const readScopes = (value: ValueNode | undefined): Alternatives =>
  listOf(value).map((all) => listOf(all).map((scope) => (scope.kind === Kind.STRING ? scope.value : '')));

/** A field asked through an interface or union needs what each type behind it needs: the caller may meet any of them. */
function rulesOf(document: DocumentNode, operation: OperationDefinitionNode, schema: GraphQLSchema, rules: ReadonlyMap<string, Rule>): [string, Rule][] {
  const wanted = new Map<string, Rule>();
  const want = (place: string): void => {
    const rule = rules.get(place);
    if (rule) wanted.set(place, rule);
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
