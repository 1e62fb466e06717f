import type { PlanNode, ResponsePath } from '@apollo/query-planner';
import { GraphQLError } from 'graphql';
import { compileFetch, type Step } from './fetch.ts';
import { compilePath } from './response-path.ts';
import type { TypeRelations } from './type-relations.ts';

/** Turns a plan into one function. `path` is where the node's results belong. */
export function compileStep(node: PlanNode, types: TypeRelations, path: ResponsePath = []): Step {
  switch (node.kind) {
    case 'Fetch':
      return compileFetch(node, compilePath(path), types);
    case 'Flatten':
      return compileStep(node.node, types, [...path, ...node.path]);
    case 'Sequence':
      return inSequence(node.nodes.map((child) => compileStep(child, types, path)));
    case 'Parallel':
      return inParallel(node.nodes.map((child) => compileStep(child, types, path)));
    case 'Condition': {
      const yes = node.ifClause ? compileStep(node.ifClause, types, path) : doNothing;
      const no = node.elseClause ? compileStep(node.elseClause, types, path) : doNothing;
      return (run) => (run.variables[node.condition] === true ? yes(run) : no(run));
    }
    default:
      throw new GraphQLError(`A plan with a ${node.kind} node cannot be executed.`);
  }
}

const doNothing: Step = () => undefined;

function inSequence(steps: readonly Step[]): Step {
  return async (run) => {
    for (const step of steps) await step(run);
  };
}

function inParallel(steps: readonly Step[]): Step {
  return async (run) => {
    await Promise.all(steps.map((step) => step(run)));
  };
}
