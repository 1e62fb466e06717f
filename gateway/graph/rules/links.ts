import { Kind, type ConstDirectiveNode, type ConstValueNode, type DocumentNode } from 'graphql';

/** Directives of Apollo's specifications that this gateway enforces or reads. */
export type RuleDirective = 'authenticated' | 'requiresScopes' | 'policy' | 'cost' | 'listSize';

const DIRECTIVES: Readonly<Record<string, readonly RuleDirective[]>> = {
  authenticated: ['authenticated'], requiresScopes: ['requiresScopes'], policy: ['policy'], cost: ['cost', 'listSize'],
};

/** The version of them that is understood here. A newer one may say something that nobody would hear. */
const UNDERSTOOD = 'v0.1';

const APOLLO_FEATURE = /^https:\/\/specs\.apollo\.dev\/([A-Za-z]+)\/(v\d+\.\d+)\/?$/;

/**
 * What each directive name of a supergraph means, under whatever names `@link` gives: `as` renames the feature, `import`
 * renames its directives. A bare `@authenticated` that nobody links means what it says.
 * @throws Error for a version of them that is not known here; features that nothing here knows are refused with the supergraph
 */
export function readDirectiveNames(supergraph: DocumentNode): ReadonlyMap<string, RuleDirective> {
  const linked = new Map<string, RuleDirective>();
  const claimed = new Set<string>();
  for (const link of linksOf(supergraph)) {
    const url = textOf(argumentOf(link, 'url') ?? argumentOf(link, 'feature'));
    const [, feature = '', version = ''] = APOLLO_FEATURE.exec(url) ?? [];
    const directives = DIRECTIVES[feature] ?? [];
    if (directives.length > 0 && version !== UNDERSTOOD) throw new Error(`The supergraph uses ${url}: only ${UNDERSTOOD} of it is known here, rules of another one would go unenforced.`);
    const imports = importsOf(link);
    for (const name of imports.values()) claimed.add(name);
    const namespace = textOf(argumentOf(link, 'as')) || feature;
    for (const directive of directives) {
      const unimported = directive === feature ? namespace : `${namespace}__${directive}`;
      linked.set(unimported, directive);
      linked.set(imports.get(directive) ?? unimported, directive);
    }
  }
  for (const directive of Object.values(DIRECTIVES).flat()) if (!claimed.has(directive) && !linked.has(directive)) linked.set(directive, directive);
  return linked;
}

function* linksOf(supergraph: DocumentNode): Iterable<ConstDirectiveNode> {
  for (const definition of supergraph.definitions) {
    if (definition.kind !== Kind.SCHEMA_DEFINITION && definition.kind !== Kind.SCHEMA_EXTENSION) continue;
    for (const directive of definition.directives ?? []) if (directive.name.value === 'link' || directive.name.value === 'core') yield directive;
  }
}

/** `import: ["@policy", { name: "@requiresScopes", as: "@scoped" }]` as directive name → name in the supergraph. */
function importsOf(link: ConstDirectiveNode): ReadonlyMap<string, string> {
  const imports = new Map<string, string>();
  const list = argumentOf(link, 'import');
  for (const value of list?.kind === Kind.LIST ? list.values : []) {
    const field = (name: string): string => (value.kind === Kind.OBJECT ? textOf(value.fields.find((one) => one.name.value === name)?.value) : '');
    const imported = value.kind === Kind.STRING ? value.value : field('name');
    if (imported.startsWith('@')) imports.set(imported.slice(1), (field('as') || imported).slice(1));
  }
  return imports;
}

export const argumentOf = ({ arguments: given }: ConstDirectiveNode, name: string): ConstValueNode | undefined => given?.find((argument) => argument.name.value === name)?.value;

export const textOf = (value: ConstValueNode | undefined): string => (value?.kind === Kind.STRING ? value.value : '');
