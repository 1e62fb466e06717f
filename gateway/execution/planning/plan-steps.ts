import type { FetchNode, PlanNode, ResponsePath } from '@apollo/query-planner';
import { GraphQLError } from 'graphql';
import { compileEntityFetches, type EntityFetch } from '../fetching/entity-fetch.ts';
import { isJoinable } from '../fetching/entity-requests.ts';
import { compilePath } from '../fetching/response-path.ts';
import { compileRootFetch } from '../fetching/root-fetch.ts';
import type { Step } from '../fetching/run.ts';
import type { TypeRelations } from './type-relations.ts';

export interface StepOptions {
  readonly types: TypeRelations;
  /** Whether entity fetches of one subgraph that may run at the same time share a request. */
  readonly mergeParallelFetches: boolean;
  /** Collects the steps that may be repeated, in the order of the plan. */
  readonly entitySteps: Step[];
}

/** Turns a plan into one function. `path` is where the node's results belong. */
export function compileStep(node: PlanNode, options: StepOptions, path: ResponsePath = []): Step {
  switch (node.kind) {
    case 'Fetch':
      return compileFetch(node, options, path);
    case 'Flatten':
      return compileStep(node.node, options, [...path, ...node.path]);
    case 'Sequence':
      return inSequence(node.nodes.map((child) => compileStep(child, options, path)));
    case 'Parallel':
      return compileParallel(node.nodes, options, path);
    case 'Condition': {
      const yes = node.ifClause ? compileStep(node.ifClause, options, path) : doNothing;
      const no = node.elseClause ? compileStep(node.elseClause, options, path) : doNothing;
      return (run) => (run.variables[node.condition] === true ? yes(run) : no(run));
    }
    default:
      throw new GraphQLError(`A plan with a ${node.kind} node cannot be executed.`);
  }
}

function compileFetch(node: FetchNode, options: StepOptions, path: ResponsePath): Step {
  const steps = compilePath(path);
  return node.requires ? compileEntities([{ node, path: steps }], options) : compileRootFetch(node, steps, options.types);
}

function compileEntities(fetches: readonly EntityFetch[], { types, entitySteps }: StepOptions): Step {
  const step = compileEntityFetches(fetches, types);
  entitySteps.push(step);
  return step;
}

/** A branch of a Parallel that begins with an entity fetch which may share its request. */
interface Branch {
  readonly fetch: FetchNode;
  readonly path: ResponsePath;
  /** What waits for it. */
  readonly rest: readonly PlanNode[];
}

function compileParallel(nodes: readonly PlanNode[], options: StepOptions, path: ResponsePath): Step {
  const steps: Step[] = [];
  const branches = new Map<string, Branch[]>();
  for (const node of nodes.flatMap(spread)) {
    const branch = options.mergeParallelFetches ? readBranch(node, path) : null;
    if (!branch) {
      steps.push(compileStep(node, options, path));
      continue;
    }
    const { serviceName } = branch.fetch;
    branches.set(serviceName, [...(branches.get(serviceName) ?? []), branch]);
  }
  for (const group of branches.values()) steps.push(compileBranches(group, options, path));
  return inParallel(steps);
}

/** What a Parallel in a Parallel starts, it starts at the same time. */
function spread(node: PlanNode): readonly PlanNode[] {
  if (node.kind === 'Parallel') return node.nodes.flatMap(spread);
  return node.kind === 'Sequence' && node.nodes.length === 1 ? spread(node.nodes[0]!) : [node];
}

function readBranch(node: PlanNode, path: ResponsePath): Branch | null {
  switch (node.kind) {
    case 'Fetch':
      return isJoinable(node) ? { fetch: node, path, rest: [] } : null;
    case 'Flatten':
      // A sequence at a place would have to take its place along.
      return node.node.kind === 'Sequence' ? null : readBranch(node.node, [...path, ...node.path]);
    case 'Sequence': {
      const [head, ...rest] = node.nodes;
      const branch = head ? readBranch(head, path) : null;
      return branch && { ...branch, rest: [...branch.rest, ...rest] };
    }
    default:
      return null;
  }
}

/** Branches of one subgraph share their first request; what waits for it runs in parallel, and shares again. */
function compileBranches(branches: readonly Branch[], options: StepOptions, path: ResponsePath): Step {
  const fetches = branches.map(({ fetch: node, path: place }) => ({ node, path: compilePath(place) }));
  const first = compileEntities(fetches, options);
  const rests = branches.filter(({ rest }) => rest.length > 0).map(({ rest }): PlanNode => ({ kind: 'Sequence', nodes: [...rest] }));
  return rests.length === 0 ? first : inSequence([first, compileParallel(rests, options, path)]);
}

const doNothing: Step = () => undefined;

function inSequence(steps: readonly Step[]): Step {
  return async (run) => {
    for (const step of steps) await step(run);
  };
}

function inParallel(steps: readonly Step[]): Step {
  const [only] = steps;
  if (only && steps.length === 1) return only;
  return async (run) => {
    await Promise.all(steps.map((step) => step(run)));
  };
}
