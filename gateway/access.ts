import {
  GraphQLError, Kind, parse, TypeInfo, visit, visitWithTypeInfo, type ConstDirectiveNode, type DocumentNode, type GraphQLSchema, type ValueNode,
} from 'graphql';
import { satisfiesScopes, type Principal } from '../domain/principal.ts';

type Alternatives = readonly (readonly string[])[];

interface Rule {
  /** Empty = signed in is enough. */
  readonly scopes: Alternatives;
}

/** Who may ask for what, read from the supergraph: "Type.field" and "Type". */
export interface AccessRules {
  /** Rules an operation must satisfy. Cached per document. */
  check(document: DocumentNode, principal: Principal): void;
}

/** Directives that restrict access and that we do not enforce would be open doors with a sign on them. */
const UNENFORCED = new Set(['policy']);

/**
 * Reads `@authenticated` and `@requiresScopes` from the full supergraph SDL.
 * @throws Error when the supergraph carries an access rule that would go unenforced.
 */
export function readAccessRules(supergraphSdl: string, schema: GraphQLSchema): AccessRules {
  const rules = collectRules(parse(supergraphSdl, { noLocation: true }));
  const needed = new WeakMap<DocumentNode, readonly [place: string, rule: Rule][]>();
  return {
    check: (document, principal) => {
      let wanted = needed.get(document);
      if (!wanted) needed.set(document, (wanted = rulesOf(document, schema, rules)));
      for (const [place, rule] of wanted) admit(place, rule, principal);
    },
  };
}

function admit(place: string, { scopes }: Rule, principal: Principal): void {
  const anonymous = principal.kind === 'ANONYMOUS';
  if (scopes.length === 0 ? !anonymous : satisfiesScopes(principal, scopes)) return;
  const wanted = scopes.map((all) => all.join(' and ')).join(', or ');
  const [code, status] = anonymous ? (['UNAUTHENTICATED', 401] as const) : (['FORBIDDEN', 403] as const);
  throw new GraphQLError(`${place} needs ${scopes.length === 0 ? 'a signed-in caller' : `the scope ${wanted}`}.`, { extensions: { code, http: { status } } });
}

function collectRules(supergraph: DocumentNode): Map<string, Rule> {
  const rules = new Map<string, Rule>();
  for (const definition of supergraph.definitions) {
    if (definition.kind !== Kind.OBJECT_TYPE_DEFINITION && definition.kind !== Kind.INTERFACE_TYPE_DEFINITION) continue;
    const place = definition.name.value;
    addRule(rules, place, definition.directives ?? []);
    for (const field of definition.fields ?? []) addRule(rules, `${place}.${field.name.value}`, field.directives ?? []);
  }
  return rules;
}

function addRule(rules: Map<string, Rule>, place: string, directives: readonly ConstDirectiveNode[]): void {
  for (const { name, arguments: args } of directives) {
    if (UNENFORCED.has(name.value)) throw new Error(`${place} carries @${name.value}, which this gateway cannot enforce; remove it from the subgraph`);
    if (name.value === 'requiresScopes') rules.set(place, { scopes: readScopes(args?.[0]?.value) });
    else if (name.value === 'authenticated' && !rules.has(place)) rules.set(place, { scopes: [] });
  }
}

const listOf = (value: ValueNode | undefined): readonly ValueNode[] => (value?.kind === Kind.LIST ? value.values : value ? [value] : []);

const readScopes = (value: ValueNode | undefined): Alternatives =>
  listOf(value).map((all) => listOf(all).map((scope) => (scope.kind === Kind.STRING ? scope.value : '')));

function rulesOf(document: DocumentNode, schema: GraphQLSchema, rules: Map<string, Rule>): [string, Rule][] {
  const wanted = new Map<string, Rule>();
  const want = (place: string): void => {
    const rule = rules.get(place);
    if (rule) wanted.set(place, rule);
  };
  const types = new TypeInfo(schema);
  visit(
    document,
    visitWithTypeInfo(types, {
      Field: (node) => {
        const parent = types.getParentType();
        if (parent) want(`${parent.name}.${node.name.value}`);
        const type = types.getType();
        if (type) want(String(type).replace(/[[\]!]/g, ''));
      },
    }),
  );
  return [...wanted];
}
