import { createHash } from 'node:crypto';
import {
  isAbstractType, isObjectType, Kind, parse, print, stripIgnoredCharacters, valueFromASTUntyped, visit,
  type FieldNode, type OperationDefinitionNode, type SelectionSetNode,
} from 'graphql';
import type { SubgraphRequest } from '../execution/subgraph-client.ts';
import type { CacheRules } from './cache-rules.ts';
import { lifetimeOfEntity, lifetimeOfRoot, NOT_KEPT, type Lifetime } from './lifetime.ts';
import { compileTag, type WriteTag } from './tag-format.ts';

type Values = Readonly<Record<string, unknown>>;

/** One root field of a subgraph's request: what is kept as one, or entity by entity. */
export interface FetchPart {
  /** Response key. */
  readonly key: string;
  /** Stands for subgraph and selection: equal in every request that asks the same, whatever it is called there. */
  readonly id: string;
  /** Variables it uses, but for that of the representations. */
  readonly variableNames: readonly string[];
  /** Name of the variable with the representations; null: a root field. */
  readonly representations: string | null;
  /** @param typename of an entity; null: of a root field */
  lifetimeOf(typename: string | null): Lifetime;
  /** Null: a tag cannot be written, so it could not be told when it changes. */
  tagsOf(typename: string | null, values: Values): readonly string[] | null;
}

/** What may be kept of the answers to one text. */
export interface FetchPolicy {
  readonly parts: readonly FetchPart[];
  /** False: nothing of it is ever kept. */
  readonly keeps: boolean;
  /** The request for some of its parts only. */
  narrow(request: SubgraphRequest, parts: readonly FetchPart[]): SubgraphRequest;
  /** The lifetime of everything in it together, as far as the text tells. */
  readonly lifetimes: readonly Lifetime[];
}

const ENTITIES = '_entities';

/** Null: the text is none that the planner writes, or no query: nothing of it is kept. */
export function compileFetchPolicy(rules: CacheRules, service: string, query: string): FetchPolicy | null {
  const { definitions } = parse(query, { noLocation: true });
  const [operation] = definitions;
  if (definitions.length !== 1 || operation?.kind !== Kind.OPERATION_DEFINITION) return null;
  if (operation.operation !== 'query' || operation.directives?.length) return null;
  const fields = operation.selectionSet.selections;
  if (!fields.every((field): field is FieldNode => field.kind === Kind.FIELD && !field.directives?.length)) return null;
  const parts = fields.map((field) => compilePart(rules, service, field));
  const lifetimes = fields.flatMap((field, index) => lifetimesIn(field, parts[index]!));
  return { parts, lifetimes, keeps: lifetimes.some(({ maxAgeMs }) => maxAgeMs > 0), narrow: createNarrowing(operation, fields, parts) };
}

function lifetimesIn(field: FieldNode, part: FetchPart): readonly Lifetime[] {
  return part.representations === null ? [part.lifetimeOf(null)] : entityTypesIn(field.selectionSet).map((typename) => part.lifetimeOf(typename));
}

function compilePart(rules: CacheRules, service: string, field: FieldNode): FetchPart {
  const { alias: _unused, ...plain } = field;
  const given = field.arguments?.[0]?.value;
  if (field.name.value === ENTITIES && given?.kind === Kind.VARIABLE) {
    const named = { ...plain, arguments: [] };
    return { ...compileEntities(rules, service, field), ...identify(service, field, named), representations: given.name.value };
  }
  return { ...compileRoot(rules, service, field), ...identify(service, field, plain), representations: null };
}

function identify(service: string, field: FieldNode, named: FieldNode): Pick<FetchPart, 'key' | 'id' | 'variableNames'> {
  const id = createHash('sha256').update(`${service}\n${print(named)}`).digest('base64url').slice(0, 22);
  return { key: (field.alias ?? field.name).value, id, variableNames: variablesIn(named) };
}

function variablesIn(field: FieldNode): readonly string[] {
  const names = new Set<string>();
  visit(field, { Variable: ({ name }) => void names.add(name.value) });
  return [...names].sort();
}

type Rated = Pick<FetchPart, 'lifetimeOf' | 'tagsOf'>;

