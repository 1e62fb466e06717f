import { GraphQLError, type ExecutionResult } from 'graphql';
import type { OperationPlan, OperationView } from '../planning/operation-plan.ts';
import type { Entity } from '../fetching/response-path.ts';
import type { Run } from '../fetching/run.ts';
import type { ShapeRun } from './shape.ts';

/** The client's answer from a finished run. */
export function answerRun(
  plan: OperationPlan,
  view: OperationView,
  run: Run,
  rawVariables: Readonly<Record<string, unknown>>,
  reportSubrequests: boolean,
): ExecutionResult<Entity> {
  const shaping: ShapeRun = { path: [], violations: [], missing: [], introspection: view.introspect?.(rawVariables) ?? null };
  const data = view.shape(run.tree, shaping);
  const reported = run.errors.map((error) => restorePath(error, plan));
  const errors = [...reported, ...shaping.violations.filter((violation) => !isExplained(violation, reported))];
  if (errors.length === 0 && !run.outstanding.hasUnknown()) errors.push(...shaping.missing.map(neverFetched));
  const extensions = reportSubrequests
    ? { subrequests: [...run.subrequests].map(([service, count]) => ({ service, count })) }
    : undefined;
  return { ...(errors.length > 0 ? { errors } : {}), data, ...(extensions ? { extensions } : {}) };
}

/** Nobody failed and still there is no value: that must not look like a null of a subgraph. */
function neverFetched(path: readonly (string | number)[]): GraphQLError {
  return new GraphQLError('This field was not fetched: its subgraph left it out, or the plan never got what it requires.', {
    path,
    extensions: { code: 'INTERNAL' },
  });
}

/** A null that an error already accounts for (above it, at it or below it) is not an error of its own. */
function isExplained({ path = [] }: GraphQLError, reported: readonly GraphQLError[]): boolean {
  return reported.some(({ path: other }) => {
    if (!other) return true;
    const length = Math.min(path.length, other.length);
    for (let index = 0; index < length; index++) if (path[index] !== other[index]) return false;
    return true;
  });
}

/** What the plan fetched for itself is nothing the client selected: the error belongs to the object that has it. */
function cutPath(path: GraphQLError['path'], { isInternal }: OperationPlan): GraphQLError['path'] {
  const end = path?.findIndex((part) => typeof part === 'string' && isInternal(part)) ?? -1;
  return end < 0 ? path : path?.slice(0, end);
}

function restorePath(error: GraphQLError, plan: OperationPlan): GraphQLError {
  const path = cutPath(error.path, plan)?.map((part) => (typeof part === 'string' ? plan.restore(part) : part));
  if (!path || (path.length === error.path?.length && path.every((part, index) => part === error.path?.[index]))) return error;
  return new GraphQLError(error.message, { path, extensions: error.extensions, originalError: error.originalError ?? null });
}
