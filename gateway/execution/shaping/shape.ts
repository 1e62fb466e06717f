import {
  GraphQLError,
  isAbstractType,
  isEnumType,
  isInterfaceType,
  isListType,
  isNonNullType,
  isObjectType,
  type FieldNode,
  type GraphQLCompositeType,
  type GraphQLObjectType,
  type GraphQLOutputType,
} from 'graphql';
import { setOwn } from '../fetching/merge.ts';
import type { Entity } from '../fetching/response-path.ts';
import { collectFields, dependsOnType, type SelectionScope } from './selection-fields.ts';

/** What shaping one response needs to know and leaves behind. */
export interface ShapeRun {
  /** Response keys of the client, kept up to date while descending. */
  readonly path: (string | number)[];
  /** Nulls and values the schema does not allow, in the order they were met. */
  readonly violations: GraphQLError[];
  /** Places of fields that nothing was fetched for, the first few. */
  readonly missing: (readonly (string | number)[])[];
  /** Values of `__schema` and `__type` fields by tree key. */
  readonly introspection: Entity | null;
}

/** Of as many places is told that they are missing. */
const MAX_MISSING = 10;

/** Null is a value; `BROKEN` means a non-null position is null and the enclosing value must be. */
const BROKEN = Symbol('null in a non-null position');
type Shaped = unknown;
type Shaper = (value: unknown, run: ShapeRun) => Shaped;

interface FieldProgram {
  /** Key in the fetched tree. */
  readonly key: string;
  /** Key in the response. */
  readonly responseKey: string;
  /** Null for `__typename`. */
  readonly shape: Shaper | null;
  readonly introspection: boolean;
}

/** Compiles a selection into a function from the fetched tree to `data`, which is null when nulls reach the root. */
export function compileShape(
  scope: SelectionScope,
  root: GraphQLObjectType,
  selections: Selections,
): (tree: Entity, run: ShapeRun) => Entity | null {
  const program = compileFields(scope, root, selections);
  return (tree, run) => {
    const data = shapeFields(program, tree, root.name, run);
    return data === BROKEN ? null : (data as Entity);
  };
}

type Selections = readonly FieldNode['selectionSet'][];
type Program = readonly FieldProgram[];

function compileFields(scope: SelectionScope, type: GraphQLCompositeType, selections: Selections): Program {
  return [...collectFields(scope, type, selections)].map(([key, nodes]) => {
    const name = nodes[0]!.name.value;
    const introspection = name === '__schema' || name === '__type';
    const field = name === '__typename' || introspection || !('getFields' in type) ? undefined : type.getFields()[name];
    return {
      key,
      responseKey: scope.restore(key),
      introspection,
      shape: field ? compileType(scope, field.type, nodes, `${type.name}.${name}`) : null,
    };
  });
}

function compileType(scope: SelectionScope, type: GraphQLOutputType, nodes: readonly FieldNode[], label: string): Shaper {
  if (isNonNullType(type)) return nonNull(compileType(scope, type.ofType, nodes, label), label);
  if (isListType(type)) return list(compileType(scope, type.ofType, nodes, label), label);
  if (isEnumType(type)) return enumValue(new Set(type.getValues().map(({ name }) => name)), label);
  if (isObjectType(type) || isAbstractType(type)) return composite(scope, type, nodes, label);
  return (value) => value ?? null;
}

function nonNull(inner: Shaper, label: string): Shaper {
  return (value, run) => {
    const known = run.violations.length;
    const shaped = inner(value, run);
    if (shaped !== null) return shaped;
    if (run.violations.length === known) reportViolation(run, `Cannot return null for non-nullable field ${label}.`);
    return BROKEN;
  };
}

function list(element: Shaper, label: string): Shaper {
  return (value, run) => {
    if (value === null || value === undefined) return null;
    if (!Array.isArray(value)) return reportViolation(run, `Expected a list for field ${label}.`);
    const shaped: unknown[] = new Array(value.length);
    let broken = false;
    for (let index = 0; index < value.length; index++) {
      run.path.push(index);
      const item = element(value[index], run);
      run.path.pop();
      if (item === BROKEN) broken = true;
      shaped[index] = item;
    }
    return broken ? null : shaped;
  };
}

/** A value the client's schema does not list (for example one that is @inaccessible) must not leave the gateway. */
function enumValue(values: ReadonlySet<string>, label: string): Shaper {
  return (value, run) => {
    if (value === null || value === undefined) return null;
    return values.has(value as string) ? value : reportViolation(run, `Invalid value found for field ${label}.`);
  };
}

function composite(scope: SelectionScope, type: GraphQLCompositeType, nodes: readonly FieldNode[], label: string): Shaper {
  const selections = nodes.map(({ selectionSet }) => selectionSet);
  const fixed = isObjectType(type) ? compileFields(scope, type, selections) : null;
  const byType = new Map<string, Program | null>();
  const programOf = (typename: string): Program | null => {
    let program = byType.get(typename);
    if (program === undefined) {
      const runtime = scope.schema.getType(typename);
      const known = isObjectType(runtime) || (isInterfaceType(runtime) && !dependsOnType(scope, runtime, selections));
      program = known ? compileFields(scope, runtime, selections) : null;
      byType.set(typename, program);
    }
    return program;
  };
  return (value, run) => {
    if (value === null || value === undefined) return null;
    if (typeof value !== 'object' || Array.isArray(value)) return reportViolation(run, `Expected an object for field ${label}.`);
    const given = (value as Entity)['__typename'];
    const typename = fixed || typeof given !== 'string' ? type.name : given;
    const program = fixed ?? programOf(typename);
    if (!program) return reportViolation(run, `The type of the object at field ${label} is not known.`);
    const shaped = shapeFields(program, value as Entity, typename, run);
    return shaped === BROKEN ? null : shaped;
  };
}

function shapeFields(program: Program, source: Entity, typename: string, run: ShapeRun): Entity | typeof BROKEN {
  const target: Entity = {};
  let broken = false;
  for (const field of program) {
    const { key, responseKey, shape } = field;
    if (shape === null) {
      setOwn(target, responseKey, field.introspection ? run.introspection?.[key] : typename);
      continue;
    }
    run.path.push(responseKey);
    const value = source[key];
    if (value === undefined && run.missing.length < MAX_MISSING) run.missing.push([...run.path]);
    const shaped = shape(value, run);
    run.path.pop();
    if (shaped === BROKEN) broken = true;
    else setOwn(target, responseKey, shaped);
  }
  return broken ? BROKEN : target;
}

function reportViolation(run: ShapeRun, message: string): null {
  run.violations.push(new GraphQLError(message, { path: [...run.path], extensions: { code: 'UPSTREAM_MALFORMED' } }));
  return null;
}