function compileRoot(rules: CacheRules, service: string, field: FieldNode): Rated {
  const root = rules.schema.getQueryType();
  const lifetime = root ? lifetimeOfRoot(rules, root, field) : NOT_KEPT;
  const tags = root ? rules.tagsOfField(root.name, field.name.value, service).map((format) => compileTag(format, 'args')) : [];
  const definitions = root?.getFields()[field.name.value]?.args ?? [];
  return {
    lifetimeOf: () => lifetime,
    tagsOf: (_typename, variables) => {
      const given = (field.arguments ?? []).map(({ name, value }) => [name.value, valueFromASTUntyped(value, variables as Record<string, unknown>)] as const);
      const defaults = definitions.flatMap(({ name, defaultValue }) => (defaultValue === undefined ? [] : [[name, defaultValue] as const]));
      return writeAll(tags, Object.fromEntries([...defaults, ...given.filter(([, value]) => value !== undefined)]));
    },
  };
}

function compileEntities(rules: CacheRules, service: string, field: FieldNode): Rated {
  const lifetimes = new Map<string, Lifetime>();
  const tags = new Map<string, readonly WriteTag[]>();
  return {
    lifetimeOf: (typename) => {
      let lifetime = lifetimes.get(typename!);
      if (!lifetime) lifetimes.set(typename!, (lifetime = rateEntity(rules, typename!, field.selectionSet)));
      return lifetime;
    },
    tagsOf: (typename, representation) => {
      let formats = tags.get(typename!);
      if (!formats) tags.set(typename!, (formats = rules.tagsOfType(typename!, service).map((format) => compileTag(format, 'key'))));
      return writeAll(formats, representation);
    },
  };
}

function writeAll(formats: readonly WriteTag[], values: Values): readonly string[] | null {
  const tags: string[] = [];
  for (const write of formats) {
    const tag = write(values);
    if (tag === null) return null;
    tags.push(tag);
  }
  return tags;
}

/** What an @interfaceObject subgraph says, not knowing of which type, is not kept. */
function rateEntity({ schema, ...rules }: CacheRules, typename: string, selection: SelectionSetNode | undefined): Lifetime {
  const type = schema.getType(typename);
  if (!isObjectType(type) || !selection) return NOT_KEPT;
  const meant = selection.selections.filter((one) => {
    const condition = one.kind === Kind.INLINE_FRAGMENT && one.typeCondition ? schema.getType(one.typeCondition.name.value) : undefined;
    return condition === undefined || condition === type || (isAbstractType(condition) && schema.isSubType(condition, type));
  });
  return lifetimeOfEntity({ schema, ...rules }, type, { ...selection, selections: meant });
}

function entityTypesIn(selection: SelectionSetNode | undefined): readonly string[] {
  return (selection?.selections ?? []).flatMap((one) => (one.kind === Kind.INLINE_FRAGMENT && one.typeCondition ? [one.typeCondition.name.value] : []));
}

/** Texts for some of the parts are made when first met: few combinations occur. */
function createNarrowing(operation: OperationDefinitionNode, fields: readonly FieldNode[], parts: readonly FetchPart[]): FetchPolicy['narrow'] {
  const texts = new Map<string, Pick<SubgraphRequest, 'query' | 'documentId'>>();
  return (request, wanted) => {
    if (wanted.length === parts.length) return request;
    const keys = wanted.map(({ key }) => key).join(' ');
    let text = texts.get(keys);
    if (!text) {
      if (texts.size >= MAX_TEXTS) texts.clear();
      texts.set(keys, (text = printPart(operation, fields.filter((_field, index) => wanted.includes(parts[index]!)))));
    }
    const used = new Set(wanted.flatMap(({ variableNames, representations }) => [...variableNames, ...(representations === null ? [] : [representations])]));
    const variables = Object.fromEntries(Object.entries(request.variables ?? {}).filter(([name]) => used.has(name)));
    return { ...request, ...text, variables };
  };
}

const MAX_TEXTS = 32;

function printPart(operation: OperationDefinitionNode, fields: readonly FieldNode[]): Pick<SubgraphRequest, 'query' | 'documentId'> {
  const used = new Set(fields.flatMap(variablesIn));
  const narrowed: OperationDefinitionNode = {
    ...operation,
    variableDefinitions: (operation.variableDefinitions ?? []).filter(({ variable }) => used.has(variable.name.value)),
    selectionSet: { kind: Kind.SELECTION_SET, selections: fields },
  };
  const query = stripIgnoredCharacters(print(narrowed));
  return { query, documentId: createHash('sha256').update(query).digest('base64url') };
}
