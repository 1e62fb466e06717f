import type { FetchNode, QueryPlanFieldNode, QueryPlanSelectionNode } from '@apollo/query-planner';
import type { Entity } from './response-path.ts';
import { compileRewrites } from './rewrites.ts';
import type { TypeRelations } from '../planning/type-relations.ts';

/** What goes to `_entities`, and which entities wait for each answer. */
export interface RepresentationBatch {
  readonly representations: readonly Entity[];
  /** `targets[i]` are indices of the entities that `representations[i]` stands for. */
  readonly targets: readonly (readonly number[])[];
  /** Whether an entity of the right type lacked something required. */
  readonly incomplete: boolean;
}

/** `indices`: the entities that are asked for; all where absent. */
export type Represent = (entities: readonly Entity[], indices?: readonly number[]) => RepresentationBatch;

/** Copies selected fields of `source` into `target`; false when one of them was never fetched. */
type Selector = (source: Entity, target: Entity) => boolean;

/**
 * Compiles `requires` into a function from entities to a batch. Equal representations are sent once. An entity that
 * lacks a required field (its subgraph was down, or the plan has not fetched it yet) is left out, like one of another type.
 */
export function compileRepresentations(node: FetchNode, types: TypeRelations): Represent {
  const represent = compileRepresentation(node.requires ?? [], types);
  const rewrite = compileRewrites(node.inputRewrites, types);
  return (entities, indices) => {
    const representations: Entity[] = [];
    const targets: number[][] = [];
    const seen = new Map<string, number[]>();
    let incomplete = false;
    const count = indices?.length ?? entities.length;
    for (let place = 0; place < count; place++) {
      const index = indices ? (indices[place] as number) : place;
      const representation = represent(entities[index] as Entity);
      if (representation === INCOMPLETE) incomplete = true;
      if (typeof representation?.['__typename'] !== 'string') continue;
      rewrite?.(representation, undefined);
      const identity = JSON.stringify(representation);
      const known = seen.get(identity);
      if (known) {
        known.push(index);
        continue;
      }
      const waiting = [index];
      seen.set(identity, waiting);
      representations.push(representation);
      targets.push(waiting);
    }
    return { representations, targets, incomplete };
  };
}

/** Stands for an entity that cannot be asked for. */
const INCOMPLETE: Entity = Object.freeze({});

/** Null for an entity of another type. What a subgraph requires it gets as a whole or not at all. */
function compileRepresentation(
  selections: readonly QueryPlanSelectionNode[],
  types: TypeRelations,
): (entity: Entity) => Entity | null {
  const parts = selections.map((selection) => ({
    condition: selection.kind === 'InlineFragment' ? selection.typeCondition : undefined,
    select: compileSelector(selection.kind === 'InlineFragment' ? selection.selections : [selection], types),
  }));
  return (entity) => {
    let representation: Entity | null = null;
    for (const { condition, select } of parts) {
      if (!isOfType(entity, condition, types)) continue;
      representation ??= {};
      if (!select(entity, representation)) return INCOMPLETE;
    }
    return representation;
  };
}

function compileSelector(selections: readonly QueryPlanSelectionNode[], types: TypeRelations): Selector {
  const parts = selections.map((selection): Selector => {
    if (selection.kind === 'Field') return compileField(selection, types);
    const select = compileSelector(selection.selections, types);
    return (source, target) => !isOfType(source, selection.typeCondition, types) || select(source, target);
  });
  return (source, target) => {
    for (const part of parts) if (!part(source, target)) return false;
    return true;
  };
}

function isOfType(entity: Entity, condition: string | undefined, types: TypeRelations): boolean {
  if (condition === undefined) return true;
  const typename = entity['__typename'];
  return typeof typename === 'string' && types.isSubtype(typename, condition);
}

/** A repaired plan (plan-repair.ts) reads a value under its alias and sends it under its name. */
function compileField({ name, alias, selections }: QueryPlanFieldNode, types: TypeRelations): Selector {
  const key = alias ?? name;
  const select = selections?.length ? compileSelector(selections, types) : null;
  return (source, target) => {
    const value = Object.hasOwn(source, key) ? source[key] : undefined;
    const picked = select ? pick(value, target[name], select) : value;
    if (picked === undefined) return false;
    target[name] = picked;
    return true;
  };
}

/** Looks through lists; `earlier` is what another selection of the same field has picked already. */
function pick(value: unknown, earlier: unknown, select: Selector): unknown {
  if (value === null || typeof value !== 'object') return value;
  if (!Array.isArray(value)) {
    const picked: Entity = { ...(earlier as Entity | undefined) };
    return select(value as Entity, picked) ? picked : undefined;
  }
  const list: unknown[] = [];
  for (let index = 0; index < value.length; index++) {
    const picked = pick(value[index], Array.isArray(earlier) ? earlier[index] : undefined, select);
    if (picked === undefined) return undefined;
    list.push(picked);
  }
  return list;
}
