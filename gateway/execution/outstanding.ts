import { GraphQLError } from 'graphql';
import { commonPath, type Entity, type PathStep } from './response-path.ts';
import type { Run, Step } from './run.ts';

type Targets = readonly (readonly number[])[];
type Paths = readonly (readonly PathStep[])[];

/**
 * What an operation still has to fetch. The planner (2.14) sometimes puts a fetch before the one that gets what it
 * requires; its entities lack a field when their turn comes. They are asked for as soon as they are complete.
 */
export interface Outstanding {
  /** Remembers who has been asked for; `question` tells the fetch. */
  addAsked(question: object, entities: readonly Entity[], targets: Targets): void;
  /** Indices of those that the fetch has not asked for yet: `indices` themselves before anything was repeated. */
  withoutAsked(question: object, entities: readonly Entity[], indices: readonly number[] | undefined): readonly number[] | undefined;
  addIncomplete(paths: Paths): void;
  /** A subgraph did not know an entity: what others require of it will never come, and that is no fault. */
  addUnknown(): void;
  /** Asks for what was incomplete, as long as that makes anything complete. */
  settle(run: Run, entitySteps: readonly Step[]): Promise<void>;
}

interface Asked {
  readonly question: object;
  readonly entities: readonly Entity[];
  readonly targets: Targets;
}

export function createOutstanding(): Outstanding {
  const asked: Asked[] = [];
  let incomplete: Paths | null = null;
  let repeating = false;
  let unknown = false;
  return {
    addAsked: (question, entities, targets) => void asked.push({ question, entities, targets }),
    withoutAsked: (question, entities, indices) => (repeating ? omitAsked(asked, question, entities, indices) : indices),
    addIncomplete: (paths) => void (incomplete ??= paths),
    addUnknown: () => void (unknown = true),
    async settle(run, entitySteps) {
      repeating ||= incomplete !== null;
      for (let before = -1; incomplete !== null && asked.length > before; ) {
        before = asked.length;
        incomplete = null;
        for (const step of entitySteps) await step(run);
      }
      if (incomplete !== null && !unknown && run.errors.length === 0) run.errors.push(neverFetched(run, incomplete));
    },
  };
}

/** Built only when something has to be repeated. */
function omitAsked(asked: readonly Asked[], question: object, entities: readonly Entity[], indices: readonly number[] | undefined): readonly number[] {
  const known = new Set<Entity>();
  for (const one of asked) {
    if (one.question === question) for (const index of one.targets.flat()) known.add(one.entities[index] as Entity);
  }
  return (indices ?? [...entities.keys()]).filter((index) => !known.has(entities[index] as Entity));
}

/** Nobody failed and still something is missing: it must not look like a null of a subgraph. */
function neverFetched({ tree }: Run, paths: Paths): GraphQLError {
  const [path] = paths.map((steps) => commonPath(tree, steps)).filter(({ length }) => length > 0);
  return new GraphQLError('A part of this could not be asked for: the plan never fetched what its subgraph requires.', {
    ...(path ? { path } : {}),
    extensions: { code: 'INTERNAL' },
  });
}
