import {
  buildASTSchema, isAbstractType, isEnumType, isInterfaceType, isObjectType, Kind, parse, valueFromASTUntyped,
  type ConstDirectiveNode, type DocumentNode, type GraphQLNamedType, type GraphQLSchema,
} from 'graphql';

/** One `@cacheControl`. */
export interface CacheHint {
  /** Seconds; null: not stated. */
  readonly maxAge: number | null;
  readonly isPrivate: boolean;
  /** As long as what it belongs to. */
  readonly inherits: boolean;
}

/** `@cacheControl` and `@cacheTag` of a supergraph, by type and field. */
export interface CacheRules {
  /** The whole supergraph, with what clients cannot see. */
  readonly schema: GraphQLSchema;
  hintOfField(type: string, field: string): CacheHint | null;
  hintOfType(type: string): CacheHint | null;
  /** Formats of the tags an entity of this subgraph carries. */
  tagsOfType(type: string, subgraph: string): readonly string[];
  tagsOfField(type: string, field: string, subgraph: string): readonly string[];
  /** Fields that tell an entity apart: they come with the question. */
  isKeyField(type: string, field: string): boolean;
}

const CACHE_CONTROL = 'cacheControl';
/** How composition carries a federation directive it does not know more about. */
const CARRIED_TAG = 'federation__cacheTag';

/** Reads any supergraph's full SDL; one without lifetimes has rules that keep nothing. */
export function readCacheRules(sdl: string): CacheRules {
  const document = parse(sdl, { noLocation: true });
  const schema = buildASTSchema(document, { assumeValid: true, assumeValidSDL: true });
  const control = directiveName(document);
  const graphs = readGraphNames(schema);
  const hints = new Map<string, CacheHint>();
  const tags = new Map<string, readonly string[]>();
  const keys = new Map<string, ReadonlySet<string>>();
  for (const type of Object.values(schema.getTypeMap())) {
    const directives = type.astNode?.directives ?? [];
    readPlace(type.name, directives);
    if (isObjectType(type) || isInterfaceType(type)) {
      keys.set(type.name, keyFieldsOf(directives));
      for (const field of Object.values(type.getFields())) readPlace(`${type.name}.${field.name}`, field.astNode?.directives ?? []);
    }
  }
  function readPlace(place: string, directives: readonly ConstDirectiveNode[]): void {
    const hint = directives.find(({ name }) => name.value === control);
    if (hint) hints.set(place, readHint(hint));
    for (const [subgraph, formats] of readTags(directives, graphs)) tags.set(`${subgraph} ${place}`, formats);
  }
  return {
    schema,
    hintOfField: (type, field) => hints.get(`${type}.${field}`) ?? null,
    hintOfType: (type) => (isAmbiguous(schema.getType(type)) ? null : (hints.get(type) ?? null)),
    tagsOfType: (type, subgraph) => tags.get(`${subgraph} ${type}`) ?? [],
    tagsOfField: (type, field, subgraph) => tags.get(`${subgraph} ${type}.${field}`) ?? [],
    isKeyField: (type, field) => keys.get(type)?.has(field) === true,
  };
}

/** A linked `cacheControl` may be imported under another name. */
function directiveName(document: DocumentNode): string {
  for (const definition of document.definitions) {
    if (definition.kind !== Kind.SCHEMA_DEFINITION && definition.kind !== Kind.SCHEMA_EXTENSION) continue;
    for (const link of definition.directives ?? []) {
      const { url, as, import: imports } = argumentsOf(link);
      if (link.name.value !== 'link' || typeof url !== 'string' || !/\/cacheControl\/v\d+\.\d+\/?$/.test(url)) continue;
      const renamed = (Array.isArray(imports) ? imports : []).find((one: { name?: unknown } | string) => typeof one !== 'string' && one.name === `@${CACHE_CONTROL}`) as { as?: string } | undefined;
      return renamed?.as?.slice(1) ?? (typeof as === 'string' ? as : CACHE_CONTROL);
    }
  }
  return CACHE_CONTROL;
}

function readHint(directive: ConstDirectiveNode): CacheHint {
  const { maxAge, scope, inheritMaxAge } = argumentsOf(directive);
  return { maxAge: typeof maxAge === 'number' ? Math.max(0, maxAge) : null, isPrivate: scope === 'PRIVATE', inherits: inheritMaxAge === true };
}

const argumentsOf = ({ arguments: given = [] }: ConstDirectiveNode): Record<string, unknown> =>
  Object.fromEntries(given.map(({ name, value }) => [name.value, valueFromASTUntyped(value)]));

function* readTags(directives: readonly ConstDirectiveNode[], graphs: ReadonlyMap<string, string>): Generator<readonly [string, readonly string[]]> {
  const bySubgraph = new Map<string, string[]>();
  for (const directive of directives) {
    const { graphs: named, name, args } = argumentsOf(directive) as { graphs?: string[]; name?: string; args?: { format?: unknown } };
    if (directive.name.value !== 'join__directive' || name !== CARRIED_TAG || typeof args?.format !== 'string') continue;
    for (const graph of named ?? []) {
      const subgraph = graphs.get(graph);
      if (subgraph !== undefined) bySubgraph.set(subgraph, [...(bySubgraph.get(subgraph) ?? []), args.format]);
    }
  }
  yield* bySubgraph;
}

/** Names of subgraphs by the enum value that stands for them. */
function readGraphNames(schema: GraphQLSchema): ReadonlyMap<string, string> {
  const graphs = schema.getType('join__Graph');
  const values = isEnumType(graphs) ? graphs.getValues() : [];
  return new Map(values.map(({ name, astNode }) => {
    const join = astNode?.directives?.find((directive) => directive.name.value === 'join__graph');
    return [name, join ? String(argumentsOf(join)['name']) : name];
  }));
}

const joinsOf = (directives: readonly ConstDirectiveNode[]) => directives.filter(({ name }) => name.value === 'join__type').map(argumentsOf);

/** Names at the top of every key. */
function keyFieldsOf(directives: readonly ConstDirectiveNode[]): ReadonlySet<string> {
  const names = joinsOf(directives).flatMap(({ key }) => (typeof key === 'string' ? key.replace(/\{[^]*\}/g, ' ').split(/[\s,]+/) : []));
  return new Set(names.filter(Boolean));
}

/**
 * Composition keeps no record of which subgraph gave a type its lifetime. Of an entity that several subgraphs have parts of
 * it would be taken for all parts, so there only lifetimes of fields count. Values are the same everywhere they are shared.
 */
function isAmbiguous(type: GraphQLNamedType | undefined): boolean {
  if (!type || (!isObjectType(type) && !isAbstractType(type))) return false;
  const joins = joinsOf(type.astNode?.directives ?? []);
  return joins.some(({ key }) => key !== undefined) && new Set(joins.map(({ graph }) => graph)).size > 1;
}
