import {
  getNamedType, isAbstractType, isCompositeType, Kind, type FieldNode, type GraphQLCompositeType, type GraphQLObjectType, type SelectionSetNode,
} from 'graphql';
import type { CacheHint, CacheRules } from './cache-rules.ts';
import type { CacheScope } from './facts.ts';

/** How long, and for whom, a part of an answer may be kept. */
export interface Lifetime {
  /** Milliseconds; 0: not at all. */
  readonly maxAgeMs: number;
  readonly scope: CacheScope;
}

export const NOT_KEPT: Lifetime = { maxAgeMs: 0, scope: 'PUBLIC' };

/** The shortest lifetime met so far; infinite while none was stated. */
interface Tally {
  seconds: number;
  isPrivate: boolean;
}

/** What fields without a lifetime of their own get: entities' own leaves have none to inherit, those further in do. */
type Ground = 'UNSTATED' | 'INHERITED';

/** Apollo's convention: root fields and objects live 0 s unless they state more; leaves live as long as what they belong to. */
export function lifetimeOfRoot(rules: CacheRules, root: GraphQLObjectType, field: FieldNode): Lifetime {
  const tally: Tally = { seconds: Infinity, isPrivate: false };
  addOfEachType(rules, root, field, 'UNSTATED', tally);
  return settle(tally);
}

/** Of what a subgraph says of an entity of this type: its keys are in the question and put no limit to the answer. */
export function lifetimeOfEntity(rules: CacheRules, type: GraphQLObjectType, selection: SelectionSetNode): Lifetime {
  const tally: Tally = { seconds: Infinity, isPrivate: false };
  const hint = rules.hintOfType(type.name);
  if (hint) add(hint, tally);
  addSelection(rules, type, selection, Number.isFinite(tally.seconds) ? 'INHERITED' : 'UNSTATED', tally, type.name);
  return settle(tally);
}

/** What states nothing is not kept. */
const settle = ({ seconds, isPrivate }: Tally): Lifetime =>
  ({ maxAgeMs: Number.isFinite(seconds) ? seconds * 1000 : 0, scope: isPrivate ? 'PRIVATE' : 'PUBLIC' });

function add({ maxAge, isPrivate }: CacheHint, tally: Tally): void {
  if (maxAge !== null) tally.seconds = Math.min(tally.seconds, maxAge);
  if (isPrivate) tally.isPrivate = true;
}

function addSelection(rules: CacheRules, parent: GraphQLCompositeType, set: SelectionSetNode, ground: Ground, tally: Tally, entity: string | null): void {
  for (const selection of set.selections) {
    if (selection.kind === Kind.FIELD) {
      const isKey = entity !== null && rules.isKeyField(entity, selection.name.value) && !selection.selectionSet;
      if (!isKey && selection.name.value !== '__typename') addOfEachType(rules, parent, selection, ground, tally);
    } else if (selection.kind === Kind.INLINE_FRAGMENT) {
      const type = selection.typeCondition ? rules.schema.getType(selection.typeCondition.name.value) : parent;
      if (isCompositeType(type)) addSelection(rules, type, selection.selectionSet, ground, tally, entity);
      else tally.seconds = 0;
    } else {
      tally.seconds = 0;
    }
  }
}

/** Whatever type it turns out to be: the shortest of all it may be. A field nobody knows is not kept. */
function addOfEachType(rules: CacheRules, parent: GraphQLCompositeType, field: FieldNode, ground: Ground, tally: Tally): void {
  const owners = possibleTypes(rules, parent).filter((type) => type.getFields()[field.name.value] !== undefined);
  if (owners.length === 0) tally.seconds = 0;
  for (const type of owners) addField(rules, type, field, ground, tally);
}

const possibleTypes = ({ schema }: CacheRules, type: GraphQLCompositeType): readonly GraphQLObjectType[] =>
  isAbstractType(type) ? schema.getPossibleTypes(type) : [type as GraphQLObjectType];

function addField(rules: CacheRules, parent: GraphQLObjectType, { name, selectionSet }: FieldNode, ground: Ground, tally: Tally): void {
  const type = getNamedType(parent.getFields()[name.value]!.type);
  const composite = isCompositeType(type);
  const own = rules.hintOfField(parent.name, name.value);
  const ofType = composite ? rules.hintOfType(type.name) : null;
  for (const hint of [own, ofType]) if (hint?.isPrivate) tally.isPrivate = true;
  const stated = own?.maxAge ?? (own?.inherits ? null : (ofType?.maxAge ?? null));
  const inherits = own?.inherits === true || (own?.maxAge == null && ofType?.inherits === true);
  if (stated !== null) tally.seconds = Math.min(tally.seconds, stated);
  else if (ground === 'UNSTATED' || (composite && !inherits)) tally.seconds = 0;
  if (selectionSet && composite) addSelection(rules, type, selectionSet, 'INHERITED', tally, null);
}
